"""A journal that does not wait for the disk is caught: with synchronous=NORMAL power cuts lose what was answered."""

from unittest.mock import patch

from kaimen_gate import journal
from tests.campaigns._power import lives

PART = "gate"
ROUNDS = 10
CUTS = 10


def prove(seed: int) -> int:
    """One round: the same lives, with the one setting changed that `kill -9` cannot tell apart."""
    lax = tuple(one.replace("synchronous=FULL", "synchronous=NORMAL") for one in journal.SETTINGS)
    assert lax != journal.SETTINGS
    with patch.object(journal, "SETTINGS", lax):
        truth = lives(seed, CUTS)
    assert truth.lost > 0, "nothing was lost: the cuts cut nothing"
    return CUTS
