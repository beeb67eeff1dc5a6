"""What a witness must not forget: the last checkpoint it cosigned, on its disk before anybody sees the cosignature."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaimen.kit import clock
from kaimen.kit.whole_file import write_whole
from kaimen.proofs.notes import NotANote, Note

MOST_ALARMS = 1_000  # a log that grows shows another note at every look; the first ones prove it
KEY, NAME, LAST, ALARMS = "key.pem", "name", "checkpoint", "alarms"


class Damaged(Exception):
    """The folder does not hold what this witness kept there."""


class InUse(Exception):
    """Another process works in this folder."""


class Memory:
    """One folder, for one log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self) -> Note | None:
        """The last checkpoint this witness cosigned, with its cosignature. Raises Damaged."""
        path = self._folder / LAST
        if not path.exists():
            return None
        try:
            return Note.read(path.read_bytes())
        except (NotANote, OSError) as error:
            raise Damaged(f"{path} is not what was kept there: {error}") from error

    def keep(self, note: Note) -> None:
        """Remember `note` from now on. Raises OSError."""
        write_whole(self._folder / LAST, str(note).encode())

    def keep_alarm(self, what: str, *shown: bytes) -> Path:
        """Keep what does not fit, for people and courts: the same once, and no more than MOST_ALARMS of them.

        Gives the file, or the folder when it is full. Raises OSError.
        """
        folder = self._folder / ALARMS
        folder.mkdir(mode=0o700, exist_ok=True)
        text = b"\n\n".join((f"{what}\n".encode(), *shown))
        held = sorted(folder.iterdir())
        for path in held:
            if path.read_bytes() == text:
                return path
        if len(held) >= MOST_ALARMS:
            return folder
        path = folder / f"{clock.now():%Y%m%dT%H%M%S%f}.txt"
        write_whole(path, text)
        return path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """This folder for this process alone. Raises InUse."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InUse(f"another witness works in {folder}") from error
        yield
