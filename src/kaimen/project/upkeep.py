"""What the house does for itself: the log each second, and by night what is over is cleared away."""

from datetime import datetime

from django.core.management import call_command

from kaimen.kit import clock
from kaimen.ledger.advancing import advance
from kaimen.schedule import runs
from kaimen.schedule.beats import beat
from kaimen.schedule.jobs import job

TASKS_KEPT = 14  # days

beat("log")(advance)


@job("clear-sessions", at="03:30")
def clear_sessions(due_at: datetime) -> None:
    """Sessions that ran out are deleted."""
    call_command("clearsessions")


@job("prune-tasks", at="03:40")
def prune_tasks(due_at: datetime) -> None:
    """Tasks that ended a while ago are deleted, with what they were about."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=TASKS_KEPT, verbosity=0)


@job("prune-schedule", at="03:50")
def prune_schedule(due_at: datetime) -> None:
    """Due times that ended long ago are forgotten."""
    runs.forget(clock.now())
