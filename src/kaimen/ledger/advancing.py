"""What a worker does for the log each second: take in what waits, and sign it."""

import time

from kaimen.ledger.sequencer import BATCH, CameBetween, integrate
from kaimen.ledger.signing import sign

LONGEST = 25  # batches before a checkpoint is signed all the same
PAUSE = 0.01  # seconds between two full batches: business comes in between


def advance() -> int:
    """Take waiting leaves into the log and sign a checkpoint over them; gives how many. Raises NotSignable.

    Any number of workers may ask at once: each batch and each signature is one transaction on the tree's row.
    """
    taken = 0
    for _ in range(LONGEST):
        try:
            batch = integrate()
        except CameBetween:
            break
        taken += batch
        if batch < BATCH:
            break
        time.sleep(PAUSE)
    sign()
    return taken
