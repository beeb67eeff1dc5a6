"""Shapes for tools/make_district.py: where the coast runs, and what stands in a block."""

Point = tuple[float, float]

# North at the top. `#` a group of buildings, `P` a park over two cells, `H` a hill, `S` a station, `~` the sea.
PLAN = ["########", "#####S##", "##PP####", "#######~", "######~~", "H###~~~~"]
COLUMNS = [262, 218, 280, 242, 268, 206, 252, 236]  # how wide the blocks are, in metres, from the west
ROWS = [214, 226, 208, 232, 206, 218]  # how deep, from the north
STREETS = [44, 44, 40, 92, 44, 44, 40]  # between the columns; the widest is an avenue
CROSS_STREETS = [44, 40, 96, 44, 40]  # between the rows

# Metres east and north of the origin, from the north-east.
COAST: list[Point] = [
    (2100, 470), (1640, 330), (1260, 235), (1075, 140), (985, 30), (955, -90), (800, -165), (640, -245),
    (575, -370), (500, -455), (300, -515), (130, -575), (70, -700), (30, -850), (15, -1100), (-40, -1500),
]  # fmt: skip

# Three footprints that fill a block, each a ring "x y, x y …" in hundredths; y grows to the south.
_PATTERNS = [
    (
        "0 0, 100 0, 100 26, 0 26",
        "0 37, 100 37, 100 63, 0 63",
        "0 74, 100 74, 100 100, 0 100",
    ),
    (
        "0 10, 27 10, 27 90, 0 90",
        "36 28, 64 28, 64 100, 36 100",
        "73 0, 100 0, 100 76, 73 76",
    ),
    (
        "0 0, 36 0, 36 42, 0 42",
        "48 0, 100 0, 100 100, 70 100, 70 34, 48 34",
        "0 55, 56 55, 56 100, 0 100",
    ),
    (
        "0 0, 24 0, 24 70, 76 70, 76 0, 100 0, 100 100, 0 100",
        "36 0, 64 0, 64 22, 36 22",
        "38 33, 62 33, 62 58, 38 58",
    ),
    (
        "0 0, 100 0, 100 30, 34 30, 34 100, 0 100",
        "47 42, 100 42, 100 66, 47 66",
        "47 77, 92 77, 92 100, 47 100",
    ),
    (
        "0 0, 42 0, 42 38, 0 38",
        "56 0, 100 0, 100 38, 56 38",
        "0 52, 100 52, 100 100, 62 100, 62 78, 0 78",
    ),
    (
        "0 0, 30 0, 30 62, 62 62, 62 100, 0 100",
        "42 0, 100 0, 100 48, 42 48",
        "74 60, 100 60, 100 100, 74 100",
    ),
    (
        "0 0, 100 0, 100 30, 66 30, 66 62, 34 62, 34 30, 0 30",
        "0 42, 24 42, 24 100, 0 100",
        "44 74, 100 74, 100 100, 44 100",
    ),
    (
        "14 2, 30 2, 42 14, 42 34, 30 46, 14 46, 2 34, 2 14",
        "56 0, 100 0, 100 100, 78 100, 78 30, 56 30",
        "0 60, 64 60, 64 100, 0 100",
    ),
    (
        "0 0, 44 0, 44 56, 30 56, 30 100, 0 100",
        "56 0, 100 0, 100 32, 56 32",
        "44 68, 56 44, 100 44, 100 100, 44 100",
    ),
]


def _ring(text: str) -> list[Point]:
    pairs = (pair.split() for pair in text.split(","))
    return [(int(x) / 100, int(y) / 100) for x, y in pairs]


FOOTPRINTS = [[_ring(text) for text in pattern] for pattern in _PATTERNS]
