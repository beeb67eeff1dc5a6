"""`kaimen demo sample` and `kaimen demo drill`: what `make demo` runs beside the servers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.demo import sample
from kaimen.demo.synthetic import NotSynthetic


class Command(BaseCommand):
    """Fill the district with people who do not exist, or play its day."""

    help = "Make the sample, or play the drill. Only where every person is made up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("what", choices=["sample", "drill"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Run the command."""
        try:
            if what == "sample":
                made = sample.make_sample()
                self.stdout.write(f"The sample is whole: {made.done:,} people.")
            else:
                from kaimen.demo import drill  # noqa: PLC0415 — the sample needs none of it

                drill.play(tell=self.stdout.write)
        except NotSynthetic as error:
            raise CommandError(str(error)) from error
