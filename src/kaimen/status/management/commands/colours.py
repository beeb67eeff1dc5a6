"""`kaimen colours`: begin and end an activation, file a source, compare standings with evidence.

There is no verb that sets a colour: colours follow from evidence that sources sign with keys this server never has.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kaimen.register.identifiers import NotAnIdentifier
from kaimen.status import authorities, ending, recounting, source_keys
from kaimen.status.activations import activation
from kaimen.status.refusals import Refused


class Command(BaseCommand):
    """Look after activations and sources."""

    help = "Begin or end a legal activation, file a source of evidence, recount colours."

    def add_arguments(self, parser: CommandParser) -> None:
        """begin EMERGENCY · end EMERGENCY · source SLUG … · recount"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        begin = verbs.add_parser("begin", help="start an activation with the keys rule keepers have enrolled")
        end = verbs.add_parser("end", help="end it: colours stop, what was held is destroyed")
        for one in (begin, end):
            one.add_argument("emergency", help="its name in pack.yaml, for example: epidemic-2020")
        source = verbs.add_parser("source", help="file an office or laboratory that may be accredited")
        source.add_argument("slug", help="a short name for signed statements, for example: central-hospital")
        source.add_argument("--code", required=True, help="unified social credit code of its organisation")
        source.add_argument("--name", required=True, help="what people call it")
        source.add_argument("--name-en", default="", help="the same in English")
        source.add_argument("--area", required=True, help="code of the area it lies in, as in the pack")
        verbs.add_parser("recount", help="compare standings with what evidence gives")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        verb = {"begin": self._begin, "end": self._end, "source": self._source, "recount": self._recount}
        try:
            verb[options["verb"]](options)
        except (Refused, NotAnIdentifier) as error:
            raise CommandError(f"{error.message} {error.remedy}") from None

    def _begin(self, options: dict[str, Any]) -> None:
        genesis = authorities.begin(options["emergency"])
        self.stdout.write(_("Begun. Tell witnesses and gates this hash, on another way than this machine:"))
        self.stdout.write(bytes(genesis.leaf_hash).hex())

    def _end(self, options: dict[str, Any]) -> None:
        ended = ending.end(options["emergency"])
        self.stdout.write(_("Ended. Destroyed:"))
        for name, count in ended.destroyed.items():
            self.stdout.write(f"{count:>10,}  {name}")

    def _source(self, options: dict[str, Any]) -> None:
        wanted = source_keys.NewSource(
            options["slug"], options["name"], options["name_en"], options["code"], options["area"]
        )
        self.stdout.write(source_keys.file_source(wanted).slug)

    def _recount(self, _options: dict[str, Any]) -> None:
        done = recounting.recount(activation())
        self.stdout.write(_("%(people)d people, %(differ)d differ") % {"people": done.people, "differ": done.differ})
        if done.differ:
            raise CommandError(_("Somebody wrote colours by hand. They open and shut nothing; find out who did."))
