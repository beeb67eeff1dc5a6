"""However batches of many nodes are lost, doubled, cut and mixed, each entry is held once and counted once."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from kaimen.gate import ingest
from kaimen.gate.models import EntryCount, EntryEvent
from kaimen_gate import wire

PART = "gate"
ROUNDS = 300
TABLES = True
_NODES, _ENTRIES, _SENDINGS = 4, 60, 40
_BUILDINGS = {"door": "house", "gate": "house"}
_MORNING = datetime(2020, 3, 15, 23, tzinfo=UTC)  # seven in Shanghai


def prove(seed: int) -> int:
    """One round. The nodes are new, so what earlier rounds left does not matter."""
    chance = random.Random(seed)
    nodes = {UUID(int=chance.getrandbits(128)): 1 for _ in range(_NODES)}
    chains = {node: _chain(node, chance) for node in nodes}
    before = _counted()
    for _ in range(_SENDINGS):
        node = chance.choice(list(nodes))
        _send(node, _piece(chains[node], chance))
    for node, chain in chains.items():
        assert _send(node, chain) == _ENTRIES, "the node was not told that all it sent is held"
        held = list(EntryEvent.objects.filter(node=node.bytes).order_by("node_seq").values_list("raw", flat=True))
        assert [bytes(raw) for raw in held] == chain, "what is held is not what was sent"
    assert _counted() - before == _truth(chains.values()), "the counters are not what the entries say"
    return _NODES * _ENTRIES + _SENDINGS


def _chain(node: UUID, chance: random.Random) -> list[bytes]:
    entries, previous, at = [], wire.FIRST_LINK, _MORNING
    for seq in range(1, _ENTRIES + 1):
        at += timedelta(seconds=chance.randint(0, 1200))
        entry = wire.Entry(
            UUID(int=chance.getrandbits(128)), node, 1, seq, previous, chance.choice(["door", "gate"]), at,
            chance.choice(wire.DIRECTIONS), chance.choice(wire.VERDICTS), "on-list", chance.getrandbits(31), "code", 9,
        )  # fmt: skip
        entries.append(entry.to_bytes())
        previous = wire.link(entries[-1])
    return entries


def _piece(chain: list[bytes], chance: random.Random) -> list[bytes]:
    start = chance.randrange(len(chain))
    piece = chain[start : start + chance.randint(1, len(chain))]
    if chance.random() < 0.1:
        chance.shuffle(piece)
    return piece


def _send(node: UUID, piece: list[bytes]) -> int:
    """What the node is told: how far its chain is held."""
    try:
        return ingest.take(node.bytes, piece, _BUILDINGS).acknowledged
    except ingest.ChainBroken as broken:
        return broken.acknowledged


def _counted() -> Counter[tuple[Any, ...]]:
    rows = EntryCount.objects.filter(place="house").values_list("day", "gate", "quarter", "direction", "verdict", "n")
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def _truth(chains: Any) -> Counter[tuple[Any, ...]]:
    counted: Counter[tuple[Any, ...]] = Counter()
    for raw in (raw for chain in chains for raw in chain):
        entry = wire.read_entry(raw)
        local = entry.at + timedelta(hours=8)
        what = wire.DIRECTIONS.index(entry.direction), wire.VERDICTS.index(entry.verdict)
        counted[local.date(), entry.place, local.hour * 4 + local.minute // 15, *what] += 1
    return counted
