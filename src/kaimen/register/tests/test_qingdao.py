"""packs/qingdao-2020: what is real is right, what is made up says so and comes from one tool."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from kaimen.demo.definitions import Sample
from kaimen.packs import Pack, read_folder
from kaimen.register.definitions import AreaDefinition, BaseMap, Head, Outline, PlaceDefinition
from tools import make_district

FOLDER = Path(__file__).resolve().parents[4] / "packs" / "qingdao-2020"
DISTRICTS = {
    "370202": "市南区", "370203": "市北区", "370211": "黄岛区", "370212": "崂山区", "370213": "李沧区",
    "370214": "城阳区", "370215": "即墨区", "370281": "胶州市", "370283": "平度市", "370285": "莱西市",
}  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack, read once."""
    return read_folder(FOLDER)


def _inside(point: list[float], ring: list[list[float]]) -> bool:
    """Whether a point lies within a ring, by counting the sides to its east."""
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def test_the_ten_districts_carry_the_codes_and_names_of_today(pack: Pack) -> None:
    found = {area.code: area.title.zh for area in pack.all(AreaDefinition) if area.level == "district"}
    assert found == DISTRICTS


def test_thirty_seven_groups_hold_three_buildings_each(pack: Pack) -> None:
    groups = [area.code for area in pack.all(AreaDefinition) if area.level == "grid" and area.parent == "370212005"]
    buildings = [place.area for place in pack.all(PlaceDefinition) if place.kind == "building"]
    assert groups == [f"370212005-{n:02}" for n in range(1, 38)]
    assert [buildings.count(group) for group in groups] == [3] * 37


def test_eleven_closed_units_in_four_areas_keep_sixteen_entrances(pack: Pack) -> None:
    units = [place for place in pack.all(PlaceDefinition) if place.kind == "compound"]
    codes = {place.code for place in units}
    entrances = [place for place in pack.all(PlaceDefinition) if place.parent in codes]
    assert (len({place.area for place in units}), len(units), len(entrances)) == (4, 11, 16)
    assert pack.one(Sample).households == 10_431


def test_what_is_drawn_is_what_the_tool_draws() -> None:
    for name, text in make_district.files().items():
        assert (FOLDER / name).read_text("utf-8") == text, f"{name}: run python -m tools.make_district"


def test_everything_drawn_is_labelled_a_sketch(pack: Pack) -> None:
    for path in FOLDER.rglob("*.geojson"):
        assert "示意" in json.loads(path.read_text("utf-8"))["note"]["zh-Hans"], path.name
    assert all(base.note for base in pack.all(BaseMap))
    assert pack.one(Head).synthetic


def test_every_building_stands_within_its_group_and_no_two_overlap(pack: Pack) -> None:
    outlines = {outline.code: outline.geometry for outline in pack.all(Outline)}
    standing: dict[str, list[list[float]]] = {}
    for place in pack.all(PlaceDefinition):
        if place.kind != "building":
            continue
        around, ring = outlines[place.area]["coordinates"][0], outlines[place.code]["coordinates"][0]
        assert all(_inside(corner, around) for corner in ring), place.code
        for other, its_ring in standing.items():
            assert not any(_inside(corner, its_ring) for corner in ring), f"{place.code} stands in {other}"
            assert not any(_inside(corner, ring) for corner in its_ring), f"{other} stands in {place.code}"
        standing[place.code] = ring


def test_every_group_lies_on_land_in_its_street_and_the_street_in_its_district(pack: Pack) -> None:
    outlines = {outline.code: outline.geometry for outline in pack.all(Outline)}
    sea = next(one for one in pack.one(BaseMap).features if one.kind == "sea").geometry["coordinates"][0]
    street, district = (outlines[code]["coordinates"][0] for code in ("370212005", "370212"))
    for code, geometry in outlines.items():
        if code.startswith("370212005-"):
            corners = geometry["coordinates"][0]
            assert all(_inside(corner, street) and not _inside(corner, sea) for corner in corners), code
            assert all(_inside(corner, district) for corner in corners), code
