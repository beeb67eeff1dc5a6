"""The gate: reading a pass, and a node's decisions over HTTP, each on disk before it is answered."""

import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench import gate_reading
from bench.gate_load import CONNECTIONS, Load, load, request
from bench.gate_node import CITY, PLACE, PORT, answering, card_number, enrolled, node
from bench.table import Row
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue_to_phone, show

SCANS = 12_000  # each of another person, so that nothing is the quicker for having been seen before
BUILDING, LARGE = 5_000, 100_000  # people on a list
SLOWER = 0.005  # seconds, for each fsync
HTTP = f"over HTTP, {CONNECTIONS} connections, each fsynced before its answer"


def run() -> list[Row]:
    """Every row of the table."""
    key = SigningKey.generate()
    reading = gate_reading.measured(key)
    with tempfile.TemporaryDirectory(prefix="kaimen-bench-") as folder:
        best = _best(Path(folder) / "best.sqlite3")
        cards = _asked(key, _cards)
        phones = _asked(key, lambda token: _phones(key, token))
        slow = _asked(key, _cards, SLOWER)
        lists = _with_lists(key)
    return [
        *gate_reading.rows_of(reading),
        *_rows(f"decisions by card number {HTTP}", cards, 8_000, 15),
        Row("the same durable write and nothing else, hand-written", best.rate, "/s"),
        Row("decisions by card number, share of it", cards.rate / best.rate, ""),
        *_rows(f"decisions by phone code, both signatures, {HTTP}", phones, 3_000, 30),
        Row("decisions by phone code, share of the raw ES256 rate", phones.rate / median(reading["raw"]), ""),
        *_rows(f"decisions by card number, {SLOWER * 1000:.0f} ms added to each fsync,", slow, 2_500, 50),
        *lists,
    ]


def _rows(what: str, found: Load, rate: float, slow: float) -> list[Row]:
    return [
        Row(what, found.rate, "/s", rate, "more"),
        Row("the slowest of a hundred of these", found.slow, "ms", slow),
        Row("the node's processor time for each", found.work, "µs"),
    ]


def _asked(key: SigningKey, requests: Callable[[str], list[bytes]], fsync: float = 0) -> Load:
    """What a node with a building's list and the city's colours makes of `requests`, which are made for its token."""
    with tempfile.TemporaryDirectory(prefix="kaimen-bench-node-") as folder:
        enrolled(Path(folder), key, {PLACE: SCANS})
        with node(Path(folder), fsync) as started:
            return load(PORT, started.process, requests(started.token))


def _cards(token: str) -> list[bytes]:
    return [request(token, PLACE, {"card": card_number(n)}) for n in range(SCANS)]


def _phones(key: SigningKey, token: str) -> list[bytes]:
    """A code of each person's own phone. They are of a moment to come, as far ahead as a gate bears: all are fresh."""
    holders = [SigningKey.generate() for _ in range(SCANS)]
    at, ends = clock.now() + timedelta(seconds=20), clock.now() + timedelta(days=1)
    tokens = [issue_to_phone(key, index, ends, holder.public) for index, holder in enumerate(holders)]
    shown = [show(one, holder, at) for one, holder in zip(tokens, holders, strict=True)]
    return [request(token, PLACE, {"code": code}) for code in shown]


def _best(file: Path) -> Load:
    with answering([sys.executable, "-m", "bench.gate_best", str(PORT), str(file)]) as process:
        return load(PORT, process, _cards("x" * 43))


def _with_lists(key: SigningKey) -> list[Row]:
    """What a node that holds everything takes."""
    what = f"node with lists of {BUILDING:,} and {LARGE:,} people and the colours of {CITY:,}"
    with tempfile.TemporaryDirectory(prefix="kaimen-bench-node-") as folder:
        enrolled(Path(folder), key, {PLACE: BUILDING, "large": LARGE})
        with node(Path(folder)) as started:
            return [
                Row(f"{what}: start to first answer", started.after, "s", 2),
                Row(f"{what}: memory", started.memory, "MiB", 150),
                Row(f"{what}: the most it had until then", started.most, "MiB", 150),
            ]
