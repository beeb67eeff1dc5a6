"""What `kaimen pack check` finds in incidents/*.yaml, and what it says would be right."""

import shutil
from pathlib import Path

import pytest

from kaimen.incidents.definitions import SLUGS, IncidentKind
from kaimen.packs import PackRefused, read_folder

PACKS = Path(__file__).resolve().parents[4] / "packs"


@pytest.mark.parametrize("pack", ["template", "qingdao-2020"])
def test_each_pack_says_whose_a_fever_and_an_obstruction_are(pack):
    assert {one.slug for one in read_folder(PACKS / pack).all(IncidentKind)} == set(SLUGS)


@pytest.mark.parametrize(("file", "old", "new", "says"), [
    ("fever", "incident: fever", "incident: cough", "incident"),
    ("fever", "incident: fever", "incident: obstruction", "named 'fever'"),
    ("fever", "minutes: 30", "minutes: 0", "minutes"),
    ("fever", "names_kept_days: 30", "names_kept_days: 4000", "names_kept_days"),
    ("fever", "[grid-officer, health-officer]", "[grid-officer, doctor]", "doctor is no role"),
    ("fever", "[grid-officer, health-officer]", "[guard]", "lacks incidents.answer"),
    ("fever", "[district-commander]", "[grid-officer]", "lacks incidents.watch"),
    ("fever", "date: 2020-03-16", "date: 2020-02-31", "no such day"),
    ("fever", "  not-found:\n", "  not-found:\n    upheld: true\n", "a fever is no dispute"),
    ("obstruction", "    upheld: false\n", "", "does not say whether"),
    ("obstruction", "upheld: false", "upheld: true", "the gate is told"),
    ("obstruction", "    gate:", "    # gate:", "the gate is told"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_remedy(tmp_path, file, old, new, says):
    folder = tmp_path / "template"
    shutil.copytree(PACKS / "template", folder)
    path = folder / "incidents" / f"{file}.yaml"
    written = path.read_text("utf-8")
    assert old in written
    path.write_text(written.replace(old, new), "utf-8")
    with pytest.raises(PackRefused) as refused:
        read_folder(folder)
    found = [one for one in refused.value.problems if file in str(one.file)]
    assert any(says in str(one) and one.remedy and one.line for one in found), found
