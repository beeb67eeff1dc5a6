"""`kaimen board`: judge the buildings, freeze a day, judge a frozen day again.

Exit codes: 0 it is as it should be; 1 the replay differs, or the thing asked for cannot be; 2 the command was not
understood.
"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.board import freezing, replay, rules_in_force
from kaimen.board.colouring import recolour
from kaimen.board.models import Snapshot
from kaimen.board.picture import NotAPicture, Picture
from kaimen.colours.definitions import StatusDefinition
from kaimen.ledger.models import PublicObject
from kaimen.register.packs_in_force import NoPack


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2020-03-16") from error


class Command(BaseCommand):
    """Work with the board and its frozen days."""

    requires_system_checks: list[str] = []
    help = "Judge the buildings now, freeze a day's picture, judge a frozen day again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("colours", help="judge every building now; the worker does it every minute")
        freeze = verbs.add_parser("freeze", help="freeze a day that is over and was missed")
        freeze.add_argument("day", type=_day, metavar="DATE")
        again = verbs.add_parser("replay", help="judge a frozen day again, and compare byte for byte")
        again.add_argument("day", type=_day, metavar="DATE")
        again.add_argument("--bytes", type=Path, metavar="FILE", help="the picture as it was handed out")
        again.add_argument("--rules", type=Path, metavar="FILE", help="the definition as it was published")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        getattr(self, f"_{options['verb']}")(options)

    def _colours(self, options: dict[str, Any]) -> None:
        try:
            self.stdout.write(f"{recolour()} buildings changed")
        except rules_in_force.NoRules as error:
            raise CommandError(str(error)) from error

    def _freeze(self, options: dict[str, Any]) -> None:
        try:
            snapshot = freezing.freeze(options["day"])
        except (freezing.TooEarly, NoPack) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{snapshot.day}: {bytes(snapshot.digest).hex()}, made {snapshot.made_at:%Y-%m-%d %H:%M} UTC")

    def _replay(self, options: dict[str, Any]) -> None:
        kept = options["bytes"].read_bytes() if options["bytes"] else _kept(options["day"])
        try:
            picture = Picture.from_bytes(kept)
            again = replay.replayed(picture, _definition(picture, options["rules"])).to_bytes()
        except (NotAPicture, replay.OtherRules) as error:
            raise CommandError(str(error)) from error
        found = replay.differences(kept, again)
        if found:
            raise CommandError("\n".join(["The replay differs from the picture.", *found]))
        self.stdout.write(f"{picture.day}: identical, {len(kept):,} bytes, {len(picture.buildings)} buildings")


def _kept(day: date) -> bytes:
    found = Snapshot.objects.filter(day=day).first()
    if found is None:
        raise CommandError(f"the picture of {day} was never frozen")
    return bytes(found.content)


def _definition(picture: Picture, file: Path | None) -> StatusDefinition | None:
    """The rules a picture names: from a file, or from what this log has published."""
    if picture.rules is None:
        return None
    if file is not None:
        return rules_in_force.read(file.read_bytes())
    published = PublicObject.objects.filter(pk=picture.rules.digest).first()
    if published is None:
        raise CommandError(f"the rules {picture.rules.digest.hex()} were not published here; give them with --rules")
    return rules_in_force.read(bytes(published.data))
