"""The centre and a witness, over HTTP: what is recorded is taken in, signed, seen, cosigned, bundled and verified."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from kaimen.ledger import queries, witnesses
from kaimen.ledger.actions import publish, record
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Leaf
from kaimen.ledger.signing import current
from kaimen.proofs import receipts
from kaimen.proofs.notes import VerifierKey
from kaimen_witness.command import main

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "events"])


@pytest.fixture
def log_key() -> VerifierKey:
    """A log that has begun."""
    record("rules-published", {"rules": publish(b"the rules")})
    record("evidence", {"source": "laboratory"}, secret=b"about somebody", emergency="covid-2020")
    advance()
    log = current()
    assert log is not None
    return VerifierKey.read(log.verifier)


@pytest.fixture
def witness_key(tmp_path: Path, capsys) -> VerifierKey:
    """A witness on a machine of its own, registered."""
    assert main(["init", "--data", str(tmp_path / "witness"), "--name", "court.example/w1"]) == 0
    key = capsys.readouterr().out.strip()
    witnesses.add(key)
    return VerifierKey.read(key)


def test_from_a_record_to_a_bundle_that_a_witness_has_seen(
    live_server, tmp_path: Path, log_key: VerifierKey, witness_key: VerifierKey
) -> None:
    follow = ["follow", "--data", str(tmp_path / "witness"), "--log", f"{live_server.url}/log", "--once"]
    follow += ["--key", str(log_key)]
    advance()
    assert main(follow) == 0
    for number in range(300):
        record("evidence", {"source": "hospital"}, secret=b"person %d" % number, emergency="covid-2020")
    advance()
    assert main(follow) == 0
    assert main(follow) == 0  # nothing new
    leaf = Leaf.objects.filter(kind="evidence").order_by("index").last()
    assert leaf is not None
    receipt = queries.receipt_for(leaf.leaf)
    assert receipt is not None
    proved = receipts.verify(receipts.Receipt.read(str(receipt)), log_key, [witness_key], quorum=1)
    assert (proved.secret, list(proved.witnessed)) == (b"person 299", ["court.example/w1"])
    assert "court.example/w1 has seen" in _verified(tmp_path, log_key, witness_key)


def _verified(tmp_path: Path, log_key: VerifierKey, witness_key: VerifierKey) -> str:
    path, out = str(tmp_path / "log.bundle"), io.StringIO()
    call_command("ledger", "bundle", path, stdout=io.StringIO())
    keys = ["--log", str(log_key), "--witness", str(witness_key), "--quorum", "1"]
    call_command("ledger", "verify", path, *keys, stdout=out)
    return out.getvalue()


def test_a_leaf_that_was_changed_in_the_database_is_found_by_whoever_has_the_bundle(
    tmp_path: Path, log_key: VerifierKey, capsys
) -> None:
    path = str(tmp_path / "log.bundle")
    leaf = Leaf.objects.get(index=1)
    data = bytearray(leaf.data)
    data[-1] ^= 1
    Leaf.objects.filter(index=1).update(data=bytes(data))
    call_command("ledger", "bundle", path, stdout=io.StringIO())
    assert main(["verify", path, "--log", str(log_key)]) == 1
    assert capsys.readouterr().err.startswith(("kaimen-witness: leaf 1", "kaimen-witness: checkpoint 0"))
