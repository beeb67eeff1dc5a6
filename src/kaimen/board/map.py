"""The schematic map: outlines in WGS-84 become paths in one drawing. Pure.

The drawing is made on the server, so the map is there without a script, prints, and takes its colours from the
page. Distances are small (a district), so a plain equirectangular projection about the middle is exact enough.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

METRES_PER_DEGREE = 111_320.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """The drawing's view box, in metres."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    width: float
    height: float

    def point(self, longitude: float, latitude: float) -> Point:
        """Where a place lies in the drawing: metres from its north-west corner."""
        return ((longitude - self.west) * self.scale_x, (self.north - latitude) * self.scale_y)


@dataclass(frozen=True)
class Shape:
    """One outline in the drawing: an SVG path, its middle, its left and upper edge."""

    path: str
    x: float
    y: float
    left: float
    top: float


def frame(outlines: Iterable[Any], margin: float = 0.03) -> Frame | None:
    """A frame around GeoJSON geometries, with a margin (a share of the larger side). None when there are none."""
    points = [point for outline in outlines if outline for ring in rings(outline) for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale_x = METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    width, height = (east - west) * scale_x, (north - south) * METRES_PER_DEGREE
    edge = max(width, height, 1.0) * margin
    return Frame(
        west - edge / scale_x, north + edge / METRES_PER_DEGREE, scale_x, METRES_PER_DEGREE,
        width + 2 * edge, height + 2 * edge,
    )  # fmt: skip


def rings(geometry: Any) -> list[list[Point]]:
    """The lines of a GeoJSON Polygon, MultiPolygon, LineString or MultiLineString; holes count as rings."""
    coordinates = geometry.get("coordinates", [])
    match geometry.get("type"):
        case "LineString":
            return [coordinates]
        case "Polygon" | "MultiLineString":
            return list(coordinates)
        case "MultiPolygon":
            return [ring for polygon in coordinates for ring in polygon]
        case "Point":
            return [[coordinates]]
    return []


def shape(geometry: Any, within: Frame) -> Shape:
    """Draw a geometry."""
    drawn = [[within.point(*point[:2]) for point in ring] for ring in rings(geometry)]
    closed = geometry.get("type") in ("Polygon", "MultiPolygon")
    path = "".join(_path(ring, closed) for ring in drawn)
    corners = [corner for ring in drawn for corner in ring]
    if not corners:
        return Shape("", 0.0, 0.0, 0.0, 0.0)
    return Shape(path, *_middle(drawn[0]), min(x for x, _ in corners), min(y for _, y in corners))


def _path(ring: list[Point], closed: bool) -> str:
    points = ring[:-1] if closed and len(ring) > 1 and ring[0] == ring[-1] else ring
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def _middle(ring: list[Point]) -> Point:
    """The centroid of a ring (shoelace); of a line or a point, the mean of its points."""
    doubled = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        doubled += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    if abs(doubled) < 1e-6:
        return (sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring))
    return x / (3 * doubled), y / (3 * doubled)
