"""Installing a pack: one transaction or nothing, and the second time only what changed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaimen.kit import clock
from kaimen.packs import Pack, read_folder
from kaimen.register import packs_in_force
from kaimen.register.installing import StillInUse, install_pack
from kaimen.register.models import Area, InstalledPack, Organisation, Place, Post

PACKS = Path(__file__).resolve().parents[4] / "packs"
pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Pack]:
    """`edited((file, old, new), …)`: packs/template with changes."""
    folder = copytree(PACKS / "template", tmp_path / "pack")

    def edit(*changes: tuple[str, str, str]) -> Pack:
        for file, old, new in changes:
            text = (folder / file).read_text("utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new), "utf-8")
        return read_folder(folder)

    return edit


def _door(code: str, title: str) -> str:
    """The line of packs/template/places/dukou.yaml that defines a door."""
    lines = (PACKS / "template" / "places" / "dukou.yaml").read_text("utf-8").splitlines(keepends=True)
    (line,) = (line for line in lines if line.strip().startswith(f"{code}:") and title in line)
    return line


def _rows() -> list[tuple[object, ...]]:
    return [*Area.objects.order_by("code").values_list(), *Place.objects.order_by("code").values_list()]


def test_areas_and_places_become_rows_with_their_paths(template_pack: Pack) -> None:
    done = install_pack(template_pack)
    assert (done.old, done.new) == ("", template_pack.digest)
    group = Area.objects.get(code="999901001-02")
    assert group.path == "/999900/999901/999901001/999901001-02/"
    assert group.parent == Area.objects.get(code="999901001")
    door = Place.objects.get(code="ferry-house-south")
    assert (door.kind, door.path, door.title("en")) == ("entrance", "/ferry-house/ferry-house-south/", "South door")
    building = Place.objects.get(code="ferry-house")
    assert building.outline is not None
    assert building.outline["type"] == "Polygon"
    assert building.detail == {"floors": ["B1", *map(str, range(1, 13))], "lifts": 3}
    assert building.area == Area.objects.get(code="999901001-01")


def test_the_same_pack_again_changes_nothing(template_pack: Pack) -> None:
    install_pack(template_pack)
    before = _rows()
    done = install_pack(template_pack)
    assert _rows() == before
    assert (done.areas.made, done.areas.changed, done.places.made, done.places.changed) == (0, 0, 0, 0)
    assert InstalledPack.objects.count() == 1


def test_a_new_version_changes_only_what_changed_and_remembers_both_hashes(
    template_pack: Pack, edited: Callable[..., Pack]
) -> None:
    install_pack(template_pack)
    before = set(map(str, _rows()))
    pack = edited(("places/dukou.yaml", "Reed Court", "Reed House"))
    done = install_pack(pack)
    assert (done.places.made, done.places.changed, done.places.deleted) == (0, 1, 0)
    assert (done.areas.made, done.areas.changed, done.areas.deleted) == (0, 0, 0)
    assert len(set(map(str, _rows())) - before) == 1
    newest = InstalledPack.objects.all()[0]
    assert (newest.digest, newest.replaces) == (pack.digest, template_pack.digest)


def test_a_code_that_changed_keeps_its_row_when_the_new_one_names_the_old(
    template_pack: Pack, edited: Callable[..., Pack]
) -> None:
    install_pack(template_pack)
    key = Area.objects.get(code="999901").pk
    install_pack(
        edited(
            ("areas/yunting.yaml", "999901:", "999915:"),
            ("areas/yunting.yaml", "aliases: [999981", "aliases: [999901, 999981"),
            ("areas/yunting.geojson", '"id": "999901",', '"id": "999915",'),
            ("calendar.yaml", "areas: [999901]", "areas: [999915]"),
        )
    )
    district = Area.objects.get(code="999915")
    assert district.pk == key
    assert not Area.objects.filter(code="999901").exists()
    assert Area.objects.get(code="999901001").path == "/999900/999915/999901001/"


def test_a_place_that_left_the_pack_goes_when_nothing_needs_it(
    template_pack: Pack, edited: Callable[..., Pack]
) -> None:
    install_pack(template_pack)
    pack = edited(("places/dukou.yaml", _door("ferry-house-north", "North door"), ""))
    assert install_pack(pack).places.deleted == 1
    assert not Place.objects.filter(code="ferry-house-north").exists()


def test_a_place_in_use_is_not_dropped_and_nothing_else_changes_either(
    template_pack: Pack, edited: Callable[..., Pack]
) -> None:
    install_pack(template_pack)
    door = Place.objects.get(code="ferry-house-north")
    firm = Organisation.objects.create(name="云汀渡船厂", area=door.area)
    firm.premises.create(place=door)
    before = _rows()
    pack = edited(
        ("areas/yunting.yaml", "Hedong", "East Bank"),
        ("places/dukou.yaml", _door("ferry-house-north", "North door"), ""),
    )
    with pytest.raises(StillInUse, match=r"ferry-house-north .* still needed: 1 × premises"):
        install_pack(pack)
    assert _rows() == before
    assert InstalledPack.objects.count() == 1


def test_an_area_in_use_is_not_dropped(template_pack: Pack) -> None:
    install_pack(template_pack)
    Organisation.objects.create(name="云汀渡船厂", area=Area.objects.get(code="999901001-01"))
    with pytest.raises(StillInUse, match="999901001-01"):
        install_pack(read_folder(PACKS / "qingdao-2020"))


def test_another_city_may_take_an_unused_installation(template_pack: Pack) -> None:
    install_pack(template_pack)
    done = install_pack(read_folder(PACKS / "qingdao-2020"))
    assert done.areas.deleted == 5
    assert Area.objects.filter(level="district").count() == 10
    assert Area.objects.filter(level="grid").count() == 37 + 4
    assert Place.objects.filter(kind="building").count() == 111


def test_every_building_of_qingdao_has_a_door_an_outline_and_a_name_of_its_own() -> None:
    install_pack(read_folder(PACKS / "qingdao-2020"))
    buildings = Place.objects.filter(kind="building")
    assert {len(place.parts.all()) for place in buildings} == {1, 2}
    assert all(place.outline and place.detail["floors"] and place.name_en for place in buildings)
    assert len({place.name for place in buildings}) == 111
    assert len({place.name_en for place in buildings}) == 111
    groups = Area.objects.filter(level="grid", parent__code="370212005")
    assert {area.places.filter(kind="building").count() for area in groups} == {3}
    assert all(area.outline for area in Area.objects.filter(level__in=["district", "grid"]))


def test_old_codes_and_other_names_find_their_district() -> None:
    install_pack(read_folder(PACKS / "qingdao-2020"))
    found = {alias: area.code for area in Area.objects.all() for alias in area.aliases}
    assert (found["370282"], found["西海岸新区"], found["370205"]) == ("370215", "370211", "370203")


def test_loading_costs_few_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        install_pack(read_folder(PACKS / "qingdao-2020"))
    assert len(queries) < 40


def test_what_is_in_force_follows_a_loading_at_once(template_pack: Pack, edited: Callable[..., Pack]) -> None:
    with pytest.raises(packs_in_force.NoPack):
        packs_in_force.pack()
    assert packs_in_force.roles() == {}
    install_pack(template_pack)
    assert "guard" in packs_in_force.roles()
    install_pack(edited(("roles.yaml", "  guard:", "  sentry:"), ("tests/yunting.yaml", "role: guard", "role: sentry")))
    assert "sentry" in packs_in_force.roles()
    assert packs_in_force.pack().slug == "template"


def test_what_was_loaded_last_is_in_force_though_a_drill_began_its_morning_again(
    template_pack: Pack, edited: Callable[..., Pack]
) -> None:
    noon = datetime(2020, 3, 16, 4, 0, tzinfo=UTC)
    with clock.frozen(noon):
        install_pack(template_pack)
    changed = edited(("roles.yaml", "  guard:", "  sentry:"), ("tests/yunting.yaml", "role: guard", "role: sentry"))
    with clock.frozen(noon - timedelta(hours=4)):
        install_pack(changed)
    assert "sentry" in packs_in_force.roles()


def test_the_command_loads_prints_both_hashes_and_says_what_it_did(template_pack: Pack) -> None:
    out = StringIO()
    call_command("pack", "load", str(PACKS / "template"), stdout=out)
    assert f"old none\n  new {template_pack.digest}" in out.getvalue()
    assert "areas: 5 made" in out.getvalue()


def test_the_command_refuses_what_is_in_use_in_words(template_pack: Pack, post: Callable[..., Post]) -> None:
    post("auditor", Area.objects.get(code="999901001"))
    with pytest.raises(CommandError, match=r"still needed: 1 × post[\s\S]*Nothing was changed"):
        call_command("pack", "load", str(PACKS / "qingdao-2020"))


def test_the_command_says_every_mistake_and_installs_nothing(tmp_path: Path) -> None:
    folder = copytree(PACKS / "template", tmp_path / "pack")
    (folder / "roles.yaml").write_text("roles: {guard: {}}\n")
    for verb in ("check", "load", "test"):
        with pytest.raises(CommandError, match=r"roles\.yaml:1: roles\.guard lacks title, scope, may\. Add it"):
            call_command("pack", verb, str(folder))
    assert not InstalledPack.objects.exists()


def test_a_failing_test_of_the_pack_fails_the_command(tmp_path: Path) -> None:
    folder = copytree(PACKS / "template", tmp_path / "pack")
    call_command("pack", "test", str(folder), stdout=StringIO())
    with (folder / "tests" / "yunting.yaml").open("a") as file:
        file.write("- name: wrong\n  given: {role: guard}\n  then: {over: area}\n")
    with pytest.raises(CommandError, match=r"1 of \d+ tests fail"):
        call_command("pack", "test", str(folder), stdout=StringIO())


def test_the_schema_of_a_kind_is_printed(tmp_path: Path) -> None:
    out = StringIO()
    call_command("pack", "schema", "roles", stdout=out)
    assert json.loads(out.getvalue())["required"] == ["roles"]
    call_command("pack", "schema", "--out", str(tmp_path / "new" / "folder"), stdout=StringIO())
    assert (tmp_path / "new" / "folder" / "roles.json").read_text("utf-8") == out.getvalue()
    with pytest.raises(CommandError, match="name a kind"):
        call_command("pack", "schema")
