"""The public bundle for whoever asks: written at most once an hour, by one request at a time, and kept as a file.

However often it is asked for, the log is read once; the file says nothing about anybody.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from kaimen.ledger import queries
from kaimen.ledger.bundling import write_bundle

KEPT_FOR = 3600.0  # seconds of the machine's own clock


class BeingWritten(RuntimeError):
    """Another request writes the first one; ask again in a moment."""


def newest() -> Path | None:
    """The bundle that lies there, if any."""
    return max(_folder().glob("public-*.zip"), key=_size_of, default=None)


def current() -> Path:
    """The bundle: the one kept where it is fresh or nothing was signed since, else a new one.

    Raises NothingSigned, BeingWritten.
    """
    kept, signed = newest(), queries.checkpoint()
    if kept is not None and (_fresh(kept) or (signed is not None and _size_of(kept) >= signed.size)):
        return kept
    with _alone() as mine:
        if not mine:
            if kept is not None:
                return kept
            raise BeingWritten("the bundle is being written for somebody else")
        return _written(kept)


def _written(before: Path | None) -> Path:
    part = _folder() / "public.part"
    with part.open("wb") as file:
        size = write_bundle(file, openings=False)
    name = _folder() / f"public-{size}.zip"
    part.replace(name)
    if before is not None and before != name:
        before.unlink(missing_ok=True)  # who reads it still has it open
    return name


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process may write; the lock is gone with the process."""
    with (_folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _folder() -> Path:
    folder: Path = settings.DATA / "bundles"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _size_of(path: Path) -> int:
    digits = path.stem.removeprefix("public-")
    return int(digits) if digits.isdigit() else -1


def _fresh(path: Path) -> bool:
    return time.time() - os.stat(path).st_mtime < KEPT_FOR
