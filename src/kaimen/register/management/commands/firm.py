"""`kaimen firm`: file a firm, so that its clerk can be given a post."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaimen.register import identifiers, posts


class Command(BaseCommand):
    """File a firm."""

    help = "File a firm in a building; filing it again renews its name."

    def add_arguments(self, parser: CommandParser) -> None:
        """CODE --name --building [--floor]"""
        parser.add_argument("code", help="its unified social credit code")
        parser.add_argument("--name", required=True, help="its name as on the licence")
        parser.add_argument("--building", required=True, help="the building's code, as in the pack under places/")
        parser.add_argument("--floor", default="", help="for example 18")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command."""
        try:
            firm = posts.file_firm(options["code"], options["name"], options["building"], options["floor"])
        except (posts.NotPossible, identifiers.NotAnIdentifier) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{firm.uscc}  {firm.name}")
