"""A pack's own tests: each city's are run with the program's, and a wrong one fails."""

from pathlib import Path

import pytest

from kaimen.packs import read_folder
from kaimen.packs.trials import Trial, outcomes

PACKS = sorted(path.parent for path in (Path(__file__).resolve().parents[4] / "packs").glob("*/pack.yaml"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_every_shipped_pack_keeps_what_its_tests_say(pack: Path) -> None:
    tried = outcomes(read_folder(pack))
    assert tried, f"{pack.name} has no tests"
    assert [(one.trial.name, one.complaints) for one in tried if one.complaints] == []


@pytest.mark.parametrize(
    ("given", "then", "words"),
    [
        ("{working_days: 5, from: 2020-01-23}", "{date: 2020-02-05}", "it is 2020-02-07, not 2020-02-05"),
        ("{working_days: 5, from: 2020-01-23}", "{provisional: true}", "certain"),
        ("{working_days: 5, from: 2020-02-30}", "{date: 2020-02-05}", "no day 2020-02-30"),
        ("{day: 2020-02-01}", "{worked: true}", "2020-02-01 is off"),
        ("{role: guard}", "{may: [register.see_person]}", "guard may not register.see_person"),
        ("{role: guard}", "{may_not: [gate.scan]}", "guard may gate.scan"),
        ("{role: guard}", "{over: area}", "held over: place"),
        ("{role: gard}", "{over: area}", "no role gard"),
    ],
)
def test_a_trial_that_does_not_hold_says_what_came_out(folder: Path, given: str, then: str, words: str) -> None:
    (folder / "tests" / "yunting.yaml").write_text(f"- name: x\n  given: {given}\n  then: {then}\n")
    (outcome,) = [one for one in outcomes(read_folder(folder)) if one.trial.name == "x"]
    assert words in outcome.complaints[0]


def test_a_trial_may_ask_as_of_a_day(folder: Path) -> None:
    trial = "- name: x\n  date: 2020-01-25\n  given: {day: 2020-02-01}\n  then: {worked: true}\n"
    (folder / "tests" / "yunting.yaml").write_text(trial)
    pack = read_folder(folder)
    assert pack.one(Trial).date is not None
    assert outcomes(pack)[0].complaints == ()
