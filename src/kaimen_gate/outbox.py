"""What the centre does not hold yet, in batches that stay the same bytes until it does. For one thread."""

from collections.abc import Mapping
from uuid import UUID

from kaimen.kit.keys import SigningKey
from kaimen_gate import wire
from kaimen_gate.journal import Journal
from kaimen_gate.writer import Writer


class Outbox:
    """The journal beyond the last entry that the centre acknowledged."""

    def __init__(
        self, journal: Journal, writer: Writer, node: UUID, key: SigningKey, together: int = wire.BATCH
    ) -> None:
        """`together`: entries in a batch at most."""
        self._together = together
        self._journal, self._writer, self._node, self._key = journal, writer, node, key
        self._sent = journal.acknowledged
        self._first = self._last = 0  # numbers of the batch under way
        self._batch: bytes | None = None

    @property
    def unsent(self) -> int:
        """How many entries the centre does not hold, as far as this node knows."""
        return max(0, self._journal.last - self._sent)

    def batch(self) -> bytes | None:
        """The batch to send now, or None when the centre holds everything. Raises sqlite3.Error."""
        if self._batch is None:
            entries = self._journal.unsent(self._sent, self._together)
            if entries:
                self._first, self._last = self._sent + 1, self._sent + len(entries)
                self._batch = wire.write_batch(entries, self._node, self._key)
        return self._batch

    def acknowledged(self, seq: int) -> None:
        """The centre holds everything up to `seq`.

        Never believed beyond what was in the batch: should this disk be an old copy, then what follows must still be
        sent, so that the centre sees the fork.
        """
        self._go_on_after(min(seq, self._last))

    def missing(self, seq: int) -> bool:
        """The centre holds entries up to `seq` only. Go back to there, if that is further back than the batch began."""
        if seq >= self._first - 1:
            return False
        self._go_on_after(seq)
        return True

    def centre_holds(self, chains: Mapping[str, int]) -> None:
        """How far the centre says it holds each chain of this node (by epoch), after it acknowledged all we sent.

        Less than it once acknowledged: it was restored from a backup, and gets again what it lost.
        """
        held = max(0, chains.get(str(self._journal.epoch), 0))
        if held < self._sent:
            self._go_on_after(held)

    def _go_on_after(self, seq: int) -> None:
        self._batch = None
        self._sent = seq
        self._writer.acknowledge(seq)
