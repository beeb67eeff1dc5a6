"""The schematic map: outlines in WGS-84 become paths in one drawing. Pure.

The drawing is made on the server, so the map is there without a script, prints, and takes its colours from the
page. Distances are small (a district), so a plain equirectangular projection about the middle is exact enough.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

METRES_PER_DEGREE = 111_320.0
STEPS = 14  # of the grid on which a label looks for room
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
    """One outline in the drawing: an SVG path, where its label stands and how it leans, its left and upper edge."""

    path: str
    x: float
    y: float
    lean: float  # degrees
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
        return Shape("", 0.0, 0.0, 0.0, 0.0, 0.0)
    (x, y), lean = (_roomiest(drawn[0]), 0.0) if closed else _halfway(drawn[0])
    return Shape(path, x, y, lean, min(x for x, _ in corners), min(y for _, y in corners))


def _path(ring: list[Point], closed: bool) -> str:
    points = ring[:-1] if closed and len(ring) > 1 and ring[0] == ring[-1] else ring
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def _halfway(line: list[Point]) -> tuple[Point, float]:
    """The middle of a line's middle stretch, and the angle of text along it, never upside down."""
    half = len(line) // 2
    (x1, y1), (x2, y2) = line[max(half - 1, 0)], line[half]
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    return ((x1 + x2) / 2, (y1 + y2) / 2), angle - math.copysign(180, angle) if abs(angle) > 90 else angle


def _roomiest(ring: list[Point]) -> Point:
    """The point of a coarse grid inside the outline that is farthest from its edges: a number fits there, in a court
    or a corner building too, where the centroid lies outside."""
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    north, south = min(p[1] for p in ring), max(p[1] for p in ring)
    middle = ((west + east) / 2, (north + south) / 2)
    best, room = middle, -math.inf
    for column in range(1, STEPS):
        for row in range(1, STEPS):
            x, y = west + (east - west) * column / STEPS, north + (south - north) * row / STEPS
            if _inside(x, y, edges):
                free = (
                    min(_distance(x, y, *edge) for edge in edges) - math.dist((x, y), middle) / 100
                )  # ties: the middle
                if free > room:
                    best, room = (x, y), free
    return best


def _inside(x: float, y: float, edges: list[tuple[Point, Point]]) -> bool:
    crossed = False
    for (x1, y1), (x2, y2) in edges:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def _distance(x: float, y: float, start: Point, end: Point) -> float:
    """From a point to a line between two points."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x * along_x + along_y * along_y
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
