"""How a node becomes one of ours: somebody who may invites it, it comes once with the code, and brings its own key."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Node, NodeInvitation, NodeRevoked
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey
from kaimen.register import access
from kaimen.register.models import Place, Post

VALID = timedelta(hours=24)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike; 12 of them are 59 bits
_LENGTH = 12
SHIFT_ENDED = "shift-ended"  # which a phone says of itself
NODE_REASONS = {
    "replaced": gettext_lazy("Replaced by another"),
    "broken": gettext_lazy("Broken"),
    "stolen": gettext_lazy("Stolen"),
    "two-disks": gettext_lazy("Two disks use its key"),
    SHIFT_ENDED: gettext_lazy("The guard’s shift ended"),
}


class NotInvited(NotPossible):
    """No open invitation has this code."""


def _digest(code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return hashlib.sha256(b"kaimen node " + plain.encode()).digest()


@transaction.atomic
def invite_node(by: Post | None, name: str, places: Collection[Place], valid: timedelta = VALID) -> str:
    """The one-time code with which one node may enrol; only its hash is kept. `by` is None at the command line.

    Raises NotAllowed.
    """
    if by is not None:
        for place in places:
            access.require(by, "gate.enrol_node", place)
    return open_invitation(name, places, valid)


@transaction.atomic
def open_invitation(name: str, places: Collection[Place], valid: timedelta) -> str:
    """The one-time code of a new invitation. Whoever calls has seen that it is allowed."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    invitation = NodeInvitation.objects.create(code_digest=_digest(code), name=name, closes=clock.now() + valid)
    invitation.places.set(places)
    return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))


@transaction.atomic
def enrol(code: str, key: PublicKey, name: str = "") -> Node:
    """Take in the node that holds `key`. The same code with the same key again gives the same node.

    Raises NotInvited, NotPossible.
    """
    invitation = NodeInvitation.objects.select_for_update().filter(code_digest=_digest(code)).first()
    if invitation is not None and invitation.used_by is not None and bytes(invitation.used_by.public_key) == key.raw:
        return invitation.used_by
    if invitation is None or invitation.used_by is not None or invitation.closes <= clock.now():
        raise NotInvited(
            _("This code is unknown, used or too old."), _("Ask for a new one: kaimen gate invite --name … --places …")
        )
    try:
        with transaction.atomic():
            node = Node.objects.create(name=invitation.name or name, public_key=key.raw)
    except IntegrityError as error:
        raise NotPossible(
            _("A node with this key is enrolled already."),
            _("Enrol with an empty data folder, so that it makes a key."),
        ) from error
    node.places.set(invitation.places.all())
    invitation.used_by = node
    invitation.save(update_fields=["used_by"])
    return node


@transaction.atomic
def revoke_node(by: Post | None, node: Node, reason: str) -> NodeRevoked:
    """Listen to a node no more. Raises NotAllowed."""
    if by is not None:
        access.require(by, "gate.enrol_node", node)
    revocation, _new = NodeRevoked.objects.get_or_create(node=node, defaults={"by": by, "reason": reason})
    return revocation
