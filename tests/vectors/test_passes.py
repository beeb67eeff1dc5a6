"""Every reader of passes gives these answers; `kaimen-gate verify` does, through the lines it is asked with."""

import io
import json
from pathlib import Path
from typing import get_args

from kaimen.passes import Reason
from kaimen_gate.verify import answers

VECTORS = Path(__file__).parent / "passes" / "km1.jsonl"


def test_each_code_gets_the_reason_that_is_written_beside_it() -> None:
    lines = VECTORS.read_bytes()
    wanted = {line["id"]: line["reason"] for line in map(json.loads, lines.splitlines())}
    assert {one["id"]: one["reason"] for one in map(json.loads, answers(io.BytesIO(lines)))} == wanted


def test_every_reason_has_a_code_but_the_one_that_a_bare_key_cannot_give() -> None:
    said = {json.loads(line)["reason"] for line in VECTORS.read_bytes().splitlines()}
    assert said == {"valid", *get_args(Reason)} - {"key-not-in-force"}
