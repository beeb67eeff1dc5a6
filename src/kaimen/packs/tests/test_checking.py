"""A pack with a mistake is refused: file, line, what is wrong, what would be right."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

import kaimen.packs.pack as pack_module
from kaimen.packs import PackRefused, Problem, from_bytes, kinds, read_folder

TEMPLATE = Path(__file__).resolve().parents[4] / "packs" / "template"
Problems = Callable[..., list[Problem]]


# file, what stands there, what is written instead, a piece of the line the problem should point at, what it says
MISTAKES = [
    ("pack.yaml", "pack: template", "pack: Template!", "pack: Template!", "pack is 'Template!'"),
    ("pack.yaml", "Asia/Shanghai", "Asia/Yunting", "Asia/Yunting", "no time zone"),
    ("pack.yaml", "synthetic: true", "synthetic: maybe", "synthetic: maybe", "true or false"),
    ("pack.yaml", "synthetic: true", "synthetic: true\ncolour: red", "colour: red", "unknown key: 'colour'"),
    ("roles.yaml", "may: [gate.scan,", "may: [gate.scann,", "gate.scann", "gate.scann"),
    ("areas/yunting.yaml", "areas:\n", "parent: 999800\nareas:\n", "parent:", "999800, which no file defines"),
    ("areas/yunting.yaml", "level: street", "level: city", "999901001:", "city inside the district"),
    ("areas/yunting.yaml", "[999981", "[999900", "999901:", "code of another area"),
    (
        "places/dukou.yaml",
        "999901001-02:",
        "999901001-09:",
        "999901001-09:",
        "places in 999901001-09, which no file defines",
    ),
    (
        "places/dukou.yaml",
        "ferry-house:\n      kind: building",
        "ferry-house:\n      kind: floor",
        "ferry-house:",
        "stands alone",
    ),
    ("places/dukou.yaml", "profile: office-building", "profile: harbour", "harbour", "there is no gates/harbour.yaml"),
    ("places/dukou.yaml", "East door", "E" * 161, "reed-court-east", "too long"),
    ("places/dukou.yaml", "    reed-court:", "    reed-house:", "reed-house:", "has no outline"),
    ("places/dukou.yaml", "{lowest: -1, highest: 12}", "{lowest: 12, highest: -1}", "lowest: 12", "lies above"),
    ("places/dukou.yaml", "reed-court-east:", "ferry-house-south:", "East door", "defined twice"),
    (
        "places/dukou.geojson",
        '"id": "lamp-tower"',
        '"id": "lamp-tour"',
        "lamp-tour",
        "outline of 'lamp-tour', which no file defines",
    ),
    ("places/dukou.geojson", "[[[117.0010, 33.0010]", "[[[33.0010, 117.0010]", "[33.0010, 117", "position"),
    ("places/dukou.geojson", "[117.0010, 33.0010]]]", "[117.0011, 33.0010]]]", "117.0011", "does not close"),
    ("calendar.yaml", "to: 2020-01-30", "to: 2020-01-32", "01-32", "no day 2020-01-32"),
    ("calendar.yaml", "to: 2020-01-30", "to: 2021-01-30", "to: 2021", "days off from"),
    ("calendar.yaml", "[2020-01-19", "[2020-01-24", "worked:", "both off and worked"),
    ("calendar.yaml", "[999901]", "[999909]", "999909", "999909, which is no area"),
    ("tests/yunting.yaml", "given: {role: guard}", "given: {roles: guard}", "roles: guard", "nothing can be tried"),
    ("tests/yunting.yaml", "over: place", "above: place", "above: place", "unknown key: 'above'"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[one[4] for one in MISTAKES])
def test_a_mistake_is_named_with_its_place_and_its_remedy(
    problems: Problems, folder: Path, mistake: tuple[str, str, str, str, str]
) -> None:
    file, old, new, line_holds, says = mistake
    found = [one for one in problems(file, new, old=old) if says in str(one)]
    assert len(found) == 1
    assert found[0].file == file
    assert line_holds in (folder / file).read_text("utf-8").splitlines()[found[0].line - 1]
    assert found[0].remedy


def test_a_near_permission_is_suggested(problems: Problems) -> None:
    assert "Did you mean gate.scan?" in str(problems("roles.yaml", "[gate.skan,", old="[gate.scan,")[0])


def test_every_mistake_is_said_at_once(problems: Problems, folder: Path) -> None:
    (folder / "calendar.yaml").write_text("weekend: [caturday]\n")
    found = problems("pack.yaml", "pack: X\n")
    assert {one.file for one in found} >= {"calendar.yaml", "pack.yaml"}


@pytest.mark.parametrize("missing", ["pack.yaml", "roles.yaml", "calendar.yaml"])
def test_a_file_that_every_pack_needs_is_missed(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(PackRefused, match=rf"{missing}|no pack\.yaml"):
        read_folder(folder)


def test_a_file_nothing_reads_is_no_silent_extra(problems: Problems) -> None:
    assert problems("rolls.yaml", "a: 1\n")[0].what == "no part reads this file"


def test_notes_beside_the_definitions_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("# Yunting")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.yaml").write_text("{")
    assert read_folder(folder).slug == "template"


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "gates" / "secret.yaml").symlink_to("/etc/passwd")
    with pytest.raises(PackRefused, match="a link"):
        read_folder(folder)


def test_a_linked_folder_is_refused_and_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "more").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(PackRefused, match="a link"):
        read_folder(folder)


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    with (folder / "calendar.yaml").open("ab") as file:
        file.truncate(3 * 1024 * 1024)
    with pytest.raises(PackRefused, match="larger than 2 MiB"):
        read_folder(folder)


def test_a_folder_of_thousands_of_files_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_module, "_MOST_FILES", 5)
    with pytest.raises(PackRefused, match="more than 5 files"):
        read_folder(folder)


def test_a_name_with_terminal_commands_is_refused_without_printing_them(folder: Path) -> None:
    (folder / "areas" / "\x1b[2J.yaml").write_text("{}")
    with pytest.raises(PackRefused) as refused:
        read_folder(folder)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("folder_name", [".", "nowhere"])
def test_a_folder_without_a_pack_says_so(tmp_path: Path, folder_name: str) -> None:
    with pytest.raises(PackRefused, match=r"no pack\.yaml here"):
        read_folder(tmp_path / folder_name)


def test_the_digest_changes_with_any_byte_and_with_nothing_else(folder: Path) -> None:
    before = read_folder(folder).digest
    assert read_folder(TEMPLATE).digest == before
    with (folder / "roles.yaml").open("a") as file:
        file.write("# a remark\n")
    assert read_folder(folder).digest != before


def test_a_pack_is_read_back_from_its_bytes_the_same() -> None:
    pack = read_folder(TEMPLATE)
    again = from_bytes(pack.to_bytes())
    assert (again.digest, again.definitions) == (pack.digest, pack.definitions)


def test_a_pack_stored_by_a_program_with_other_schemas_is_checked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    content = read_folder(TEMPLATE).to_bytes()
    stricter = [
        replace(one, schema=one.schema | {"maxProperties": 1}) if one.name == "pack" else one for one in kinds()
    ]
    monkeypatch.setattr(pack_module, "kinds", lambda: stricter)
    with pytest.raises(PackRefused, match=r"pack\.yaml"):
        from_bytes(content)


def test_the_largest_pack_is_read_back_fast_enough_for_every_start() -> None:
    content = read_folder(TEMPLATE.parent / "qingdao-2020").to_bytes()
    began = perf_counter()
    from_bytes(content)
    assert perf_counter() - began < 1.5  # 0.15 s measured; a loaded machine has its excuse
