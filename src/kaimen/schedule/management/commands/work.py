"""`kaimen work`: background work. Tasks as they come, jobs at their times, the log each second."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from kaimen.schedule.working import clockwork


class Command(BaseCommand):
    """Run tasks, jobs and beats until stopped. Any number of these may run."""

    help = "Do background work until stopped: tasks, jobs at their times, the log. Any number of these may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """--interval"""
        parser.add_argument(
            "--interval", type=float, default=0.3, help="seconds between looks for tasks; 0.3 unless told"
        )

    def handle(self, *args: Any, interval: float, verbosity: int, **options: Any) -> None:
        """Work until a signal says stop."""
        worker: dict[str, Any] = {"queue_name": "*", "interval": interval, "reload": False, "verbosity": verbosity}
        with clockwork():
            while _met_a_lock(worker):
                connection.close()  # the next attempt opens a fresh one


def _met_a_lock(worker: dict[str, Any]) -> bool:
    """Work; whether it ended because somebody else wrote for longer than SQLite waits, which passes."""
    try:
        call_command("db_worker", **worker)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        return True
    return False
