"""`kaimen demo …`: what `make demo` runs before and beside the servers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.demo.synthetic import NotSynthetic

WHAT = ("prepare", "sample", "drill")


class Command(BaseCommand):
    """Prepare the database, fill it with people who do not exist, or play their day."""

    help = "Prepare the demonstration, make its sample, or play its drill. Only where every person is made up."
    requires_system_checks = ()  # `make demo` waits for this; `make lint` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("what", choices=WHAT)
        parser.add_argument("--pack", default="packs/qingdao-2020", help="the folder of the pack `prepare` installs")
        parser.add_argument("--witness", default="", help="the verifier key of the witness `prepare` makes known")

    def handle(self, *args: Any, what: str, pack: str, witness: str, **options: Any) -> None:
        """Run the command."""
        try:
            {"prepare": self._prepare, "sample": self._sample, "drill": self._drill}[what](pack, witness)
        except NotSynthetic as error:
            raise CommandError(str(error)) from error

    def _prepare(self, pack: str, witness: str) -> None:
        from kaimen.demo import preparing  # noqa: PLC0415 — each task loads what it needs, and no more

        preparing.prepare(Path(pack), witness)

    def _sample(self, _pack: str, _witness: str) -> None:
        from kaimen.demo import sample  # noqa: PLC0415

        self.stdout.write(f"The district is whole: {sample.make_sample().done:,} people, none of whom exists.")

    def _drill(self, _pack: str, _witness: str) -> None:
        from kaimen.demo import drill  # noqa: PLC0415

        drill.play(tell=self.stdout.write)
