"""`kaimen gate`: invite a node, list the nodes, revoke one; let a new key sign passes."""

import argparse
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kaimen.gate import enrolment, key_rotation, local_time, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Node
from kaimen.kit.keys import PublicKey
from kaimen.register.models import Place


class Command(BaseCommand):
    """Invite, list and revoke gate nodes; rotate the key that signs passes."""

    help = "Invite a gate node, list the nodes, revoke one; let a new key sign passes."

    def add_arguments(self, parser: CommandParser) -> None:
        """invite --name --places CODE … · list · revoke ID --reason · rotate-key [--begins TIME] [--stolen]"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite", help="print a one-time code with which one node may enrol")
        invite.add_argument("--name", required=True, help="what people call the gate, for example: B 门")
        invite.add_argument(
            "--places", required=True, nargs="+", metavar="CODE", help="codes of buildings or entrances"
        )
        verbs.add_parser("list", help="show every node: where it stands, when it was last heard")
        revoke = verbs.add_parser("revoke", help="listen to a node no more")
        revoke.add_argument("node", type=_uuid, help="the id `kaimen gate list` shows")
        revoke.add_argument("--reason", required=True, help="one word, for example: stolen")
        rotate = verbs.add_parser("rotate-key", help="let a new key sign passes; the old ones’ passes go on counting")
        rotate.add_argument("--begins", type=_moment, help="ISO 8601 with a zone; a day from now unless told")
        rotate.add_argument("--stolen", action="store_true", help="it begins, and all others end, at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        verbs = {"invite": self._invite, "list": self._list, "revoke": self._revoke, "rotate-key": self._rotate}
        verbs[options["verb"]](options)

    def _invite(self, options: dict[str, Any]) -> None:
        codes = list(dict.fromkeys(options["places"]))
        places = list(Place.objects.filter(code__in=codes))
        strange = sorted(set(codes) - {place.code for place in places})
        if strange:
            raise CommandError(
                _("No place has the code %s. Codes are in the pack, under places/.") % ", ".join(strange)
            )
        self.stdout.write(enrolment.invite_node(None, options["name"][:60], places))

    def _list(self, _options: dict[str, Any]) -> None:
        for state in queries.node_states(Node.objects.order_by("name")):
            local = state.heard.astimezone(local_time.zone()) if state.heard else None
            heard = f"{local:%Y-%m-%d %H:%M:%S}" if local else _("never heard")
            revoked = f"  {_('revoked')}" if state.revoked else ""
            self.stdout.write(f"{state.node.pk}  {state.node.name}  {' '.join(state.codes)}  {heard}{revoked}")

    def _revoke(self, options: dict[str, Any]) -> None:
        node = Node.objects.filter(pk=options["node"]).first()
        if node is None:
            raise CommandError(_("There is no node %s; see: kaimen gate list") % options["node"])
        enrolment.revoke_node(None, node, options["reason"][:60])

    def _rotate(self, options: dict[str, Any]) -> None:
        try:
            row = key_rotation.rotate(options["begins"], stolen=options["stolen"])
        except NotPossible as error:
            raise CommandError(str(error)) from error
        key = PublicKey.from_raw(bytes(row.public_key)).key_id.hex()
        begins = row.begins.astimezone(local_time.zone()) if row.begins else ""
        self.stdout.write(f"{key}  {begins:%Y-%m-%d %H:%M}")
        self.stdout.write(_("Back keys/issuing/ up now: without it no pass can be signed."))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("%s is no node id; see: kaimen gate list") % text) from error


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("%s is no time; write 2020-03-17T06:00+08:00") % said) from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(_("%s has no zone; write 2020-03-17T06:00+08:00") % said)
    return moment
