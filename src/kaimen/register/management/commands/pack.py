"""`kaimen pack`: check a pack, put it in force, publish the schemas of its files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.packs import Pack, PackRefused, read_folder
from kaimen.register.installing import Changes, StillInUse, install_pack


class Command(BaseCommand):
    """Work with a city's pack."""

    help = "Check a pack, put it in force, publish the schemas of its files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (("check", "say every mistake of a pack"), ("load", "put a pack in force")):
            verbs.add_parser(verb, help=what).add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        getattr(self, f"_{options['verb']}")(options)

    def _check(self, options: dict[str, Any]) -> None:
        pack = self._read(options["folder"])
        self.stdout.write(f"{pack.slug}: {len(pack.files)} files, {len(pack.definitions)} definitions, no mistakes")

    def _load(self, options: dict[str, Any]) -> None:
        pack = self._read(options["folder"])
        try:
            done = install_pack(pack)
        except StillInUse as refused:
            raise CommandError(f"{refused}\nNothing was changed. Keep them in the pack, or move what belongs to them first.") from None
        self.stdout.write(f"old {done.old or 'none'}\nnew {done.new}")
        self.stdout.write(f"areas: {_in_words(done.areas)}\nplaces: {_in_words(done.places)}")

    def _read(self, folder: Path) -> Pack:
        try:
            return read_folder(folder)
        except PackRefused as refused:
            count = len(refused.problems)
            raise CommandError(f"{refused}\n{count} mistake{'s' * (count > 1)}; nothing was changed") from None


def _in_words(changes: Changes) -> str:
    return f"{changes.made} made, {changes.changed} changed, {changes.deleted} deleted"
