"""What was signed is kept, continued, and never contradicted."""

from pathlib import Path

import pytest

from kaimen.kit import canonical
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Checkpoint, Leaf, Log, Tile, Tree
from kaimen.ledger.signing import NotSignable, begin_anew, current, sign
from kaimen.proofs import checkpoints
from kaimen.proofs.notes import VerifierKey

pytestmark = pytest.mark.django_db


def _recorded(leaves: int) -> None:
    record_many(ToRecord("list", {"n": n}) for n in range(leaves))
    advance()


def _back_to(size: int) -> None:
    """The database as a backup had it when the log had `size` leaves."""
    keep = Checkpoint.objects.get(size=size)
    Checkpoint.objects.filter(size__gt=size).delete()
    Leaf.objects.filter(index__gte=size).delete()
    tile = Tile.objects.get(level=0, index=0)
    Tile.objects.update(data=bytes(tile.data)[: size * 32])
    Tree.objects.update(size=size, root=keep.root)


def test_a_checkpoint_is_signed_over_what_came_and_kept() -> None:
    _recorded(3)
    _recorded(4)
    log = current()
    assert log is not None
    read = [checkpoints.read(row.note, VerifierKey.read(log.verifier)).checkpoint for row in Checkpoint.objects.all()]
    assert [one.size for one in read] == [7, 3]
    assert read[0].root == bytes(Tree.objects.get().root)
    assert {one.origin for one in read} == {log.origin}


def test_nothing_new_is_not_signed_again() -> None:
    assert advance() == 0
    assert sign() is None
    _recorded(1)
    assert sign() is None
    assert Checkpoint.objects.count() == 1


def test_a_database_put_back_from_a_backup_signs_nothing() -> None:
    _recorded(3)
    _recorded(4)
    _back_to(3)
    for more in (1, 3, 20):  # shorter than what was signed, as long, longer
        with pytest.raises(NotSignable, match="put back from a backup"):
            _recorded(more)
    assert Checkpoint.objects.count() == 1


def test_a_signature_lost_between_disk_and_database_is_made_again_the_same(keys: Path) -> None:
    _recorded(3)
    before = Checkpoint.objects.get()
    before.delete()  # marked as signed, and the machine stopped before the row was committed
    sign()
    assert Checkpoint.objects.get().note == before.note
    Checkpoint.objects.all().delete()
    _recorded(5)  # or it went on first
    assert Checkpoint.objects.get().size == 8


def test_a_log_begun_anew_has_another_name_and_says_why() -> None:
    _recorded(3)
    _recorded(4)
    _back_to(3)
    old = current()
    begin_anew("put back from the backup of 2 March")
    _recorded(1)
    new = current()
    assert old is not None
    assert new is not None
    assert new.origin != old.origin
    assert new.verifier != old.verifier
    said = canonical.decode(bytes(Leaf.objects.get(kind="log-begun-anew").data))
    assert (said["after"], said["size"], said["key"]) == (old.origin, 3, new.verifier)
    newest = Checkpoint.objects.first()
    assert newest is not None
    assert (newest.log, newest.size) == (new, 5)


def test_a_lost_key_is_not_made_anew_in_silence(keys: Path) -> None:
    _recorded(1)
    for path in (keys / "log").iterdir():
        path.unlink()
    with pytest.raises(NotSignable, match="is not at"):
        _recorded(1)


def test_a_new_database_under_old_keys_is_another_log(keys: Path) -> None:
    _recorded(2)
    first = Checkpoint.objects.get().note
    for model in (Checkpoint, Log, Leaf, Tile, Tree):
        model.objects.all().delete()
    _recorded(2)
    assert Checkpoint.objects.get().note.splitlines()[0] != first.splitlines()[0]
    assert len(list((keys / "log").glob("*.signed"))) == 2


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b"log\n1\n"])
def test_a_mark_that_says_nothing_is_a_reason_not_to_sign(keys: Path, damaged: bytes) -> None:
    _recorded(1)
    (mark,) = (keys / "log").glob("*.signed")
    whole = mark.read_bytes()
    mark.write_bytes(damaged)
    with pytest.raises(NotSignable, match="does not say what was signed last"):
        _recorded(1)
    mark.write_bytes(whole)
    assert sign() is not None
