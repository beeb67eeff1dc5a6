"""What leaves the log: receipts, witnesses' cosignatures coming in, bundles; each checked by `proofs` alone."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaimen.kit import canonical, clock
from kaimen.ledger import queries, witnesses
from kaimen.ledger.actions import ToRecord, publish, record, record_many
from kaimen.ledger.advancing import advance
from kaimen.ledger.bundling import NothingSigned, write_bundle
from kaimen.ledger.models import Cosignature, Leaf, Log, Opening
from kaimen.ledger.openings import NotOpened
from kaimen.proofs import bundles, checkpoints, receipts, report
from kaimen.proofs.notes import LogKey, NotANote, NotSigned, VerifierKey, WitnessKey

pytestmark = pytest.mark.django_db
SECRET = {"subject": "37029919900101001X", "colour": "red"}
SEEN = datetime(2020, 3, 16, 4, tzinfo=UTC)
COURT = WitnessKey.generate("court.example/witness")


def _log() -> VerifierKey:
    return VerifierKey.read(Log.objects.get().verifier)


def _cosigned(key: WitnessKey = COURT, at: datetime = SEEN) -> str:
    newest = queries.checkpoint()
    assert newest is not None
    return str(checkpoints.cosigned(queries.note(newest), key, at))


def test_a_receipt_opens_its_leaf_and_proves_that_the_log_has_it() -> None:
    record_many(ToRecord("list", {}) for _ in range(300))
    leaf = record("colour", {"rule": b"\1" * 32}, secret=SECRET)
    assert queries.receipt_for(leaf) is None, "it still waits"
    advance()
    shown = queries.receipt_for(leaf)
    assert shown is not None
    proved = receipts.verify(receipts.Receipt.read(str(shown)), _log())
    assert (proved.index, proved.leaf.kind, proved.leaf.id) == (300, "colour", leaf.bytes)
    assert proved.secret == canonical.encode(SECRET)


def test_a_receipt_rests_on_what_a_witness_saw_where_there_is_such_a_tree() -> None:
    witnesses.add(str(COURT.verifier))
    leaf = record("colour", {}, secret=SECRET)
    advance()
    assert witnesses.take_in(_cosigned()) == ["court.example/witness"]
    record("list", {})
    advance()
    shown = queries.receipt_for(leaf)
    assert shown is not None
    proved = receipts.verify(shown, _log(), [COURT.verifier], quorum=1)
    assert proved.checkpoint.size == 2
    assert dict(proved.witnessed) == {"court.example/witness": SEEN}


def test_an_opening_altered_by_hand_is_noticed() -> None:
    leaf = record("colour", {}, secret=SECRET)
    advance()
    row = Opening.objects.get()
    Opening.objects.update(sealed=bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1]))
    with pytest.raises(NotOpened):
        queries.receipt_for(leaf)


def test_only_registered_witnesses_are_heard_and_the_first_cosignature_stays() -> None:
    record("list", {})
    advance()
    assert witnesses.take_in(_cosigned()) == []
    witnesses.add(str(COURT.verifier))
    advance()
    for minutes in (0, 5):
        witnesses.take_in(_cosigned(at=SEEN + timedelta(minutes=minutes)))
    assert [row.at for row in Cosignature.objects.all()] == [SEEN]
    witnesses.end("court.example/witness", "its machine was replaced")
    assert witnesses.take_in(_cosigned()) == []
    with pytest.raises(witnesses.NoSuchWitness):
        witnesses.end("court.example/witness", "again")
    advance()
    assert list(Leaf.objects.order_by("index").values_list("kind", flat=True)) == [
        "list", "witness-added", "witness-ended",
    ]  # fmt: skip


def test_a_forged_cosignature_is_refused() -> None:
    witnesses.add(str(COURT.verifier))
    advance()
    forger = WitnessKey.generate("court.example/witness")
    line = _cosigned(forger).splitlines()[-1].split()[-1]
    forged = _cosigned().replace(_cosigned().splitlines()[-1].split()[-1][10:], line[10:])
    with pytest.raises((NotSigned, NotANote)):
        witnesses.take_in(forged)


def test_a_checkpoint_of_another_history_is_refused() -> None:
    witnesses.add(str(COURT.verifier))
    advance()
    key = LogKey.generate(Log.objects.get().origin)
    other = checkpoints.signed(checkpoints.Checkpoint(key.name, 1, b"\1" * 32), key)
    with pytest.raises(witnesses.NotThisLogs):
        witnesses.take_in(str(checkpoints.cosigned(other, COURT, SEEN)))


@pytest.mark.parametrize("key", ["", "court+00000000+AAAA", str(LogKey.generate("court.example/log").verifier)])
def test_what_is_no_witness_key_is_not_registered(key: str) -> None:
    with pytest.raises(NotANote):
        witnesses.add(key)


def test_a_name_has_one_key() -> None:
    witnesses.add(str(COURT.verifier))
    witnesses.add(str(COURT.verifier))
    with pytest.raises(NotANote, match="another key"):
        witnesses.add(str(WitnessKey.generate("court.example/witness").verifier))


def _verified(file: io.BytesIO, **asked: Any) -> dict[str, Any]:
    import json

    told = report.Asked(asked.get("logs", ()), asked.get("witnesses", ()), asked.get("quorum", 0), ())
    found: dict[str, Any] = json.loads(report.verified(file, told).as_json())
    return found


@pytest.mark.parametrize("openings", [False, True])
def test_a_bundle_is_checked_by_who_has_nothing_else(openings: bool) -> None:
    witnesses.add(str(COURT.verifier))
    digest = publish("规则".encode())
    record("rules-published", {"digest": digest})
    with clock.frozen(clock.now()):
        for n in range(5):
            record_many(ToRecord("colour", {"n": n}, SECRET) for _ in range(120))
            advance()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        witnesses.take_in(_cosigned(at=clock.now()))
    record("list", {})  # waits: it is not signed, so it is not in the bundle
    file = io.BytesIO()
    assert write_bundle(file, openings=openings) == 602
    file.seek(0)
    bundle = bundles.Bundle(file)
    assert (bundle.header.leaves, bundle.header.openings, bundle.header.objects) == (602, 600 * openings, 1)
    assert (b"370299" in b"".join(one.secret for _, one in bundle.openings())) == openings
    file.seek(0)
    _verified(file, logs=(_log(),), witnesses=(COURT.verifier,), quorum=1)


def test_the_same_log_gives_the_same_bundle() -> None:
    record_many(ToRecord("colour", {}, SECRET) for _ in range(20))
    advance()
    one, two = io.BytesIO(), io.BytesIO()
    write_bundle(one, openings=True)
    write_bundle(two, openings=True)
    assert one.getvalue() == two.getvalue()


def test_before_anything_is_signed_there_is_no_bundle() -> None:
    record("list", {})
    with pytest.raises(NothingSigned):
        write_bundle(io.BytesIO(), openings=False)


def test_leaves_are_found_by_kind_and_place() -> None:
    record_many(ToRecord("list" if n % 3 else "snapshot", {"n": n}) for n in range(30))
    advance()
    assert [leaf.index for leaf in queries.leaves("snapshot")] == list(range(0, 30, 3))
    assert [leaf.index for leaf in queries.leaves("list", "snapshot", start=28)] == [28, 29]
    last = queries.leaf_at(29)
    assert last is not None
    assert canonical.decode(last.data)["n"] == 29
    assert queries.leaf_at(30) is None


def test_a_log_that_is_behind_is_noticed() -> None:
    patience = timedelta(minutes=1)
    with clock.frozen(SEEN):
        record("list", {})
        assert not queries.behind(patience)
    with clock.frozen(SEEN + timedelta(minutes=2)):
        assert queries.behind(patience), "nobody takes it in"
        advance()
        assert not queries.behind(patience)
        from kaimen.ledger.models import Checkpoint

        Checkpoint.objects.all().delete()
        assert queries.behind(patience), "nobody signs it"
