"""Whether a request truly comes from an enrolled node, was made just now, and was not heard before."""

import base64
import binascii
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connections, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kaimen.gate.models import Node, RequestHeard
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey

_TOLERANCE = timedelta(minutes=2)  # of real time; a drill's clock runs faster and so drifts further

_HEARD = "INSERT INTO events_node_heard (node, at) VALUES (%s, %s) ON CONFLICT (node) DO UPDATE SET at = excluded.at"


class NotProved(Exception):
    """The sender is not who it says: `message` says why, `remedy` what would be right."""

    def __init__(self, message: str, remedy: str, *, revoked: UUID | None = None) -> None:
        """`revoked`: the node, where it was enrolled and is listened to no more."""
        self.message, self.remedy, self.revoked = message, remedy, revoked
        super().__init__(message)


def tolerance() -> timedelta:
    """How far a node's clock may be from ours."""
    return _TOLERANCE * max(1.0, clock.speed())


def signed_text(method: str, path: str, time: str) -> bytes:
    """What a node signs to ask for something."""
    return f"{method} {path}\n{time}".encode()


def enrolled(node_id: UUID) -> Node:
    """The node with this id. Raises NotProved when it was never enrolled, or was revoked."""
    node = Node.objects.select_related("revocation").prefetch_related("places").filter(pk=node_id).first()
    if node is None:
        raise NotProved(_("No such node."), _("Enrol it with a one-time code."))
    if hasattr(node, "revocation"):
        raise NotProved(_("This node was revoked."), _("Enrol it anew with a one-time code."), revoked=node_id)
    return node


def at_gates(node_id: UUID) -> tuple[PublicKey, dict[str, str]]:
    """The key of an enrolled node, and the path of each place it stands at by its code; in one question.

    Raises NotProved as `enrolled` does.
    """
    fields = "public_key", "revocation__id", "places__code", "places__path"
    rows = list(Node.objects.filter(pk=node_id).values_list(*fields))
    if not rows or rows[0][1] is not None:
        enrolled(node_id)  # says which of the two
    return PublicKey.from_raw(bytes(rows[0][0])), {code: path for _key, _revoked, code, path in rows if code}


def sender(request: HttpRequest) -> Node:
    """The node that signed this request. Raises NotProved."""
    try:
        node_id = UUID(request.headers.get("Kaimen-Node", ""))
        time = request.headers.get("Kaimen-Time", "")
        said_at = datetime.fromisoformat(time)
        signature = base64.b64decode(request.headers.get("Kaimen-Signature", ""), validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotProved(
            _("This request is not signed."), _("Send the headers Kaimen-Node, Kaimen-Time and Kaimen-Signature.")
        ) from error
    node = enrolled(node_id)
    key = PublicKey.from_raw(bytes(node.public_key))
    if not key.verifies(signature, signed_text(request.method or "", request.path, time)):
        raise NotProved(
            _("The signature does not hold."), _("Sign “METHOD path”, a line feed and Kaimen-Time with the node’s key.")
        )
    if said_at.tzinfo is None or abs(said_at - clock.now()) > tolerance():
        raise NotProved(
            _("Made at %(said)s; it is %(now)s here.") % {"said": time, "now": clock.now().isoformat()},
            _("Set the node’s clock, and sign each request afresh."),
        )
    _not_heard_before(node.pk, request.path, said_at)
    return node


def heard(node_id: UUID) -> None:
    """Note that a node proved itself now."""
    events = connections["events"]
    with events.cursor() as cursor:  # asked with every batch: a model's way takes as long as forty entries
        cursor.execute(_HEARD, [node_id.bytes, events.ops.adapt_datetimefield_value(clock.now())])


def _not_heard_before(node_id: UUID, path: str, said_at: datetime) -> None:
    """One signature, one answer. Keyed on what was signed: an ECDSA signature has two valid forms."""
    now = clock.now()
    with transaction.atomic("events"):
        RequestHeard.objects.filter(said_at__lt=now - tolerance()).delete()  # along an index: nodes ask all the time
        heard(node_id)
        try:
            with transaction.atomic("events"):
                RequestHeard.objects.create(node=node_id.bytes, path=path[:200], said_at=said_at)
        except IntegrityError as error:
            raise NotProved(_("This request was heard before."), _("Sign each request afresh.")) from error
