"""The log over HTTP: what a witness or any tlog client reads, and what it may send."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from kaimen.kit import canonical, clock
from kaimen.ledger import queries, witnesses
from kaimen.ledger.actions import ToRecord, publish, record, record_many
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Log
from kaimen.proofs import checkpoints
from kaimen.proofs.merkle import verify_inclusion
from kaimen.proofs.notes import VerifierKey, WitnessKey
from kaimen.proofs.tiles import Tile, TiledTree, changed, read_entries

pytestmark = pytest.mark.django_db
COURT = WitnessKey.generate("court.example/witness")
SEEN = datetime(2020, 3, 16, 4, tzinfo=UTC)


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> VerifierKey:
    """A log of 700 leaves."""
    settings.KEYS = tmp_path
    record_many(ToRecord("list", {"n": n}) for n in range(700))
    advance()
    return VerifierKey.read(Log.objects.get().verifier)


def test_a_client_rebuilds_the_tree_from_what_is_served(client: Client, log: VerifierKey) -> None:
    signed = checkpoints.read(client.get("/log/checkpoint").content, log).checkpoint
    tree = TiledTree(signed.size, lambda tile: client.get(f"/log/{tile.path}").content)
    assert (signed.size, tree.root()) == (700, signed.root)
    for tile in changed(0, signed.size):
        answer = client.get(f"/log/{tile.path}")
        assert answer.status_code == 200, tile.path
        assert "immutable" in answer["Cache-Control"]
        assert client.get(f"/log/{tile.path}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    leaves = list(read_entries(client.get(f"/log/{Tile(-1, 1).path}").content))
    assert leaves == [leaf.data for leaf in queries.leaves(start=256, end=512)]


def test_a_checkpoint_is_asked_for_again_and_answered_when_it_changed(client: Client, log: VerifierKey) -> None:
    first = client.get("/log/checkpoint")
    assert first["Cache-Control"] == "public, no-cache"
    assert client.get("/log/checkpoint", headers={"if-none-match": first["ETag"]}).status_code == 304
    record_many([ToRecord("list", {})])
    advance()
    assert client.get("/log/checkpoint", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_what_is_the_same_for_everybody_is_kept_once_by_caches_between(client: Client, log: VerifierKey) -> None:
    for address in ("/log/checkpoint", "/log/tile/0/000", "/log/tile/entries/001", "/log/leaves/0/", "/log/bundle/"):
        answers = [client.get(address, headers={"accept-language": language}) for language in ("zh", "en")]
        assert all(not one.has_header("Vary") and not one.cookies for one in answers), address
        assert len({b"".join(one) for one in answers}) == 1, address
    assert "Accept-Language" in client.get("/log/")["Vary"]
    assert "Accept-Language" in client.get("/log/tile/0/999")["Vary"]


def test_a_leaf_comes_with_its_proof(client: Client, log: VerifierKey) -> None:
    said = client.get("/log/leaves/400/").json()
    proof = [base64.b64decode(step) for step in said["proof"]]
    signed = checkpoints.read(said["checkpoint"], log).checkpoint
    assert verify_inclusion(base64.b64decode(said["leaf_hash"]), 400, said["tree_size"], proof, signed.root)


@pytest.mark.parametrize("path", [
    "leaves/700/", "leaves/99999999999999999999999/", "tile/0/003", "tile/0/002.p/189", "tile/0/002", "tile/9/000",
    "tile/0/x000/000", "tile/0/00", "tile/", "tile/entries/003", "tile/0/../0", "tile/-1/000",
    "tile/0/x999/x999/x999/x999/x999/x999/999", "objects/zz", "objects/" + "00" * 32,
])  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, log: VerifierKey, path: str) -> None:
    assert client.get(f"/log/{path}").status_code == 404


def test_before_anything_is_signed_there_is_nothing(client: Client) -> None:
    for path in ("checkpoint", "tile/0/000.p/1", "leaves/0/"):
        assert client.get(f"/log/{path}").status_code == 404


def test_what_a_leaf_names_is_served_under_its_digest(client: Client) -> None:
    digest = publish("规则".encode())
    assert client.get(f"/log/objects/{digest.hex()}").content.decode() == "规则"


def _sent(client: Client, note: str | bytes) -> tuple[int, dict[str, Any]]:
    answer = client.post("/log/cosignatures", note, content_type="text/plain")
    return answer.status_code, answer.json() if answer.content else {}


def _cosigned(client: Client, key: WitnessKey = COURT) -> str:
    from kaimen.proofs.notes import Note

    return str(checkpoints.cosigned(Note.read(client.get("/log/checkpoint").content), key, SEEN))


def test_a_registered_witness_is_heard_and_its_line_is_served(client: Client, log: VerifierKey) -> None:
    assert client.get("/log/checkpoint?witnessed").status_code == 404
    assert _sent(client, _cosigned(client))[0] == 403
    witnesses.add(str(COURT.verifier))
    assert _sent(client, _cosigned(client)) == (204, {})
    served = checkpoints.read(client.get("/log/checkpoint?witnessed").content, log, [COURT.verifier])
    assert dict(served.witnessed) == {"court.example/witness": SEEN}


@pytest.mark.parametrize(("note", "status"), [
    ("", 400), ("no note", 400), (b"\xff\xfe", 400), ("a\nb\nc\n\n— x AAAAAAA=\n", 400), ("a\n" * 20_000, 413),
    ("other.example/log\n1\n" + "A" * 43 + "=\n\n— x AAAAAAA=\n", 409),
])  # fmt: skip
def test_what_is_no_cosignature_is_refused_in_words(
    client: Client, log: VerifierKey, note: str | bytes, status: int
) -> None:
    witnesses.add(str(COURT.verifier))
    got, said = _sent(client, note)
    assert (got, bool(said["error"])) == (status, True)


def test_a_line_that_does_not_hold_is_refused(client: Client, log: VerifierKey) -> None:
    witnesses.add(str(COURT.verifier))
    record_many([ToRecord("list", {})])
    before = _cosigned(client)
    advance()
    line = before.splitlines()[-1]
    assert _sent(client, client.get("/log/checkpoint").content.decode() + line + "\n")[0] == 403


def _openings(client: Client, path: str, time: str = "", key: WitnessKey = COURT, said: str = "") -> Any:
    time = time or clock.now().isoformat()
    signature = base64.b64encode(key.ask(said or path, time)).decode()
    headers = {"Kaimen-Witness": key.name, "Kaimen-Time": time, "Kaimen-Signature": signature}
    return client.get(path, headers=headers)


def test_a_witness_that_is_given_openings_reads_them_leaf_by_leaf(client: Client, log: VerifierKey) -> None:
    record("colour", {}, secret=b"said in secret", emergency="covid-2020")
    advance()
    witnesses.add(str(COURT.verifier))
    path = "/log/openings/002.p/189"
    assert _openings(client, path).status_code == 401, "it is registered, but no openings are given to it"
    witnesses.give_openings(COURT.name, "order 12 of the court")
    answer = _openings(client, path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    *empty, last = read_entries(answer.content)
    assert set(empty) == {b""}
    assert canonical.decode(last)[1] == b"said in secret"
    assert _openings(client, "/log/openings/003").status_code == 404


def test_nobody_else_reads_openings(client: Client, log: VerifierKey) -> None:
    witnesses.add(str(COURT.verifier))
    witnesses.give_openings(COURT.name, "order 12 of the court")
    path, old = "/log/openings/000", (clock.now() - timedelta(minutes=6)).isoformat()
    assert _openings(client, path).status_code == 200
    assert client.get(path).status_code == 401
    assert _openings(client, path, key=WitnessKey.generate(COURT.name)).status_code == 401
    assert _openings(client, path, said="/log/openings/001").status_code == 401
    assert _openings(client, path, time=old).status_code == 401
    assert _openings(client, path, time="2020-03-16T12:00:00").status_code == 401
    assert _openings(client, path, time="yesterday").status_code == 401
    witnesses.end(COURT.name, "moved")
    assert _openings(client, path).status_code == 401
