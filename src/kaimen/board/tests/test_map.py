"""Outlines become a drawing: nothing outside the frame, nothing distorted."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kaimen.board import map as drawing

SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[120.460, 36.090], [120.461, 36.090], [120.461, 36.091], [120.460, 36.091], [120.460, 36.090]]],
}


def test_without_an_outline_there_is_no_frame() -> None:
    assert drawing.frame([None]) is None


def test_north_is_up() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    assert frame.point(120.460, 36.091)[1] < frame.point(120.460, 36.090)[1]


def test_a_metre_east_is_as_long_as_a_metre_north() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    east = frame.point(120.461, 36.090)[0] - frame.point(120.460, 36.090)[0]
    north = frame.point(120.460, 36.090)[1] - frame.point(120.460, 36.091)[1]
    assert abs(east / north - 0.8081) < 0.001  # cos 36.09°


def test_a_building_around_a_court_has_its_number_in_the_building_not_in_the_court() -> None:
    u = [[0, 0], [10, 0], [10, 10], [7, 10], [7, 3], [3, 3], [3, 10], [0, 10], [0, 0]]
    outline = {"type": "Polygon", "coordinates": [[[120 + x / 1000, 36 + y / 1000] for x, y in u]]}
    frame = drawing.frame([outline])
    assert frame is not None
    shape = drawing.shape(outline, frame)
    west, court_top = frame.point(120.003, 36.003)
    east, _ = frame.point(120.007, 36.003)
    assert shape.label is not None
    assert not (west < shape.label[0] < east and shape.label[1] < court_top)


def test_one_building_is_shown_in_its_street_with_letters_of_the_usual_size() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    assert frame.width == drawing.WIDTH
    shape = drawing.shape(SQUARE, frame)
    assert shape.left > frame.width / 4


def test_the_sea_has_its_name_in_the_corner_that_is_seen_and_a_far_park_has_none() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    corner = [[120.4612, 36.0895], [120.60, 36.0895], [120.60, 35.9], [120.4612, 35.9], [120.4612, 36.0895]]
    sea = drawing.shape({"type": "Polygon", "coordinates": [corner]}, frame)
    assert sea.label is not None
    assert frame.holds(*sea.label)
    far = [[121.0, 36.0], [121.1, 36.0], [121.1, 36.1], [121.0, 36.0]]
    assert drawing.shape({"type": "Polygon", "coordinates": [far]}, frame).label is None


def test_a_name_along_a_road_is_never_upside_down() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    road = {"type": "LineString", "coordinates": [[120.461, 36.0901], [120.460, 36.0900]]}
    assert -90 <= drawing.shape(road, frame).lean <= 90


def test_the_middle_of_a_square_is_its_middle() -> None:
    frame = drawing.frame([SQUARE])
    assert frame is not None
    shape = drawing.shape(SQUARE, frame)
    assert shape.label is not None
    assert math.dist(shape.label, frame.point(120.4605, 36.0905)) < 0.1
    assert shape.path.startswith("M")
    assert shape.path.endswith("Z")


@given(st.lists(st.tuples(st.floats(120, 121), st.floats(36, 37)), min_size=3, max_size=9))
def test_every_corner_lies_inside_the_frame(points: list[tuple[float, float]]) -> None:
    outline = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    frame = drawing.frame([outline])
    assert frame is not None
    for longitude, latitude in points:
        x, y = frame.point(longitude, latitude)
        assert -0.01 <= x <= frame.width + 0.01
        assert -0.01 <= y <= frame.height + 0.01
