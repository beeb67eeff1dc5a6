"""What happens to colours on the day, beside the people at the gates: a thread of the drill, on the drill's clock."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import close_old_connections

from kaimen.demo import history
from kaimen.demo.cases import Step
from kaimen.kit import clock

_PATIENCE = timedelta(hours=1)  # a step older than this was done before the drill was stopped
_NAP = 1.0  # real seconds


def happen(steps: Sequence[Step], tell: Callable[[str], None]) -> threading.Thread:
    """Do each step when its time has come. What was missed within the last hour is done at once; twice is once."""
    thread = threading.Thread(target=_play, args=(steps, tell), daemon=True)
    thread.start()
    return thread


def _play(steps: Sequence[Step], tell: Callable[[str], None]) -> None:
    began = clock.now()
    for step in steps:
        if step.at < began - _PATIENCE:
            continue
        while (early := (step.at - clock.now()).total_seconds() / clock.speed()) > 0:
            time.sleep(min(early, _NAP))
        if why_not := history.done(step):
            tell(f"{step.at:%H:%M} not taken: {why_not}")
    close_old_connections()
