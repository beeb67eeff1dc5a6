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
WIDTH = 1600.0  # of every drawing, in its own units
MARGIN = 0.03  # of the outlines' extent, on each side
SHORTEST = 400.0  # metres: one building is shown in its street
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """The drawing's view box. Always `WIDTH` wide, so that letters have one size however much is shown."""

    west: float
    north: float
    scale_x: float  # units for a degree of longitude
    scale_y: float
    width: float
    height: float

    def point(self, longitude: float, latitude: float) -> Point:
        """Where a place lies in the drawing, from its north-west corner."""
        return ((longitude - self.west) * self.scale_x, (self.north - latitude) * self.scale_y)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the drawing is to be seen."""
        return 0 <= x <= self.width and 0 <= y <= self.height


@dataclass(frozen=True)
class Shape:
    """One outline in the drawing: an SVG path, where its label stands and how it leans, its left and upper edge."""

    path: str
    label: Point | None  # None where no room for one is to be seen
    lean: float  # degrees
    left: float
    top: float


def frame(outlines: Iterable[Any]) -> Frame | None:
    """A frame around GeoJSON geometries, with a margin, `SHORTEST` metres wide at least. None when there are none."""
    points = [point for outline in outlines if outline for ring in rings(outline) for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    metres_x = METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * metres_x, (north - south) * METRES_PER_DEGREE
    edge_x = max(wide * MARGIN, (SHORTEST - wide) / 2)
    edge_y = max(high * MARGIN, (SHORTEST * 0.6 - high) / 2)
    unit = WIDTH / (wide + 2 * edge_x)
    return Frame(
        west - edge_x / metres_x, north + edge_y / METRES_PER_DEGREE, metres_x * unit, METRES_PER_DEGREE * unit,
        WIDTH, (high + 2 * edge_y) * unit,
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
        return Shape("", None, 0.0, 0.0, 0.0)
    label, lean = (_roomiest(drawn[0], within), 0.0) if closed else _halfway(drawn[0])
    if label is not None and not within.holds(*label):
        label = None
    return Shape(path, label, lean, min(x for x, _ in corners), min(y for _, y in corners))


def _path(ring: list[Point], closed: bool) -> str:
    points = ring[:-1] if closed and len(ring) > 1 and ring[0] == ring[-1] else ring
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def _halfway(line: list[Point]) -> tuple[Point, float]:
    """The middle of a line's middle stretch, and the angle of text along it, never upside down."""
    half = len(line) // 2
    (x1, y1), (x2, y2) = line[max(half - 1, 0)], line[half]
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    return ((x1 + x2) / 2, (y1 + y2) / 2), angle - math.copysign(180, angle) if abs(angle) > 90 else angle


def _roomiest(ring: list[Point], within: Frame) -> Point | None:
    """The point farthest from the edges, of a coarse grid over what is to be seen of an outline.

    A number fits there also in a court or a corner building, where the centroid lies outside; and the sea, of which
    the drawing shows a corner, has its name in that corner.
    """
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    west, east = max(0.0, min(p[0] for p in ring)), min(within.width, max(p[0] for p in ring))
    north, south = max(0.0, min(p[1] for p in ring)), min(within.height, max(p[1] for p in ring))
    middle = ((west + east) / 2, (north + south) / 2)
    best, most = None, -math.inf
    for column in range(1, STEPS):
        for row in range(1, STEPS):
            x, y = west + (east - west) * column / STEPS, north + (south - north) * row / STEPS
            if not _inside(x, y, edges):
                continue
            room = min(_distance(x, y, *edge) for edge in edges)
            room = (
                min(room, x, within.width - x, y, within.height - y) - math.dist((x, y), middle) / 100
            )  # ties: middle
            if room > most:
                best, most = (x, y), room
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
