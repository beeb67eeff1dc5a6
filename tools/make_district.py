"""Draws the made-up street of packs/qingdao-2020: 37 groups, 111 buildings, a coast. Same run, same files.

    .venv/bin/python -m tools.make_district

No building, group, road or outline here is real. Lengths are metres east and north of ORIGIN, written as WGS-84.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.district import names
from tools.district.shapes import COAST, COLUMNS, CROSS_STREETS, FOOTPRINTS, PLAN, ROWS, STREETS, Point

PACK = Path(__file__).resolve().parents[1] / "packs" / "qingdao-2020"
STREET = "370212005"
ORIGIN = (120.4600, 36.0900)
NOTE = {
    "zh-Hans": "示意图，非权威界线。楼宇、网格组、道路与海岸均为虚构。",
    "en": "A sketch, no authoritative boundary. Buildings, groups, roads and the coast are fictional.",
}
Ring = list[Point]

FAR = (2100, -1500)  # closes the sea


@dataclass(frozen=True)
class Block:
    """One cell of the plan: what it holds, and its corners in the plan's own coordinates."""

    sort: str
    row: int
    column: int
    west: float
    north: float
    east: float
    south: float

    def at(self, u: float, v: float) -> Point:
        """A point of the block, 0 … 1 from its north-west corner."""
        return warp(self.west + u * (self.east - self.west), self.north + v * (self.south - self.north))

    def ring(self, inset: float = 0.0) -> Ring:
        """Its outline, points along the sides so that it bends with the streets."""
        a, b = -inset, 1 + inset
        corners = [(a, a), (0.5, a), (b, a), (b, 0.5), (b, b), (0.5, b), (a, b), (a, 0.5)]
        return [self.at(u, v) for u, v in corners]


def warp(x: float, y: float) -> Point:
    """Plan → ground: the streets climb to the east and fan out a little toward the shore."""
    x, y = x - 1130, y - 740
    turn = math.radians(7.5 + x * 0.0018 - y * 0.0012)
    bow = 26 * math.sin(x / 620)
    return (x * math.cos(turn) + y * math.sin(turn) - 140, x * math.sin(turn) - y * math.cos(turn) + bow + 60)


def blocks() -> list[Block]:
    """Every cell that is not sea, row by row from the north-west."""
    result = []
    for row, cells in enumerate(PLAN):
        for column, sort in enumerate(cells):
            if sort == "~" or (sort == "P" and cells[column - 1] == "P"):
                continue
            last = column + (sort == "P")
            west, north = sum(COLUMNS[:column]) + sum(STREETS[:column]), sum(ROWS[:row]) + sum(CROSS_STREETS[:row])
            east = sum(COLUMNS[: last + 1]) + sum(STREETS[:last])
            result.append(Block(sort, row, column, west, north, east, north + ROWS[row]))
    return result


def pick(label: str, choices: int) -> int:
    """A number below `choices`, the same for the same label on every machine."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:4]) % choices


def footprints(block: Block, number: int) -> list[Ring]:
    """The three buildings of a group: a pattern, mirrored so that neighbours differ."""
    pattern = FOOTPRINTS[(number * 3 + block.row * 2) % len(FOOTPRINTS)]
    mirrored, flipped = pick(f"mirror {number}", 2), pick(f"flip {number}", 2)

    def place(u: float, v: float) -> Point:
        u, v = 0.09 + 0.82 * u, 0.11 + 0.78 * v
        return block.at(1 - u if mirrored else u, 1 - v if flipped else v)

    rings = [[place(u, v) for u, v in ring] for ring in pattern]
    return [ring[::-1] if area(ring) < 0 else ring for ring in rings]


def area(ring: Ring) -> float:
    """The signed area, positive when the ring runs anticlockwise (RFC 7946)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def smooth(points: list[Point], steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_catmull(ax, bx, cx, dx, t), _catmull(ay, by, cy, dy, t)))
    return [*curve, points[-1]]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    bend, twist = 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
    return 0.5 * (2 * b + (c - a) * t + bend * t * t + twist * t * t * t)


def degrees(point: Point) -> list[float]:
    """Metres → [longitude, latitude]; six places are ten centimetres."""
    latitude = ORIGIN[1] + point[1] / 111_132
    return [round(ORIGIN[0] + point[0] / (111_320 * math.cos(math.radians(ORIGIN[1]))), 6), round(latitude, 6)]


def polygon(ring: Ring) -> dict[str, Any]:
    """GeoJSON, closed and anticlockwise."""
    ring = ring if area(ring) > 0 else ring[::-1]
    return {"type": "Polygon", "coordinates": [[degrees(point) for point in [*ring, ring[0]]]]}


def line(points: list[Point]) -> dict[str, Any]:
    """GeoJSON of a line."""
    return {"type": "LineString", "coordinates": [degrees(point) for point in points]}


def feature(geometry: dict[str, Any], id_: str | None = None, **about: Any) -> dict[str, Any]:
    """One GeoJSON feature."""
    return {"type": "Feature", **({"id": id_} if id_ else {}), "properties": about, "geometry": geometry}


def doors(ring: Ring, number: int) -> list[tuple[str, Point]]:
    """One or two doors, in the middle of the longest walls that face different ways: (side, where)."""
    walls = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    walls.sort(key=lambda wall: -math.dist(*wall))
    found: dict[str, Point] = {}
    for (x1, y1), (x2, y2) in walls:
        side = _facing(x2 - x1, y2 - y1)
        found.setdefault(side, ((x1 + x2) / 2, (y1 + y2) / 2))
    return list(found.items())[: 2 if area(ring) > 13500 else 1]


def _facing(dx: float, dy: float) -> str:
    """Which way a wall of an anticlockwise ring looks: to the right of its run."""
    quarter = round(math.degrees(math.atan2(-dx, dy)) / 90) % 4
    return ("east", "north", "west", "south")[quarter]


def base_map(cells: list[Block]) -> Iterator[dict[str, Any]]:
    """What the map shows beneath the buildings, from the lowest up."""
    shore = smooth(COAST)
    yield feature(polygon([(-1750, 1250), (2100, 1250), (2100, -1500), (-1750, -1500)]), kind="land")
    yield feature(polygon([*shore, FAR]), kind="sea", title=names.words(names.SEA))
    for block in cells:
        if block.sort != "#":
            yield feature(polygon(block.ring()), kind="park", title=names.words(names.OPEN[block.sort]))
    for title, points in roads():
        yield feature(line(points), kind="road", title=names.words(title))
    yield feature(line(shore), kind="coast")
    yield feature(line([(795, -168), (1010, -262), (1060, -205)]), kind="coast")  # the mole


def roads() -> Iterator[tuple[names.Name, list[Point]]]:
    """The named roads, along the gaps between blocks."""
    for row, title in names.CROSS_ROADS.items():
        y = sum(ROWS[: row + 1]) + sum(CROSS_STREETS[:row]) + CROSS_STREETS[row] / 2
        yield title, [warp(x, y) for x in range(-120, (2420, 2420, 2420, 2010, 1720)[row], 160)]
    for column, title in names.ROADS.items():
        x = sum(COLUMNS[: column + 1]) + sum(STREETS[:column]) + STREETS[column] / 2
        yield title, [warp(x, y) for y in range(-100, (1660, 1640, 1640, 1580, 1420, 1240, 960)[column], 140)]


def collection(features: list[dict[str, Any]]) -> str:
    """A feature collection, one feature a line, so that a change reads as one."""
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in features)
    note = json.dumps(NOTE, ensure_ascii=False)
    return f'{{"type": "FeatureCollection",\n "note": {note},\n "features": [\n{lines}\n ]}}\n'


def areas_yaml(groups: list[Block]) -> str:
    """areas/jinjialing.yaml."""
    rows = [
        f"  {STREET}-{number:02}: {{level: grid, title: {names.flow(names.group(number, block.row))}}}"
        for number, block in enumerate(groups, 1)
    ]
    return "\n".join([names.HEADING, f"parent: {STREET}", "areas:", *rows, ""])


def places_yaml(groups: list[Block]) -> str:
    """places/jinjialing.yaml."""
    lines = [names.HEADING, "areas:"]
    for number, block in enumerate(groups, 1):
        lines.append(f"  {STREET}-{number:02}:")
        for index, ring in enumerate(footprints(block, number)):
            lines += building(number, index, ring)
    return "\n".join([*lines, ""])


def building(number: int, index: int, ring: Ring) -> list[str]:
    """One building, its floors, lifts and doors."""
    serial = (number - 1) * 3 + index + 1
    code = f"jjl-{serial:03}"
    size = area(ring)
    highest = 5 + pick(f"floors {serial}", 7) if size > 9000 else 9 + pick(f"floors {serial}", 24)
    lowest = -1 - pick(f"cellars {serial}", 2)
    lines = [
        f"    {code}:",
        "      kind: building",
        f"      title: {names.flow(names.building(number, index))}",
        "      profile: office-building",
        f"      floors: {{lowest: {lowest}, highest: {highest}}}",
        f"      lifts: {2 + highest // 6}",
        "      parts:",
    ]
    for side, _ in doors(ring, serial):
        title = names.flow(names.DOORS[side])
        lines.append(f"        {code}-{side}: {{kind: entrance, title: {title}, profile: office-building}}")
    return lines


def place_outlines(groups: list[Block]) -> Iterator[dict[str, Any]]:
    """places/jinjialing.geojson: footprints and doors."""
    for number, block in enumerate(groups, 1):
        for index, ring in enumerate(footprints(block, number)):
            serial = (number - 1) * 3 + index + 1
            yield feature(polygon(ring), f"jjl-{serial:03}")
            for side, where in doors(ring, serial):
                yield feature({"type": "Point", "coordinates": degrees(where)}, f"jjl-{serial:03}-{side}")


def area_outlines(groups: list[Block]) -> Iterator[dict[str, Any]]:
    """areas/jinjialing.geojson: the street, and its groups."""
    inland = [
        (1640, 330),
        (1500, 980),
        (900, 1100),
        (-200, 1020),
        (-1420, 860),
        (-1500, -300),
        (-1330, -960),
        (25, -960),
    ]
    shore = [point for point in smooth(COAST) if point[1] > -960 and point[0] < 1640]
    yield feature(polygon([*shore, *inland[::-1]]), STREET)
    for number, block in enumerate(groups, 1):
        yield feature(polygon(block.ring()), f"{STREET}-{number:02}")


def files() -> dict[str, str]:
    """The five files, by their path in the pack."""
    cells = blocks()
    groups = [block for block in cells if block.sort == "#"]
    assert len(groups) == 37, "the page counts 37 groups and 111 buildings"
    return {
        "areas/jinjialing.yaml": areas_yaml(groups),
        "areas/jinjialing.geojson": collection(list(area_outlines(groups))),
        "places/jinjialing.yaml": places_yaml(groups),
        "places/jinjialing.geojson": collection(list(place_outlines(groups))),
        "map/jinjialing.geojson": collection(list(base_map(cells))),
    }


def main() -> None:
    """Write them."""
    for name, text in files().items():
        (PACK / name).parent.mkdir(parents=True, exist_ok=True)
        (PACK / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
