"""The house's own lint: what is banned is found, with a word on what to use instead; no failure is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools import lint

RUFF = Path(sys.executable).parent / "ruff"


def ruff(code: str) -> str:
    """What ruff says of `code`, as if it stood in a part."""
    return subprocess.run(
        [RUFF, "check", "--no-cache", "--output-format", "concise", "--stdin-filename", "src/kaimen/gate/new.py", "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize(
    ("code", "instead"),
    [
        ("from datetime import datetime\nNOW = datetime.now()\n", "kaimen.kit.clock"),
        ("from django.utils import timezone\nNOW = timezone.now()\n", "kaimen.kit.clock"),
        ("from datetime import date\nDAY = date.today()\n", "kaimen.kit.clock"),
        ("import uuid\nID = uuid.uuid4()\n", "kaimen.kit.ids"),
        ("from django.db.models.signals import post_save\nprint(post_save)\n", "kaimen.kit.effects"),
        ("from django.dispatch import receiver\nprint(receiver)\n", "kaimen.kit.effects"),
        ("from typing import cast\nprint(cast)\n", "Assert what you know"),
        ("import random\nprint(random)\n", "Use secrets"),
        ("import yaml\nprint(yaml)\n", "kaimen.packs"),
    ],
)
def test_what_is_banned_is_found_and_the_right_thing_named(code: str, instead: str) -> None:
    assert instead in ruff(code)


def test_what_is_right_is_left_alone() -> None:
    assert "All checks passed" in ruff("from kaimen.kit import clock\n\nNOW = clock.now()\n")


def test_one_check_that_fails_fails_the_whole_and_the_others_still_run() -> None:
    good = lint.Check("good", (sys.executable, "-c", ""))
    bad = lint.Check("bad", (sys.executable, "-c", "print('three mistakes'); raise SystemExit(3)"))
    outcomes = lint.run_all([bad, good])
    assert [one.passed for one in outcomes] == [False, True]
    report = lint.report(outcomes)
    assert "three mistakes" in report
    assert "FAILED bad" in report
    assert "ok     good" in report
