"""Following a log: one look at a time. What continues the last checkpoint is cosigned; what does not is an alarm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kaimen.kit import clock
from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint, Cosigned, NotACheckpoint
from kaimen.proofs.merkle import EMPTY_ROOT, verify_consistency
from kaimen.proofs.notes import NotANote, Note, NotSigned, Signature, VerifierKey, WitnessKey
from kaimen.proofs.tiles import NotATile, Tile, TiledTree
from kaimen_witness.memory import Memory


class Log(Protocol):
    """What a witness asks a log for. Everything may raise Unreachable."""

    def checkpoint(self) -> bytes:
        """The newest checkpoint."""

    def tile(self, tile: Tile) -> bytes:
        """A tile, or an entry bundle."""

    def hand_over(self, note: Note) -> None:
        """Take cosignatures."""


class Alarm(Exception):
    """The log told two stories, or one that does not hold. `shown` is what proves it."""

    def __init__(self, what: str, *shown: bytes) -> None:
        super().__init__(what)
        self.what, self.shown = what, shown


@dataclass(frozen=True)
class Looked:
    """What a look found: how large the log is, and whether that was cosigned now."""

    size: int
    fresh: bool


class Follower:
    """A witness of one log. `check` may look further before anything is cosigned, and raise Alarm."""

    def __init__(
        self,
        log: Log,
        log_key: VerifierKey,
        key: WitnessKey,
        memory: Memory,
        check: Callable[[Cosigned], None] | None = None,
    ) -> None:
        self._log, self._log_key, self._key, self._memory, self._check = log, log_key, key, memory, check

    def look(self) -> Looked:
        """Look once. Raises Alarm, Unreachable, Damaged; then nothing was cosigned."""
        data = self._log.checkpoint()
        shown, last = self._read(data), self._memory.last()
        now = shown.checkpoint
        before = self._known(last) if last else Checkpoint(now.origin, 0, EMPTY_ROOT)
        self._continues(before, now, data, str(last or "").encode())
        if last is not None and now.size == before.size:
            if self._key.verifier.cosigned(shown.note) is None:  # a log that never got it, or lost it
                self._log.hand_over(last)
            return Looked(now.size, fresh=False)
        if self._check is not None:
            self._check(shown)
        note = checkpoints.cosigned(Note(shown.note.text, ()), self._key, clock.now())
        kept = Note(note.text, (*self._log_lines(shown), *note.signatures))
        self._memory.keep(kept)
        self._log.hand_over(kept)
        return Looked(now.size, fresh=True)

    def _read(self, data: bytes) -> Cosigned:
        try:
            return checkpoints.read(data, self._log_key, (self._key.verifier,))
        except (NotANote, NotACheckpoint, NotSigned) as error:
            raise Alarm(f"what the log shows is no checkpoint of it: {error}", data) from error

    def _known(self, last: Note) -> Checkpoint:
        """What was kept; another log's is not to be forgotten by mistake."""
        kept = Checkpoint.read_text(last.text)
        if kept.origin != self._log_key.name:
            raise ValueError(
                f"this folder is that of a witness of {kept.origin}; take another for {self._log_key.name}"
            )
        return kept

    def _log_lines(self, shown: Cosigned) -> tuple[Signature, ...]:
        return tuple(one for one in shown.note.signatures if one.key_id == self._log_key.key_id)

    def _continues(self, before: Checkpoint, now: Checkpoint, data: bytes, last: bytes) -> None:
        """Raises Alarm."""
        if now.size < before.size:
            raise Alarm(f"the log shows {now.size} leaves; it has shown {before.size}", data, last)
        if now.size == before.size:
            if now.root != before.root:
                raise Alarm(f"the log shows two trees of {now.size} leaves", data, last)
            return
        tree = TiledTree(now.size, self._log.tile)
        try:
            if before.size:
                path = tree.consistency_path(before.size)
                holds = verify_consistency(before.size, now.size, before.root, now.root, path)
            else:
                holds = tree.root() == now.root
            if not holds:
                raise Alarm(f"{now.size} leaves do not begin with the {before.size} seen before", data, last)
        except NotATile as error:
            raise Alarm(f"the log's tiles are no tiles: {error}", data, last) from error
