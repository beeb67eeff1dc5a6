"""What the map shows beneath the buildings: sea, coast, parks, roads (map/*.geojson)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kaimen.packs import Found, Kind, Words, geojson, kind

KINDS = ("land", "sea", "coast", "park", "road")


@dataclass(frozen=True)
class MapFeature:
    """One thing to draw, from the lowest up."""

    kind: str
    geometry: dict[str, Any]
    title: Words | None


@dataclass(frozen=True)
class BaseMap:
    """An underlay, and the note that says whose it is (示意图，非权威界线)."""

    slug: str
    features: tuple[MapFeature, ...]
    note: Words | None


def _parse(found: Found) -> Iterable[BaseMap]:
    features = []
    for index, feature in enumerate(found.data["features"]):
        about = feature["properties"]
        title = Words.of(about["title"]) if "title" in about else None
        geometry = geojson.checked(feature["geometry"], ("features", index, "geometry"))
        features.append(MapFeature(about["kind"], geometry, title))
    note = found.data.get("note")
    yield BaseMap(found.slug, tuple(features), Words.of(note) if note else None)


BASE_MAP = kind(
    Kind(
        name="base-map",
        pattern="map/*.geojson",
        parse=_parse,
        schema=geojson.schema(identified=False, kinds=KINDS),
    )
)
