"""Appending to the log in a real database: recorded by business, taken in by the sequencer, signed."""

import time

import django
from django.core.management import call_command

from bench.table import Row

LEAVES = 300_000
PORTION = 10_000


def appended() -> list[Row]:
    """Rows of the table, on SQLite with synchronous=FULL; every batch of the sequencer is on disk when it counts."""
    django.setup()
    from kaimen.ledger import signing  # noqa: PLC0415 — models load after the set-up

    call_command("migrate", "ledger", verbosity=0)
    recorded, working = _recorded()
    taken, busy, longest = _taken_in()
    begun = time.perf_counter()
    signing.sign()
    signed = time.perf_counter() - begun
    return [
        Row("leaves recorded by business, in transactions of 10,000 (one process)", LEAVES / recorded, "/s"),
        Row("… by processor time", LEAVES / working, "/s"),
        Row(
            "leaves appended: recorded before, now into the tree, SQLite, on disk",
            LEAVES / taken,
            "/s",
            100_000,
            "more",
        ),
        Row("… by processor time, which other processes do not slow", LEAVES / busy, "/s"),
        Row("leaves recorded and appended, one after the other in one process", LEAVES / (recorded + taken), "/s"),
        Row("the longest that one batch of these holds the database", longest * 1000, "ms"),
        Row("a checkpoint signed over them", signed * 1000, "ms"),
    ]


def _recorded() -> tuple[float, float]:
    """Seconds to record them all, and those of the processor."""
    from kaimen.ledger.actions import ToRecord, record_many  # noqa: PLC0415

    public = {"from": 0, "to": 1, "rule": b"\1" * 32, "issued": 1_584_000_000_000, "expires": 1_585_000_000_000}
    begun, working = time.perf_counter(), time.process_time()
    for _ in range(0, LEAVES, PORTION):
        record_many(ToRecord("colour", public) for _ in range(PORTION))
    return time.perf_counter() - begun, time.process_time() - working


def _taken_in() -> tuple[float, float, float]:
    """Seconds to take them all in, those of the processor, and the longest batch."""
    from kaimen.ledger.sequencer import integrate  # noqa: PLC0415

    times, taken, busy = [], 0, time.process_time()
    while taken < LEAVES:
        begun = time.perf_counter()
        taken += integrate()
        times.append(time.perf_counter() - begun)
    return sum(times), time.process_time() - busy, max(times)
