"""The node's journal: entries on disk, each carrying the hash of the one before, none answered before it is safe.

SQLite with WAL and synchronous=FULL: a commit that returned has been through fsync. `append` is all or nothing: when
its commit fails, none of its entries was made. The outbox is no table: it is what lies beyond `acknowledged`.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kaimen_gate import wire
from kaimen_gate.scan import Decision
from kaimen_gate.wire import Entry

_TABLES = """
    CREATE TABLE IF NOT EXISTS journal (node BLOB NOT NULL, epoch INTEGER NOT NULL, acknowledged INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, raw BLOB NOT NULL);
"""
_CHECKED_AT_START = 1000
SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "journal_size_limit=16777216")
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class JournalFailed(Exception):
    """The disk did not take it: full, read-only, or failing. Nothing was recorded."""


class ChainBroken(Exception):
    """Rows that are not the chain this node wrote."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last number used, and what the next entry carries as `previous`."""

    seq: int = 0
    link: bytes = wire.FIRST_LINK


class Journal:
    """One chain of one node. One thread writes; `unsent` may be asked from another."""

    def __init__(self, path: Path, node: UUID) -> None:
        """Open the journal at `path`, or begin one. Raises sqlite3.Error, ChainBroken."""
        self._node = node
        with ExitStack() as opening:
            self._writes = opening.enter_context(closing(_connected(path)))
            self._writes.executescript(_TABLES)
            self.epoch, self.acknowledged = self._begun()
            head = self._read_head()
            self._check_the_end(head.seq)
            self._head: Head | None = head
            self.last = head.seq
            self._reads = _connected(path)
            opening.pop_all()

    @classmethod
    def opened(cls, path: Path, node: UUID) -> "Journal":
        """Open or begin; a damaged journal is set aside, whole, so that the door goes on. Raises sqlite3.Error."""
        try:
            return cls(path, node)
        except ChainBroken:
            pass
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
        _set_aside(path)
        return cls(path, node)

    def append(self, decisions: Sequence[Decision]) -> list[Entry]:
        """Record `decisions` in one commit and give the entry of each; an id known already gives the one stored.

        Everything new is one statement, and so one commit. That also keeps this thread from asking for the
        interpreter's lock again and again while the other thread answers scans.
        Raises JournalFailed; then none of them was recorded.
        """
        try:
            entries = self._stored([decision.scan.id.bytes for decision in decisions])
            head, rows = self._head or self._read_head(), []
            for decision in decisions:
                if decision.scan.id.bytes not in entries:
                    entry = self._made(decision, head)
                    raw = entry.to_bytes()
                    head = Head(entry.seq, wire.link(raw))
                    rows += [entry.seq, entry.id.bytes, raw]
                    entries[entry.id.bytes] = entry
            self._head = None  # until the commit is through
            if rows:
                self._writes.execute(f"INSERT INTO entry VALUES {_marks('(?,?,?)', len(rows) // 3)}", rows)  # noqa: S608
        except sqlite3.Error as error:
            raise JournalFailed(str(error)) from error
        self._head, self.last = head, head.seq
        return [entries[decision.scan.id.bytes] for decision in decisions]

    def acknowledge(self, seq: int) -> None:
        """Note that the centre holds everything up to `seq`. Raises JournalFailed."""
        try:
            self._writes.execute("UPDATE journal SET acknowledged = ?", (seq,))
        except sqlite3.Error as error:
            raise JournalFailed(str(error)) from error
        self.acknowledged = seq

    def unsent(self, after: int, limit: int = wire.BATCH) -> list[bytes]:
        """The entries that follow number `after`, oldest first. Raises sqlite3.Error."""
        rows = self._reads.execute("SELECT raw FROM entry WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        return [bytes(raw) for (raw,) in rows]

    def stored(self, id_: UUID) -> Entry | None:
        """The entry of a scan. Raises JournalFailed."""
        try:
            row = self._reads.execute("SELECT raw FROM entry WHERE id = ?", (id_.bytes,)).fetchone()
        except sqlite3.Error as error:
            raise JournalFailed(str(error)) from error
        return wire.read_entry(row[0]) if row else None

    def latest(self, most: int = 5_000) -> Iterator[Entry]:
        """The last entries, oldest first: what a gate has to remember when it starts. Raises sqlite3.Error."""
        rows = self._reads.execute("SELECT raw FROM entry WHERE seq > ? ORDER BY seq", (self.last - most,))
        return (wire.read_entry(raw) for (raw,) in rows)

    def close(self) -> None:
        """Let go of the file."""
        self._writes.close()
        self._reads.close()

    def _begun(self) -> tuple[int, int]:
        row = self._writes.execute("SELECT node, epoch, acknowledged FROM journal").fetchone()
        if row is None:
            # The machine's time, not a drill's: every fresh disk must get another number than the one before.
            row = (self._node.bytes, time.time_ns() // 1_000_000, 0)
            self._writes.execute("INSERT INTO journal VALUES (?, ?, ?)", row)
        if row[0] != self._node.bytes:
            raise ChainBroken("this journal is another node's")
        return row[1], row[2]

    def _read_head(self) -> Head:
        row = self._writes.execute("SELECT seq, raw FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(row[0], wire.link(row[1])) if row else Head()

    def _stored(self, ids: list[bytes]) -> dict[bytes, Entry]:
        rows = self._writes.execute(f"SELECT id, raw FROM entry WHERE id IN ({_marks('?', len(ids))})", ids)  # noqa: S608
        return {id_: wire.read_entry(raw) for id_, raw in rows.fetchall()}

    def _made(self, decision: Decision, head: Head) -> Entry:
        scan = decision.scan
        return Entry(
            scan.id, self._node, self.epoch, head.seq + 1, head.link, scan.place, _to_the_millisecond(decision.at),
            scan.direction, decision.verdict, decision.reason, decision.index, decision.how, decision.data_age,
            decision.reasons, decision.temperature, decision.override, decision.second,
        )  # fmt: skip

    def _check_the_end(self, last: int) -> None:
        first = max(0, last - _CHECKED_AT_START)
        rows = self._writes.execute("SELECT seq, raw FROM entry WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
        head = Head()
        if first:
            seq, raw = rows.pop(0)
            head = Head(seq, wire.link(raw))
        for _entry in follow(rows, head):
            pass


def follow(rows: Iterable[tuple[int, bytes]], head: Head) -> Iterator[Entry]:
    """The entries of a chain from `head` on, each checked against the one before. Raises ChainBroken."""
    for seq, raw in rows:
        try:
            entry = wire.read_entry(raw)
        except wire.NotWire as error:
            raise ChainBroken(f"row {seq} is no entry") from error
        if seq != head.seq + 1 or entry.seq != seq or entry.previous != head.link:
            raise ChainBroken(f"row {seq} does not follow row {head.seq}")
        head = Head(seq, wire.link(raw))
        yield entry


def _marks(one: str, times: int) -> str:
    return ",".join([one] * times)


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        for setting in SETTINGS:
            db.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _set_aside(path: Path) -> None:
    mark = f".broken-{time.time_ns() // 1_000_000}"
    for end in ("", "-wal", "-shm"):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(path.with_name(path.name + mark + end))


def _to_the_millisecond(at: datetime) -> datetime:
    """As an entry stores it, so that the first answer and the stored one are the same."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
