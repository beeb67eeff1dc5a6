"""`kaimen work`: background work. Tasks as they come, jobs at their times, the log each second."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

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
        with clockwork():
            call_command("db_worker", queue_name="*", interval=interval, reload=False, verbosity=verbosity)
