"""`kaimen workdays add 2020-03-13 5`: the day so many working days later, by the pack in force or one in a folder."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.kit.workdays import NoWorkingDay
from kaimen.packs import Pack, PackRefused, read_folder
from kaimen.register import packs_in_force
from kaimen.register.definitions import CalendarDefinition


class Command(BaseCommand):
    """Count working days."""

    help = "Count working days by the calendar of the pack in force, or of a pack in a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A day and a number."""
        add = parser.add_subparsers(dest="verb", required=True).add_parser("add", help="count forward from a day")
        add.add_argument("date", type=_day, metavar="DATE", help="as 2020-03-13; the day itself is not counted")
        add.add_argument("n", type=_number, metavar="N")
        add.add_argument("--pack", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the day; a second line says when it is provisional."""
        calendar = _pack(options["pack"]).one(CalendarDefinition).calendar
        try:
            found = calendar.add(options["date"], options["n"])
        except NoWorkingDay as error:
            raise CommandError(str(error)) from None
        self.stdout.write(found.date.isoformat())
        if found.provisional:
            self.stdout.write("provisional: the holidays of a year on the way are not announced yet")


def _pack(folder: Path | None) -> Pack:
    try:
        return read_folder(folder) if folder else packs_in_force.pack()
    except (PackRefused, packs_in_force.NoPack) as error:
        raise CommandError(str(error)) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2020-03-13") from None


def _number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text) > 10_000:
        raise ArgumentTypeError(f"{text!r} is no number of working days from 0 to 10000")
    return int(text)
