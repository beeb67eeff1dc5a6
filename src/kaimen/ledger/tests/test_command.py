"""`kaimen ledger` on the server: bundles, witnesses, the end of an emergency."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kaimen.ledger.actions import record
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Leaf
from kaimen.ledger.signing import current
from kaimen.proofs.notes import WitnessKey

pytestmark = pytest.mark.django_db(transaction=True)
COURT = WitnessKey.generate("court.example/witness")


def _said(*words: str) -> str:
    out = StringIO()
    call_command("ledger", *words, stdout=out)
    return out.getvalue()


def test_a_bundle_that_is_written_is_verified(tmp_path: Path) -> None:
    record("list", {}, secret=b"secret", emergency="covid-2020")
    advance()
    log = current()
    assert log is not None
    said = _said("bundle", str(tmp_path / "log.bundle"))
    assert f"--log {log.verifier}" in said
    _said("verify", str(tmp_path / "log.bundle"), "--log", log.verifier)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


def test_without_a_checkpoint_there_is_no_bundle_and_no_half_of_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="signed nothing"):
        _said("bundle", str(tmp_path / "log.bundle"))
    assert not list(tmp_path.glob("log.bundle*"))


def test_witnesses_come_and_go() -> None:
    assert "No witness" in _said("witness", "list")
    _said("witness", "add", str(COURT.verifier))
    assert "court.example/witness  nothing yet" in _said("witness", "list")
    _said("witness", "end", "court.example/witness", "--reason", "moved")
    assert "ended" in _said("witness", "list")
    with pytest.raises(CommandError, match="witness list"):
        _said("witness", "end", "nobody", "--reason", "moved")
    with pytest.raises(CommandError, match="no Ed25519 verifier key"):
        _said("witness", "add", "nonsense")


def test_a_log_is_renewed_and_an_emergency_destroyed() -> None:
    record("list", {}, secret=b"secret", emergency="covid-2020")
    advance()
    old = current()
    assert old is not None
    assert old.origin not in _said("renew", "--reason", "restored from a backup")
    assert "1 openings of covid-2020 are no more" in _said("destroy", "covid-2020", "--yes")
    with pytest.raises(CommandError, match="no openings of covid-2021"):
        _said("destroy", "covid-2021", "--yes")
    advance()
    assert set(Leaf.objects.values_list("kind", flat=True)) == {"list", "log-begun-anew", "openings-destroyed"}


@pytest.mark.parametrize(
    "words",
    [("renew", "--reason", " "), ("witness", "end", COURT.name, "--reason", ""),
     ("witness", "trust", COURT.name, "--basis", "\t")],
)  # fmt: skip
def test_what_everybody_reads_in_the_log_is_said(words: tuple[str, ...]) -> None:
    _said("witness", "add", str(COURT.verifier))
    advance()
    before = current()
    with pytest.raises(CommandError, match="says nothing"):
        _said(*words)
    assert current() == before
