"""GeoJSON (RFC 7946): longitude before latitude, WGS-84, rings that close."""

from typing import Any

from kaimen.packs import words
from kaimen.packs.problems import Wrong

Path = tuple[str | int, ...]
_DEPTH = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}


def schema(*, identified: bool, kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON Schema of a feature collection.

    `identified`: each feature has an `id`. `kinds`: what its property `kind` may be. Coordinates are left to `checked`.
    """
    feature: dict[str, Any] = {
        "type": "object",
        "required": ["type", "geometry", "properties", *(["id"] if identified else [])],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": ["string", "integer"]},
            "geometry": {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {"type": {"enum": list(_DEPTH)}},
            },
            "properties": {"type": "object"},
        },
    }
    if kinds:
        feature["properties"]["properties"] = {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(kinds)}, "title": words.SCHEMA},
        }
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
            "note": words.SCHEMA,  # a foreign member: whose outlines these are
        },
    }


def checked(geometry: dict[str, Any], path: Path) -> dict[str, Any]:
    """The geometry, once its coordinates are sound. Raises Wrong."""
    sort = geometry["type"]
    _sound(geometry["coordinates"], _DEPTH[sort], sort.endswith("Polygon"), path)
    return geometry


def _sound(node: Any, depth: int, rings: bool, path: Path) -> None:
    if not isinstance(node, list) or not node:
        raise Wrong("coordinates that do not fit their type", "See RFC 7946, section 3.1", path)
    if depth == 0:
        _position(node, path)
        return
    if depth == 1 and rings and (len(node) < 4 or node[0] != node[-1]):
        raise Wrong("a ring that does not close", "Repeat the first of at least three positions at the end", path)
    for below in node:
        _sound(below, depth - 1, rings, path)


def _position(node: list[Any], path: Path) -> None:
    if len(node) < 2 or not all(isinstance(n, int | float) for n in node):
        raise Wrong(f"a position {str(node)[:40]}", "A position is [longitude, latitude]", path)
    if not (-180 <= node[0] <= 180 and -90 <= node[1] <= 90):
        raise Wrong(f"a position {str(node)[:40]}", "Longitude stands first, then latitude, in degrees (WGS-84)", path)
