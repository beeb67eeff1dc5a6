"""The folder of a test run: gone when the run ends, or with the next run when it was killed or left without goodbye.

A run holds a lock on a file in its folder for as long as it lives; whatever ends it, the kernel lets go. (mypy, which
reads the settings for its Django plugin, leaves by `os._exit`: nothing that is registered with `atexit` happens then.)
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX, LOCK = "kaimen-test-", ".lock"
_held: list[int] = []  # open files: a lock is gone when its file is closed


def own(within: Path) -> Path:
    """A new folder below `within`, this process's own; those whose processes are gone are taken away."""
    sweep(within)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within))
    new = folder / f"{LOCK}.new"
    file = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    new.rename(folder / LOCK)  # whoever finds it there finds it locked
    _held.append(file)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def sweep(within: Path) -> None:
    """Take away the folders of runs that are over."""
    for lock in within.glob(f"{PREFIX}*/{LOCK}"):
        try:
            if not _is_held(lock):
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # somebody else's, or another run takes it away just now
            continue


def _is_held(lock: Path) -> bool:
    file = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
