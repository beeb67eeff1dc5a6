"""Whenever the power goes, every entry that was answered is on the disk, once, in an unbroken chain."""

from tests.campaigns._power import lives

PART = "gate"
ROUNDS = 100
CUTS = 10


def prove(seed: int) -> int:
    """One round: ten lives on one disk."""
    truth = lives(seed, CUTS)
    assert truth.lost == 0, f"{truth.lost} entries were answered and are lost"
    assert truth.answered, "nobody was answered"
    return CUTS
