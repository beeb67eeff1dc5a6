"""Gates cut off for a day, then every batch sent three times, mixed and overlapping: DuckDB recounts the same."""

import csv
import random
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from kaimen.gate import ingest
from kaimen.gate.models import EntryCount, EntryEvent
from kaimen_gate import wire

PART = "gate"
ROUNDS = 20
TABLES = True
NODES, A_NODE, BATCH = 50, 96, 20  # each decides every quarter of an hour of its day
_MIDNIGHT = datetime(2020, 3, 15, 16, tzinfo=UTC)  # in Shanghai
_RECOUNT = """
    SELECT CAST(local AS DATE), gate, hour(local) * 4 + minute(local) // 15, direction, verdict, count(*)
    FROM (SELECT to_timestamp(ms / 1000) AT TIME ZONE 'UTC' + INTERVAL 8 HOUR AS local, * FROM read_csv(?))
    GROUP BY ALL
"""


def prove(seed: int) -> int:
    """One round. Its places are its own, so what earlier rounds left does not matter."""
    chance, house = random.Random(seed), f"thrice-{seed}"
    chains = {UUID(int=chance.getrandbits(128)): list[bytes]() for _ in range(NODES)}
    for node, chain in chains.items():
        _decide(node, chain, house, chance)
    sendings = [(node, start) for node in chains for start in range(0, A_NODE, BATCH)] * 3
    chance.shuffle(sendings)
    for node, start in [*sendings, *sorted(sendings, key=lambda one: one[1])]:  # at last in order, as a node does
        overlap = chance.randrange(BATCH)
        _send(node, chains[node][max(0, start - overlap) : start + BATCH], house)
    truth = NODES * A_NODE
    assert EntryEvent.objects.filter(place=house).count() == truth, "entries are missing, or there twice"
    assert _counters(house) == _recount(house), "the counters are not what DuckDB counts"
    assert sum(_counters(house).values()) == truth, "the counters are not the truth"
    return len(sendings) * 2 * BATCH


def _decide(node: UUID, chain: list[bytes], house: str, chance: random.Random) -> None:
    previous = wire.FIRST_LINK
    for seq in range(1, A_NODE + 1):
        at = _MIDNIGHT + timedelta(minutes=15 * (seq - 1), seconds=chance.randrange(900))
        entry = wire.Entry(
            UUID(int=chance.getrandbits(128)), node, 1, seq, previous, house, at, chance.choice(wire.DIRECTIONS),
            chance.choice(wire.VERDICTS), "on-list", chance.getrandbits(24), "code", 15 * 60 * seq,
        )  # fmt: skip
        chain.append(entry.to_bytes())
        previous = wire.link(chain[-1])


def _send(node: UUID, piece: list[bytes], house: str) -> None:
    try:
        ingest.take(node.bytes, piece, {house: house})
    except ingest.ChainBroken as broken:
        if broken.forked:  # a gap is to be expected, a fork is not
            raise


def _counters(house: str) -> Counter[tuple[Any, ...]]:
    rows = EntryCount.objects.filter(place=house).values_list("day", "gate", "quarter", "direction", "verdict", "n")
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def _recount(house: str) -> Counter[tuple[Any, ...]]:
    """From the entries' own bytes, not from the columns beside them."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as recounting:
        path = Path(folder) / "entries.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["ms", "gate", "direction", "verdict"])
            for raw in EntryEvent.objects.filter(place=house).values_list("raw", flat=True):
                entry = wire.read_entry(bytes(raw))
                what = wire.DIRECTIONS.index(entry.direction), wire.VERDICTS.index(entry.verdict)
                out.writerow([round(entry.at.timestamp() * 1000), entry.place, *what])
        return Counter({row[:-1]: row[-1] for row in recounting.execute(_RECOUNT, [str(path)]).fetchall()})
