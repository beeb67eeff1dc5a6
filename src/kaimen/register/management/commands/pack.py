"""`kaimen pack`: check a pack, run its tests, put it in force, publish the schemas of its files.

Exit codes: 0 it is as it should be; 1 the pack has mistakes, a test of it fails, or it cannot be loaded; 2 the command
was not understood.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from kaimen.packs import Pack, PackRefused, kinds, read_folder
from kaimen.packs.kinds import published
from kaimen.packs.trials import outcomes
from kaimen.register.installing import Changes, StillInUse, install_pack

_SHOWN = 100  # problems; the rest is counted


class Command(BaseCommand):
    """Work with a city's pack."""

    help = "Check a city's pack, run its tests, put it in force, publish the schemas of its files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (
            ("check", "say every mistake: file, line, what is wrong, what would be right"),
            ("test", "run the pack's own tests (tests/*.yaml)"),
            ("load", "put the pack in force, in one transaction or not at all"),
        ):
            verbs.add_parser(verb, help=what).add_argument("folder", type=Path, metavar="DIR")
        schema = verbs.add_parser("schema", help="print the JSON Schema of a kind of file, or write those of all")
        schema.add_argument("kind", nargs="?", choices=[kind.name for kind in kinds()], metavar="KIND")
        schema.add_argument("--out", type=Path, metavar="DIR", help="write <KIND>.json into this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        getattr(self, f"_{options['verb']}")(options)

    def _check(self, options: dict[str, Any]) -> None:
        pack = _read(options["folder"])
        self.stdout.write(f"{pack.slug}: {len(pack.files)} files, {len(pack.definitions)} definitions, no mistakes")

    def _test(self, options: dict[str, Any]) -> None:
        failed = 0
        tried = outcomes(_read(options["folder"]))
        for outcome in tried:
            failed += bool(outcome.complaints)
            self.stdout.write(f"{'FAIL' if outcome.complaints else 'ok  '} {outcome.trial.name}")
            for complaint in outcome.complaints:
                self.stdout.write(f"       {complaint}")
        if failed:
            raise CommandError(f"{failed} of {len(tried)} tests fail")
        self.stdout.write(f"{len(tried)} tests hold")

    def _load(self, options: dict[str, Any]) -> None:
        pack = _read(options["folder"])
        try:
            done = install_pack(pack)
        except StillInUse as refused:
            remedy = "Nothing was changed. Keep them in the pack, or move what belongs to them first."
            raise CommandError(f"{refused}\n{remedy}") from None
        except OperationalError as error:
            raise CommandError(f"the database does not answer: {error}. Run first: kaimen migrate") from None
        self.stdout.write(f"{pack.slug}\n  old {done.old or 'none'}\n  new {done.new}")
        self.stdout.write(f"  areas: {_in_words(done.areas)}\n  places: {_in_words(done.places)}")

    def _schema(self, options: dict[str, Any]) -> None:
        chosen = [kind for kind in kinds() if options["kind"] in (None, kind.name)]
        folder: Path | None = options["out"]
        if folder is None:
            if len(chosen) > 1:
                raise CommandError(f"name a kind, or a folder with --out. Kinds: {', '.join(k.name for k in chosen)}")
            self.stdout.write(published(chosen[0]), ending="")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for kind in chosen:
            (folder / f"{kind.name}.json").write_text(published(kind), encoding="utf-8")
        self.stdout.write(f"{len(chosen)} schemas in {folder}")


def _read(folder: Path) -> Pack:
    try:
        return read_folder(folder)
    except PackRefused as refused:
        lines = [str(problem) for problem in refused.problems[:_SHOWN]]
        count = len(refused.problems)
        raise CommandError("\n".join([*lines, f"{count} mistake{'s' * (count > 1)}; nothing was changed"])) from None


def _in_words(changes: Changes) -> str:
    return f"{changes.made} made, {changes.changed} changed, {changes.deleted} deleted"
