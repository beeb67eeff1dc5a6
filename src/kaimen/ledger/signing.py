"""Signing what the tree became, and never two histories.

Beside the key lies a mark: the last size and root it signed, written before the signature is used. A database that was
put back from a backup does not contain that tree any more; then nothing is signed until somebody begins the log anew,
under another name and key, and says why. What the machine's owner does to database, key and mark together, only
witnesses find.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kaimen.ledger.actions import record
from kaimen.ledger.models import Checkpoint, Log, Tree
from kaimen.ledger.sequencer import locked_tree
from kaimen.ledger.tiles import tree_of
from kaimen.proofs import checkpoints
from kaimen.proofs.notes import LogKey


class NotSignable(RuntimeError):
    """The log cannot be signed as it is; the message says why and what to do."""


def sign() -> Checkpoint | None:
    """Sign the tree as it was committed; None when there is nothing new. Raises NotSignable."""
    if not _grown():
        return None
    with transaction.atomic():
        tree = locked_tree()  # one signs at a time
        log = current() or _begin("")
        newest = log.checkpoints.first()
        if newest is not None and newest.size == tree.size:
            return None  # another was faster
        key, now = _key(log), checkpoints.Checkpoint(log.origin, tree.size, bytes(tree.root))
        _continue_from_mark(log, now, newest)
        note = checkpoints.signed(now, key)
        return log.checkpoints.create(size=now.size, root=now.root, note=str(note))


def current() -> Log | None:
    """The log in force; None before anything was signed."""
    return Log.objects.first()


@transaction.atomic
def begin_anew(reason: str) -> Log:
    """Go on under another name and key, because the old log cannot be continued. The first leaf after says so."""
    tree, old = locked_tree(), current()
    log = _begin(reason)
    about = {"origin": log.origin, "key": log.verifier, "size": tree.size, "reason": reason}
    record("log-begun-anew", about | ({"after": old.origin} if old else {}))
    return log


def _grown() -> bool:
    tree = Tree.objects.first()
    if tree is None or tree.size == 0:
        return False
    return not Checkpoint.objects.filter(log=current(), size=tree.size).exists()


def _begin(reason: str) -> Log:
    """A log of its own name: whoever knew another database's log never mistakes this one for it."""
    origin = f"{settings.KAIMEN_LOG_NAME}/log/{secrets.token_hex(4)}"
    key = LogKey.kept_at(_key_path(origin), origin)
    tree = Tree.objects.first()
    size = tree.size if tree and reason else 0
    return Log.objects.create(origin=origin, verifier=str(key.verifier), begun_size=size, reason=reason)


def _key_path(origin: str) -> Path:
    path: Path = settings.KEYS / "log" / origin.rpartition("/")[2]
    return path


def _key(log: Log) -> LogKey:
    path = _key_path(log.origin)
    if not path.exists():
        raise NotSignable(f"the key of {log.origin} is not at {path}: put it back, or: kaimen ledger renew --reason …")
    key = LogKey.kept_at(path, log.origin)
    if str(key.verifier) != log.verifier:
        raise NotSignable(f"{path} holds another key than that of {log.origin}: put it back")
    return key


def _continue_from_mark(log: Log, now: checkpoints.Checkpoint, newest: Checkpoint | None) -> None:
    """Make sure that what was signed last is contained in what is signed now, and mark this. Raises NotSignable."""
    path = _key_path(log.origin).with_suffix(".signed")
    if path.exists():
        mark = _read_mark(path)
        known = newest is not None and (newest.size, bytes(newest.root)) == (mark.size, mark.root)
        if not known and (mark.size > now.size or tree_of(mark.size).root() != mark.root):
            raise NotSignable(
                f"{log.origin} signed {mark.size} leaves that this database does not have: it was put back from a "
                "backup. Nothing is lost by waiting: put the newest back, or begin anew: kaimen ledger renew --reason …"
            )
    _write(path, str(now))


def _read_mark(path: Path) -> checkpoints.Checkpoint:
    try:
        return checkpoints.Checkpoint.read_text(path.read_text("utf-8"))
    except ValueError as error:  # of which UnicodeDecodeError and NotACheckpoint are
        raise NotSignable(
            f"{path} does not say what was signed last ({error}): put it back, or: kaimen ledger renew --reason …"
        ) from error


def _write(path: Path, text: str) -> None:
    """On the disk before this returns, or as it was."""
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
