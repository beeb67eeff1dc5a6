"""What the board does at its times."""

import logging
import time
from datetime import datetime

from kaimen.board import colouring, evening, freezing
from kaimen.board.rules_in_force import NoRules
from kaimen.kit import clock
from kaimen.register.packs_in_force import NoPack
from kaimen.schedule.jobs import job

SHARE = 20
_rests_until = 0.0  # monotonic
_log = logging.getLogger(__name__)


@job("colour-buildings", every=60)
def colour_buildings(due_at: datetime) -> None:
    """Judge every building; without rules there is nothing to judge by.

    A drill's minute may be three seconds: whatever the clock says, judging takes a twentieth of a core at most.
    """
    global _rests_until  # noqa: PLW0603 — one worker's jobs run one after another
    began = time.monotonic()
    if began < _rests_until:
        return
    try:
        colouring.recolour()
        _rests_until = began + (time.monotonic() - began) * SHARE
    except NoRules as error:
        _log.debug("No building is judged: %s", error)


@job("freeze-map", every=60)
def freeze_map(due_at: datetime) -> None:
    """Freeze the picture as soon as the time has come that the rules say; evenings slept through are made up for."""
    try:
        for day in evening.due_by(clock.now()):
            freezing.freeze(day)
    except NoPack as error:
        _log.debug("Nothing is frozen: %s", error)
