"""What this part does at its times. Each bears being done twice, and by two workers at once."""

from datetime import datetime

from kaimen.incidents import actions
from kaimen.register.packs_in_force import NoPack
from kaimen.schedule.beats import beat
from kaimen.schedule.jobs import job


@beat("incidents-open")
def incidents_open() -> None:
    """Each second: what the gates call for is opened, and its offices told."""
    try:
        actions.answer_calls()
    except NoPack:
        return  # no city yet: nobody to call


@job("incidents-late", every=60)
def incidents_late(due_at: datetime) -> None:
    """Incidents that nobody closed in time are overdue, and the level above is told."""
    try:
        actions.say_late()
    except NoPack:
        return


@job("incidents-forget", at="03:40")
def incidents_forget(due_at: datetime) -> None:
    """Names in closed incidents are kept as long as the pack says, and no longer than the emergency."""
    try:
        actions.forget_names()
    except NoPack:
        return
