"""After an emergency: the log verifies, and no file says anything about anybody."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from kaimen.kit import secret_file
from kaimen.ledger import openings, queries, tiles
from kaimen.ledger.actions import ToRecord, record, record_many
from kaimen.ledger.advancing import advance
from kaimen.ledger.bundling import write_bundle
from kaimen.ledger.destroying import NoOpenings, StillUsed, destroy_openings
from kaimen.ledger.models import Leaf, Log, Opening, OpeningsDestroyed
from kaimen.ledger.openings import OpeningKey, OpeningsGone, key_path
from kaimen.proofs import receipts, report
from kaimen.proofs.leaf import read_leaf
from kaimen.proofs.notes import VerifierKey
from kaimen.proofs.tiles import ENTRIES, Tile

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "covid-2020"


def _files(keys: Path) -> dict[str, bytes]:
    """Every file of the installation: database, write-ahead log, keys."""
    database = Path(str(connection.settings_dict["NAME"]))
    paths = [*database.parent.glob(f"{database.name}*"), *keys.rglob("*")]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def _in(files: dict[str, bytes], needles: list[bytes]) -> set[str]:
    return {name for name, data in files.items() if any(needle in data for needle in needles)}


def test_after_destroying_nothing_opens_and_no_file_holds_anything_of_it(keys: Path) -> None:
    with connection.cursor() as cursor:  # some builds of SQLite overwrite what they delete; not all do
        cursor.execute("PRAGMA secure_delete=OFF")
    leaves = record_many(
        (ToRecord("colour", {}, {"subject": f"37029919900101{n:04}"}) for n in range(500)), emergency=NAME
    )
    other = record("colour", {}, secret={"subject": "another's"}, emergency="typhoon-2020")
    advance()
    opened = [opening for leaf in leaves if (opening := queries.opening_of(leaf))]
    sealed = [bytes(data) for data in Opening.objects.filter(emergency=NAME).values_list("sealed", flat=True)]
    key = OpeningKey.of(NAME).key
    assert len(opened) == 500
    traces = [key, *sealed, *(one.salt for one in opened), *(one.secret for one in opened)]
    assert _in(_files(keys), traces), "the scan finds nothing even before: it is blind"

    done = destroy_openings(NAME)

    assert done.openings == 500
    assert _in(_files(keys), traces) == set()
    assert queries.opening_of(leaves[0]) is None
    assert queries.opening_of(other) is not None


def test_the_log_verifies_as_before_and_says_how_many_were_destroyed(keys: Path) -> None:
    leaves = record_many((ToRecord("colour", {}, b"secret") for _ in range(40)), emergency=NAME)
    advance()
    kept = queries.receipt_for(leaves[7])
    destroy_openings(NAME)
    advance()
    log = VerifierKey.read(Log.objects.get().verifier)
    file = io.BytesIO()
    write_bundle(file, openings=True)
    file.seek(0)
    report.verified(file, report.Asked((log,), (), 0, ()))
    said = read_leaf(bytes(Leaf.objects.get(kind="openings-destroyed").data)).said
    assert (said["emergency"], said["openings"]) == (NAME, 40)
    assert kept is not None
    assert receipts.verify(kept, log).secret == b"secret", "the person's own receipt still proves what it says"
    fresh = queries.receipt_for(leaves[7])
    assert fresh is not None
    assert receipts.verify(fresh, log).secret is None


def test_under_a_destroyed_key_nothing_is_sealed_again(keys: Path) -> None:
    record("colour", {}, secret=b"secret", emergency=NAME)
    destroy_openings(NAME)
    with pytest.raises(OpeningsGone):
        record("colour", {}, secret=b"secret", emergency=NAME)
    assert key_path(NAME).read_bytes() == b""


def test_destroying_again_finishes_what_a_crash_left(keys: Path) -> None:
    leaf = record("colour", {}, secret=b"secret", emergency=NAME)
    row = Opening.objects.get(pk=leaf)
    destroy_openings(NAME)
    row.save(force_insert=True)  # the key was gone, and the machine stopped before the rows were
    assert destroy_openings(NAME).openings == 1
    assert not Opening.objects.exists()
    destroy_openings(NAME)
    assert OpeningsDestroyed.objects.count() == 2
    advance()
    assert Leaf.objects.filter(kind="openings-destroyed").count() == 2


def test_an_emergency_nobody_knows_is_not_destroyed(keys: Path) -> None:
    with pytest.raises(NoOpenings):
        destroy_openings("covid-2021")
    assert not key_path("covid-2021").exists()


@pytest.mark.parametrize("name", ["../django", "", "Covid", "a/b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        key_path(name)


def test_what_is_in_force_is_not_destroyed_by_mistake(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record("colour", {}, secret=b"secret", emergency=NAME)
    record("colour", {}, secret=b"secret", emergency=openings.STANDING)
    monkeypatch.setattr(openings, "_told", [lambda: NAME])
    for emergency in (NAME, openings.STANDING):
        with pytest.raises(StillUsed, match="in force"):
            destroy_openings(emergency)
        assert key_path(emergency).read_bytes()
    monkeypatch.setattr(openings, "_told", [lambda: None])
    assert destroy_openings(NAME).openings == 1


def test_a_bundle_for_auditors_reads_each_key_once(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record_many((ToRecord("colour", {"n": n}, b"secret") for n in range(20)), emergency=NAME)
    advance()
    read: list[Path] = []
    kept = secret_file.kept

    def counted(path: Path, make: Callable[[], bytes]) -> bytes:
        read.append(path)
        return kept(path, make)

    monkeypatch.setattr(openings, "kept", counted)
    write_bundle(io.BytesIO(), openings=True)
    tiles.openings(Tile(ENTRIES, 0, 20))
    assert read == [key_path(NAME)] * 2
