"""Any one changed bit in a stored leaf, a checkpoint or an opening is found by whoever checks the bundle."""

import random
from collections.abc import Callable, Sequence

from kaimen.proofs.audit import audit
from kaimen.proofs.bundles import BundleRefused, Content
from kaimen.proofs.notes import Note, Signature
from kaimen.proofs.tests.a_log import TRUST, ALog, changed, opened, packed

PART = "proofs"
ROUNDS = 150
_EACH = 100
_OF_LEAVES = 70  # a round; in all rounds more than 10,000


def prove(seed: int) -> int:
    """One round: a log of its own, and a hundred ways to change it."""
    chance = random.Random(seed)
    log = ALog(tuple(chance.randint(1, 6) for _ in range(chance.randint(2, 8))))
    content = log.content()
    assert audit(opened(packed(content)), TRUST).leaves == len(log.leaves)
    ways: list[Callable[[ALog, Content, random.Random], bool]] = [_a_leaf] * _OF_LEAVES
    ways += [_a_checkpoint] * 15 + [_an_opening] * (_EACH - _OF_LEAVES - 15)
    for way in ways:
        assert way(log, content, chance), f"nobody found what {way.__name__} changed in round {seed}"
    return _EACH


def _a_leaf(log: ALog, content: Content, chance: random.Random) -> bool:
    which = chance.randrange(len(log.leaves))
    leaves = [*log.leaves[:which], _turned(log.leaves[which], chance), *log.leaves[which + 1 :]]
    return _found(content, leaves=leaves)


def _a_checkpoint(log: ALog, content: Content, chance: random.Random) -> bool:
    which = chance.randrange(len(log.notes))
    note = Note.read(log.notes[which])
    line = chance.randrange(2)
    lines = list(note.signatures)
    lines[line] = Signature(lines[line].name, lines[line].key_id, _turned(lines[line].value, chance))
    return _found(
        content, checkpoints=[*log.notes[:which], str(Note(note.text, tuple(lines))), *log.notes[which + 1 :]]
    )


def _an_opening(log: ALog, content: Content, chance: random.Random) -> bool:
    openings = log.openings
    which = chance.randrange(len(openings))
    index, true = openings[which]
    false = type(true)(true.salt, _turned(true.secret, chance)) if chance.random() < 0.5 else None
    false = false or type(true)(_turned(true.salt, chance), true.secret)
    return _found(content, openings=[*openings[:which], (index, false), *openings[which + 1 :]])


def _turned(data: bytes, chance: random.Random) -> bytes:
    bit = chance.randrange(len(data) * 8)
    raw = bytearray(data)
    raw[bit // 8] ^= 1 << bit % 8
    return bytes(raw)


def _found(content: Content, **parts: Sequence[object]) -> bool:
    try:
        audit(changed(content, **parts), TRUST)
    except BundleRefused:
        return True
    return False
