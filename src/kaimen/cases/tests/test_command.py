"""`kaimen case plan`: a timeline in words and as JSON; a mistake is one line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PACK = str(Path(__file__).resolve().parents[4] / "packs/qingdao-2020")


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("case", "plan", *arguments, "--pack", PACK, stdout=out)
    return out.getvalue()


def test_a_timeline_as_json_is_one_object_a_step() -> None:
    steps = json.loads(
        said("tender-approval", "--start", "2020-03-12T10:00", "--with", "land-transfer-contract", "--json")
    )
    assert [one["step"] for one in steps] == ["check", "publish-notice", "notice-period", "bid-opening"]
    assert steps[0] == {
        "step": "check", "opens": "2020-03-12T10:00:00+08:00", "due": "2020-03-12T17:30:00+08:00", "because": [],
    }  # fmt: skip
    assert steps[3] == {
        "step": "bid-opening", "opens": "2020-04-01T00:00:00+08:00", "due": None,
        "because": ["notice-period", "formal-opinion"],
    }  # fmt: skip


def test_a_timeline_in_words_says_what_waits_for_what() -> None:
    told = said("resident-need", "--start", "2020-03-13T08:40:00+00:00")
    assert "first-word               opens 2020-03-13 16:40  due 2020-03-16 10:10" in told
    assert "after first-word" in told
    assert "provisional" in said("resident-need", "--start", "2031-03-13T16:40")


def test_a_field_may_be_told_and_decides_which_steps_there_are() -> None:
    assert "on-site-service" in said("firm-reopening", "--start", "2020-03-16", "--with", "wants_visit=true")
    assert "on-site-service" not in said("firm-reopening", "--start", "2020-03-16", "--with", "wants_visit=false")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing", "--start", "2020-03-12"], "there is no case type nothing; there are: firm-need"),
        (["whistle", "--start", "yesterday"], "write it as 2020-03-12T09:00"),
        (["whistle", "--start", "2020-03-12", "--with", "paper"], "asks for no paper"),
        (["whistle", "--start", "2020-03-12", "--with", "a=b"], "has no field a; there are: where, what"),
        (["tender-approval", "--start", "2020-03-12", "--with", "project_cost=much"], "not a decimal"),
        (["tender-approval", "--start", "2020-03-12", "--with", "paper-copies"], "asks for no paper-copies"),
        (["tender-approval", "--start", "9999-12-30"], "after the year 9999"),
    ],
)
def test_a_mistake_is_said_in_one_line(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        said(*arguments)
    assert "\n" not in str(refused.value)
