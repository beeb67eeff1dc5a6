"""What this part does at its times."""

from datetime import datetime

from kaimen.register.packs_in_force import NoPack
from kaimen.schedule.jobs import job
from kaimen.visits import actions


@job("visits-forget", at="03:50")
def visits_forget(due_at: datetime) -> None:
    """Names of visitors are kept as long as the pack says."""
    try:
        actions.forget()
    except NoPack:
        return
