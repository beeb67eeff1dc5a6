"""`kaimen ledger check-proof` and `verify`: without a database, in lines and in words."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kaimen.proofs.tests.a_log import COURT, LOG, ALog, packed
from kaimen.proofs.tests.test_lines import CONSISTENCY, INCLUSION


class Stream:
    """A standard stream of bytes."""

    def __init__(self, data: bytes = b"") -> None:
        self.buffer = io.BytesIO(data)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(ALog().content()))
    return path


def said(bundle: Path, *more: str) -> str:
    out = io.StringIO()
    call_command("ledger", "verify", str(bundle), *more, stdout=out)
    return out.getvalue()


def test_every_line_about_a_proof_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [json.dumps(INCLUSION), "{", json.dumps(CONSISTENCY | {"size1": 7})]
    out = Stream()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", Stream("\n".join(asked).encode()))
        patched.setattr(sys, "stdout", out)
        call_command("ledger", "check-proof", "--jsonl")
    answers = [json.loads(line) for line in out.buffer.getvalue().splitlines()]
    assert answers[::2] == [{"id": "a", "valid": True}, {"id": 7, "valid": False}]
    assert answers[1] == {"id": None, "valid": False, "error": "the line is no JSON"}


def test_a_bundle_that_holds_is_described(bundle: Path) -> None:
    assert "The bundle holds: 13 leaves" in said(bundle)
    assert "give --log and --witness" in said(bundle)
    keys = ["--log", str(LOG.verifier), "--witness", str(COURT.verifier), "--quorum", "1"]
    assert "give --log" not in said(bundle, *keys)
    assert json.loads(said(bundle, *keys, "--json"))["witnessed"] == {"court.example": 13}


def test_a_bundle_that_does_not_hold_says_where(bundle: Path) -> None:
    with pytest.raises(CommandError, match="witnesses: 1 have seen all of it; 2 are asked for"):
        said(bundle, "--quorum", "2")
    with pytest.raises(CommandError, match="The replay raised alarms"):
        said(bundle, "--genesis", "00" * 32)
    bundle.write_bytes(bundle.read_bytes()[:900])
    with pytest.raises(CommandError, match="the file: checkpoints: cut off; 386 bytes are missing"):
        said(bundle)
    with pytest.raises(CommandError, match="No such file"):
        said(bundle.with_name("none"))


@pytest.mark.parametrize(("goes", "why"), [("<&-", "one is closed"), ("> /dev/full", "No space left on device")])
def test_lines_that_cannot_be_answered_are_a_mistake_in_words(goes: str, why: str) -> None:
    kaimen = Path(sys.executable).with_name("kaimen")
    asking = f'echo x | (exec "$0" ledger check-proof --jsonl {goes})'
    done = subprocess.run(["sh", "-c", asking, str(kaimen)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", [["--quorum", "-1"], ["--quorum", "9999"], ["--seen", "/dev/zero"]])
def test_what_cannot_be_asked_is_not_taken_for_something_else(bundle: Path, wrong: list[str]) -> None:
    with pytest.raises(CommandError, match=r"no number of witnesses|holds no checkpoint: longer than"):
        said(bundle, *wrong)
