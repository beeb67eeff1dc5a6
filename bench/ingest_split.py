"""What taking a batch is made of, and how it compares with the shortest program that could insert the same rows."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import django
from django.conf import settings
from django.core.management import call_command

from bench.table import Row
from kaimen.kit import ids
from kaimen.kit.keys import SigningKey
from kaimen_gate import wire

ROUNDS, NODES = 100, 10
GATE = "ferry-house"
One = TypeVar("One")
_AT = datetime(2020, 3, 15, 23, 30, tzinfo=UTC)


def split() -> list[Row]:
    """Microseconds an event, each step by itself; then whole, beside a bare executemany of the same rows."""
    django.setup()
    from kaimen.gate import entry_columns, ingest  # noqa: PLC0415 — models load after the set-up

    call_command("migrate", database="events", verbosity=0)
    key = SigningKey.generate()
    chains = [_chain() for _ in range(NODES)]
    pieces = [
        (node, raws[start : start + wire.BATCH])
        for start in range(0, ROUNDS // NODES * wire.BATCH, wire.BATCH)
        for node, raws in chains
    ]
    batches = [wire.write_batch(raws, node, key) for node, raws in pieces]
    opened = _each(lambda batch: wire.read_batch(batch, key.public), batches)
    verified = _each(lambda batch: key.public.verifies(bytes(64), batch), batches)
    read = _each(entry_columns.read, [raws for _node, raws in pieces])
    linked = _each(lambda raws: [wire.link(raw) for raw in raws], [raws for _node, raws in pieces])
    taken = _each(lambda one: ingest.take(one[0].bytes, one[1], {GATE: GATE}), pieces)
    bare = _bare(Path(settings.DATA) / "events.sqlite3")
    return [
        Row("the batch’s signature verified", verified, "µs an event"),
        Row("the batch opened: signature, CBOR", opened, "µs an event"),
        Row("its entries decoded, checked to be canonical, checked field by field", read, "µs an event"),
        Row("the chain hashed", linked, "µs an event"),
        Row("taken in one process, without HTTP and signature: read, chained, inserted, counted, on disk",
            1e6 / taken, "/s"),
        Row("the same rows by a bare executemany, already read: no chain, no counters, on disk", 1e6 / bare, "/s"),
        Row("… ours needs so many times its time", taken / bare, "×"),
    ]  # fmt: skip


def _each(work: Callable[[One], object], on: list[One]) -> float:
    begun = time.perf_counter()
    for one in on:
        work(one)
    return (time.perf_counter() - begun) / len(on) / wire.BATCH * 1e6


def _chain() -> tuple[UUID, list[bytes]]:
    node, raws, previous = ids.new_id(), [], wire.FIRST_LINK
    for seq in range(1, ROUNDS // NODES * wire.BATCH + 1):
        at = _AT + timedelta(milliseconds=400 * seq)
        raws.append(
            wire.Entry(
                ids.new_id(), node, 1, seq, previous, GATE, at, "in", "enter", "on-list", seq, "code", 61
            ).to_bytes()
        )
        previous = wire.link(raws[-1])
    return node, raws


def _bare(path: Path) -> float:
    """The rows that are there, into a file with the same tables, in the same batches."""
    with tempfile.TemporaryDirectory(prefix="kaimen-bare-") as folder:
        source, file = sqlite3.connect(path), sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        file.executescript(";".join(sql for (sql,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'events_entry' AND sql IS NOT NULL ORDER BY type DESC"
        )))  # fmt: skip
        file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536")
        columns = [name for _n, name, *_rest in source.execute("PRAGMA table_info(events_entry)")][1:]
        named = ", ".join(f'"{name}"' for name in columns)
        rows = source.execute(f"SELECT {named} FROM events_entry ORDER BY seq").fetchall()
        marks = ", ".join("?" * len(columns))

        def insert(some: list[tuple[object, ...]]) -> None:
            file.execute("BEGIN IMMEDIATE")
            file.executemany(f"INSERT INTO events_entry ({named}) VALUES ({marks}) ON CONFLICT DO NOTHING", some)
            file.execute("COMMIT")

        return _each(insert, [rows[start : start + wire.BATCH] for start in range(0, len(rows), wire.BATCH)])
