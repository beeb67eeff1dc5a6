"""A place is well only when every other rule certainly does not hold, and a pack's own tests are told the same."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from kaimen.colours.definitions import read_text
from kaimen.colours.places import UNKNOWN, Facts, Judged, judge_of
from kaimen.colours.tests.world import ROOT
from kaimen.packs import read_folder
from kaimen.packs.trials import outcomes

PACK = ROOT / "packs/template"
DAY = date(2020, 3, 16)
WELL: Facts = {"fever_unresolved": 0, "roster_missing_days": 0, "inspection_overdue": False}


@pytest.mark.parametrize(("facts", "colour"), [
    (WELL, "green"),
    ({**WELL, "fever_unresolved": 1}, "red"),
    ({**WELL, "inspection_overdue": None}, UNKNOWN),
    ({**WELL, "inspection_overdue": None, "fever_unresolved": 1}, "red"),
    ({**WELL, "inspection_overdue": True, "inspection_result": "minor"}, "yellow"),
])  # fmt: skip
def test_a_rule_that_nobody_can_answer_takes_the_place_of_well_and_of_nothing_else(facts: Facts, colour: str) -> None:
    definition = read_text("status/building.yaml", (PACK / "status/building.yaml").read_bytes())
    row = dict.fromkeys(definition.fields) | dict(facts)
    judged = judge_of(definition)(row, DAY)
    assert judged.colour == colour
    assert (judged == Judged(UNKNOWN, 0)) is (colour == UNKNOWN)


TRIED = """\
- name: as told
  date: 2020-03-16
  given: {{status: building, facts: {{roster_missing_days: 0{facts}}}, evidence: [{evidence}]}}
  then: {{colour: {colour}}}
"""
OVERDUE = ", inspection_overdue: false"
MINOR, IN_ORDER = (
    f"{{from: {who}, of: inspection, says: {{inspection_result: {result}}}, seen: {seen}}}"
    for who, result, seen in [("street", "minor", "2020-03-14"), ("grid", "in-order", "2020-03-15")]
)


@pytest.mark.parametrize(("facts", "evidence", "colour"), [
    (OVERDUE, "", "green"),
    ("", "", "unknown"),
    (OVERDUE, MINOR, "yellow"),
    (OVERDUE, f"{IN_ORDER}, {MINOR}", "green"),  # what was seen last counts, whoever saw it
    (OVERDUE, MINOR.replace("03-14", "03-09"), "green"),  # seven days ago: run out
])  # fmt: skip
def test_a_packs_test_of_a_building_is_judged_as_the_board_judges_it(
    tmp_path: Path, facts: str, evidence: str, colour: str
) -> None:
    pack = copytree(PACK, tmp_path / "pack")
    text = TRIED.format(facts=facts, evidence=evidence, colour=colour)
    (pack / "tests/colours.yaml").write_text(text, encoding="utf-8")
    tried = [one for one in outcomes(read_folder(pack)) if one.trial.name == "as told"]
    assert [one.complaints for one in tried] == [()]
