"""The rows of gate events, in raw SQL: a thousand at a time, counted in the transaction that inserts them.

One statement inserts them all. A statement a row would ask for the interpreter's lock a thousand times, and each time
wait for whoever reads the next batch meanwhile.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import connections

from kaimen.gate import local_time
from kaimen.gate.entry_columns import Columns
from kaimen.kit import clock

_A_STATEMENT = 1_000  # rows; SQLite takes 32,766 values
_QUARTER = 900_000  # milliseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COUNT = """
    INSERT INTO events_count (day, place, gate, quarter, direction, verdict, n) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (day, place, gate, quarter, direction, verdict) DO UPDATE SET n = n + excluded.n
"""

_HEAD = """
    INSERT INTO events_chain_head (node, epoch, node_seq, head, heard_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (node, epoch) DO UPDATE SET node_seq = excluded.node_seq, head = excluded.head,
        heard_at = excluded.heard_at
"""


def insert(file: sqlite3.Connection, fresh: Columns, buildings: Mapping[str, str]) -> None:
    """Insert entries that are not there yet, and count them; within the transaction that `file` is in.

    Raises sqlite3.IntegrityError when one is there: then nothing of the transaction may stay.
    """
    zone = local_time.zone()
    whens = [_when(millis // _QUARTER, zone) for millis in fresh.millis]
    days, quarters = zip(*whens, strict=True)
    places = [buildings[gate] for gate in fresh.place]
    rows = list(zip(
        fresh.node, fresh.epoch, fresh.seq, places, fresh.place, days, quarters, fresh.direction, fresh.verdict,
        fresh.reason, fresh.index, fresh.raw, strict=True,
    ))  # fmt: skip
    for start in range(0, len(rows), _A_STATEMENT):
        some = rows[start : start + _A_STATEMENT]
        file.execute(_insert(len(some)), list(chain.from_iterable(some)))
    counted = Counter(zip(days, places, fresh.place, quarters, fresh.direction, fresh.verdict, strict=True))
    file.executemany(_COUNT, [(*what, n) for what, n in counted.items()])


def head_of(file: sqlite3.Connection, node: bytes, epoch: int) -> tuple[int, bytes] | None:
    """How far a chain is held: the number of its last entry, and what the next must follow. None: not begun."""
    held = file.execute("SELECT node_seq, head FROM events_chain_head WHERE node = ? AND epoch = ?", (node, epoch))
    row: tuple[int, bytes] | None = held.fetchone()
    return row


def move_head(file: sqlite3.Connection, node: bytes, epoch: int, seq: int, head: bytes) -> None:
    """The chain is held up to `seq` now; within the transaction that inserts its entries."""
    now = connections["events"].ops.adapt_datetimefield_value(clock.now())
    file.execute(_HEAD, (node, epoch, seq, head, now))


@lru_cache(maxsize=4096)
def _when(quarters: int, zone: ZoneInfo) -> tuple[str, int]:
    """The local day, and which quarter of it, so many quarter hours after 1970 began.

    Since 1972 every zone of the world is whole quarter hours away from UTC, so all of one lies in one.
    """
    local = (_EPOCH + timedelta(minutes=15 * quarters)).astimezone(zone)
    return local.date().isoformat(), local_time.quarter_of(local)


@lru_cache(maxsize=32)
def _insert(rows: int) -> str:
    """The statement for so many rows."""
    columns = 'node, epoch, node_seq, place, gate, day, quarter, direction, verdict, reason, "index", raw'
    return f"INSERT INTO events_entry ({columns}) VALUES {', '.join([_ROW] * rows)}"  # noqa: S608 — marks only
