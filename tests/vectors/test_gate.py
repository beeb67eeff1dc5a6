"""The vectors of the gate hold, and say each reason at least once."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kaimen.kit.keys import PublicKey
from tests.vectors.gate.asking import Gate, facts_as_json
from tools.gate_vectors import profile

FOLDER = Path(__file__).parent / "gate"
HELD = json.loads((FOLDER / "lists.json").read_text("utf-8"))
CENTRE = PublicKey.from_raw(base64.b64decode(HELD["centre"]))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.json")) if path.name != "lists.json"
    for case in json.loads(path.read_text("utf-8"))["cases"]
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_gate_answers_as_the_vectors_say(case: dict[str, Any]) -> None:
    gate = Gate([base64.b64decode(HELD["lists"][name]) for name in case["lists"]], CENTRE, case["colours"])
    for step in case["steps"]:
        found, wanted = gate.ask(step["scan"], datetime.fromisoformat(step["at"])), step["expect"]
        assert (found.verdict, found.reason) == (wanted["verdict"], wanted["reason"])
        if found.verdict != "error":
            assert (list(found.reasons), found.index, found.second) == (
                wanted["reasons"], wanted["index"], wanted["second"]
            )  # fmt: skip
            assert facts_as_json(found.facts) == wanted["facts"]


def test_every_reason_of_a_profile_is_given_by_some_case() -> None:
    steps = [
        step
        for path in FOLDER.glob("*.json") if path.name != "lists.json"
        for case in json.loads(path.read_text("utf-8"))["cases"] for step in case["steps"]
    ]  # fmt: skip
    given = {reason for one in steps for reason in (one["expect"]["reason"], *one["expect"].get("reasons", ()))}
    assert set(profile().reasons) - given == set()
