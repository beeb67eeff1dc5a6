"""`kaimen case plan TYPE --start 2020-03-12T09:00`: when each step of a case would open and be due."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kaimen.cases.planning import Planned, plan
from kaimen.cases.terms import CaseType
from kaimen.cases.trials import case_of, counting_of, known_of
from kaimen.packs import Pack, PackRefused, read_folder
from kaimen.register import packs_in_force


class Command(BaseCommand):
    """Say what a case would come to."""

    help = "Print the timeline of a case, from its definition and the calendar alone."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A case type, when it begins, what is known then."""
        planning = parser.add_subparsers(dest="verb", required=True).add_parser("plan", help="print the timeline")
        planning.add_argument("type", metavar="TYPE", help="as the file in cases/ is named")
        planning.add_argument("--start", type=_moment, required=True, metavar="ISO", help="as 2020-03-12T09:00+08:00")
        planning.add_argument(
            "--with", action="append", default=[], dest="known", metavar="WHAT",
            help="a document that is handed in, or NAME=VALUE of a field; may be given again",
        )  # fmt: skip
        planning.add_argument("--pack", type=Path, metavar="DIR", help="a folder instead of the pack in force")
        planning.add_argument("--json", action="store_true", help="an array, one object a step")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        try:
            pack = _pack(options["pack"])
            counting = counting_of(pack)
            case = case_of(pack, options["type"])
            start = options["start"]
            start = start if start.tzinfo else start.replace(tzinfo=counting.zone)
            timeline = plan(case, start, counting, known_of(case, *_known(case, options["known"])))
        except (LookupError, ValueError) as error:
            raise CommandError(str(error)) from None
        except OverflowError:
            raise CommandError("the case would end after the year 9999; begin it earlier") from None
        if options["json"]:
            self.stdout.write(json.dumps([one.as_json() for one in timeline], ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_line(one) for one in timeline))


def _line(one: Planned) -> str:
    due = f"due {one.due:%Y-%m-%d %H:%M}" if one.due else "no clock"
    waits = f"  after {', '.join(one.because)}" if one.because else ""
    unsure = "  (provisional: a year's holidays are not announced yet)" if one.provisional else ""
    return f"{one.step.id:<24} opens {one.opens:%Y-%m-%d %H:%M}  {due}{waits}{unsure}"


def _known(case: CaseType, said: list[str]) -> tuple[list[str], dict[str, Any]]:
    """Documents, and values of fields; a value is read as its field's type."""
    documents = [one for one in said if "=" not in one]
    row: dict[str, Any] = {}
    for one in said:
        name, _, text = one.partition("=")
        if "=" not in one:
            continue
        if name not in case.fields:
            raise ValueError(f"{case.slug} has no field {name}; there are: {', '.join(case.fields) or 'none'}")
        row[name] = _value(text, case.fields[name].type)
    return documents, row


def _value(text: str, type_: str) -> object:
    if type_ == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return int(text) if type_ == "integer" and text.removeprefix("-").isdecimal() else text


def _pack(folder: Path | None) -> Pack:
    try:
        return read_folder(folder) if folder else packs_in_force.pack()
    except (PackRefused, packs_in_force.NoPack) as error:
        raise CommandError(str(error)) from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment; write it as 2020-03-12T09:00+08:00") from None
