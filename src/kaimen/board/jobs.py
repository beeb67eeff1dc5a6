"""What the board does at its times."""

import logging
from datetime import datetime

from kaimen.board import colouring, evening, freezing
from kaimen.board.rules_in_force import NoRules
from kaimen.register.packs_in_force import NoPack
from kaimen.schedule.jobs import job

_log = logging.getLogger(__name__)


@job("colour-buildings", every=60)
def colour_buildings(due_at: datetime) -> None:
    """Judge every building; without rules there is nothing to judge by."""
    try:
        colouring.recolour()
    except (NoRules, NoPack) as error:
        _log.debug("No building is judged: %s", error)


@job("freeze-map", at=f"{evening.CUT_OFF:%H:%M}", catch_up="every")
def freeze_map(due_at: datetime) -> None:
    """Freeze the picture of the evening that was due; each evening the machine slept through is made up for."""
    try:
        freezing.freeze(due_at.astimezone(evening.zone()).date())
    except NoPack as error:
        _log.debug("Nothing is frozen: %s", error)
