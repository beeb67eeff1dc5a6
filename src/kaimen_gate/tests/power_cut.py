"""A disk whose power goes: what was fsynced is there afterwards; of all else, chance decides, piece by piece.

What a disk may do with writes that were never synced: keep them, lose them, keep later ones and lose earlier ones, or
keep some sectors of one. A new file that never was synced may be gone, and a deleted one may be back, until the folder
is synced: SQLite does that with the first sync of a journal or log it opened. Bytes beside those written stay as they
were, as SQLite assumes of a disk (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
"""

import random
from collections.abc import Callable
from pathlib import Path

from kaimen_gate.tests.sqlite_disk import Layer

SECTOR = 512


class PowerCut(Layer):
    """Fails for good from its `last`-th step on. `leave` writes what is left into another folder."""

    def __init__(self, last: int, chance: random.Random) -> None:
        super().__init__()
        self._left, self._chance = last, chance
        self._safe: dict[str, bytearray | None] = {}  # None: nothing of it is on the disk
        self._loose: dict[str, list[Callable[[bytearray], None]]] = {}
        self._deleted: set[str] = set()  # the folder does not know yet
        self._syncs_folder: set[str] = set()  # files whose first sync is also the folder's
        self._tearing = False

    @property
    def dark(self) -> bool:
        """Whether the power is gone."""
        return self._left <= 0

    def on_open(self, path: str) -> None:
        """What is there when a life begins is on the disk."""
        if path.endswith(("-wal", "-journal")):
            self._syncs_folder.add(path)
        self._forget({path} & self._deleted)
        if path not in self._safe:
            file = Path(path)
            self._safe[path] = bytearray(file.read_bytes()) if file.exists() else None
            self._loose[path] = []

    def on_write(self, path: str, at: int, data: bytes) -> bool:
        """On its way, until a sync."""
        return self._happens(path, lambda content: self._torn(content, at, data))

    def on_truncate(self, path: str, size: int) -> bool:
        """On its way too."""
        return self._happens(path, lambda content: content.__delitem__(slice(size, None)))

    def on_sync(self, path: str) -> bool:
        """All of this file is safe, unless the power went just before."""
        if self.dark:
            return False
        self._left -= 1
        if self._left <= 0 and self._chance.random() < 0.5:
            return False
        content = self._safe[path] or bytearray()
        for change in self._loose[path]:
            change(content)
        self._safe[path], self._loose[path] = content, []
        if path in self._syncs_folder:
            self._syncs_folder.discard(path)
            self._forget(self._deleted)
        return not self.dark

    def on_delete(self, path: str) -> bool:
        """Gone, or back after the power, until the folder is synced."""
        if self.dark:
            return False
        self._left -= 1
        self._deleted.add(path)
        return not self.dark

    def leave(self, folder: Path) -> None:
        """What is on the disk when the power is back."""
        self._tearing = True
        for path, safe in self._safe.items():
            content = bytearray(safe or b"")
            kept = [change for change in self._loose[path] if self._chance.random() < 0.5]
            for change in kept:
                change(content)
            if path in self._deleted and self._chance.random() < 0.5:
                continue
            if safe is not None or (kept and self._chance.random() < 0.5):
                (folder / Path(path).name).write_bytes(content)

    def _forget(self, deleted: set[str]) -> None:
        for path in deleted:
            self._safe[path], self._loose[path] = None, []
        self._deleted = self._deleted - deleted

    def _happens(self, path: str, change: Callable[[bytearray], None]) -> bool:
        if self.dark:
            return False
        self._left -= 1
        self._loose[path].append(change)
        return not self.dark

    def _torn(self, content: bytearray, at: int, data: bytes) -> None:
        """Write `data`, or, once the power is gone, perhaps only some of its sectors."""
        if len(content) < at + len(data):
            content.extend(bytes(at + len(data) - len(content)))
        whole = not self._tearing or self._chance.random() < 0.5
        for begin in range(0, len(data), SECTOR):
            if whole or self._chance.random() < 0.5:
                piece = data[begin : begin + SECTOR]
                content[at + begin : at + begin + len(piece)] = piece
