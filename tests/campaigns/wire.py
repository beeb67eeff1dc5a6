"""No bytes but those a node signed are taken for its entries, however they were damaged."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kaimen.kit.keys import SigningKey
from kaimen_gate import wire

PART = "gate"
ROUNDS = 100
_EACH = 500


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    key = SigningKey.generate()
    entries = _chain(chance, 20)
    batch = wire.write_batch(entries, UUID(int=7), key)
    assert wire.read_batch(batch, key.public) == entries
    for _ in range(_EACH):
        _damaged_bytes_are_refused(batch, key, chance)
        _a_damaged_entry_is_refused_or_another(chance.choice(entries), chance)
    return 2 * _EACH


def _chain(chance: random.Random, count: int) -> list[bytes]:
    entries, previous = [], wire.FIRST_LINK
    at = datetime(2020, 3, 16, tzinfo=UTC)
    for seq in range(1, count + 1):
        entry = wire.Entry(
            UUID(int=chance.getrandbits(128)), UUID(int=7), 1, seq, previous, "L001", at + timedelta(seconds=seq),
            chance.choice(wire.DIRECTIONS), chance.choice(wire.VERDICTS), "on-list", chance.getrandbits(40), "code", 30,
        )  # fmt: skip
        entries.append(entry.to_bytes())
        assert wire.read_entry(entries[-1]) == entry
        previous = wire.link(entries[-1])
    return entries


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bytes changed, cut off, repeated or added."""
    place = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            return data[:place]
        case 1:
            return data + chance.randbytes(chance.randint(1, 9))
        case 2:
            return data[:place] + data[place : place + 8] + data[place:]
    return data[:place] + bytes([data[place] ^ chance.randint(1, 255)]) + data[place + 1 :]


def _damaged_bytes_are_refused(batch: bytes, key: SigningKey, chance: random.Random) -> None:
    other = damaged(batch, chance)
    try:
        wire.read_batch(other, key.public)
    except wire.NotWire:
        return
    assert other == batch, "a damaged batch was accepted"


def _a_damaged_entry_is_refused_or_another(entry: bytes, chance: random.Random) -> None:
    """An entry carries no signature of its own; damage must be refused or change what the chain links to."""
    other = damaged(entry, chance)
    try:
        read = wire.read_entry(other)
    except wire.NotWire:
        return
    assert other == entry or wire.link(other) != wire.link(entry)
    assert read.to_bytes()
