"""What nodes ask the centre: to be enrolled, for name lists, to take entries. Every answer to a mistake is in words."""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kaimen.gate import colour_lists, enrolment, ingest, queries, signed_requests, snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Node
from kaimen.kit import clock
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen_gate import wire
from kaimen_gate.wire_notice import write_notice

View = Callable[..., HttpResponse]
LARGEST_ENROLMENT = 4 * 1024
LARGEST_BATCH = 4 * 1024 * 1024
MOST_WITNESSES = 32


def refusal(status: int, error: str, remedy: str, **more: object) -> JsonResponse:
    """An answer that says what is wrong and what would be right."""
    return JsonResponse({"error": error, "remedy": remedy, **more}, status=status)


def not_proved(error: signed_requests.NotProved) -> JsonResponse:
    """The answer to who is not who it says. A node that was revoked is told so, signed: it wipes its lists on that."""
    if error.revoked is None:
        return refusal(401, error.message, error.remedy, revoked=False)
    notice = write_notice(error.revoked, clock.now(), snapshots.centre_key())
    said = {"revoked": True, "notice": base64.b64encode(notice).decode()}
    return refusal(401, error.message, error.remedy, **said)


def for_nodes(method: str) -> Callable[[View], View]:
    """A view for nodes, which prove themselves within it: no session, no cookie, no token of ours."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != method:
                answer = refusal(405, _("This address answers %s only.") % method, _("Use that method."))
                answer["Allow"] = method
                return answer
            answer_ = view(request, *args, **kwargs)
            answer_["Cache-Control"] = "no-store"
            answer_["Kaimen-Clock"] = clock.now().isoformat()  # a phone's own clock may be wrong by hours
            return answer_

        answered.access = "node"  # type: ignore[attr-defined]
        return answered

    return wrap


def node_signed(view: View) -> View:
    """A GET that an enrolled node signed: passes the node on."""

    @for_nodes("GET")
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            node = signed_requests.sender(request)
        except signed_requests.NotProved as error:
            return not_proved(error)
        return view(request, node, *args, **kwargs)

    return checked


@for_nodes("POST")
def nodes(request: HttpRequest) -> HttpResponse:
    """Enrol a node: `{"code", "public_key", "name"}`."""
    if too_large := _too_large(request, LARGEST_ENROLMENT):
        return too_large
    try:
        said = json.loads(request.body)
        code, name = said["code"], said.get("name", "")
        key = PublicKey.from_raw(base64.b64decode(said["public_key"], validate=True))
        if not isinstance(code, str) or not isinstance(name, str) or len(name) > 60:
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error, NotAKey):
        return refusal(
            400,
            _("This is no enrolment."),
            _('Send JSON: {"code": "…", "public_key": "a P-256 point, 33 bytes, base64", "name": "up to 60 letters"}.'),
        )
    try:
        node = enrolment.enrol(code, key, name)
    except enrolment.NotInvited as error:
        return refusal(403, error.message, error.remedy)
    except NotPossible as error:
        return refusal(409, error.message, error.remedy)
    return JsonResponse({
        "node": str(node.pk),
        "centre_key": base64.b64encode(snapshots.centre_key().public.raw).decode(),
        "places": sorted(place.code for place in node.places.all()),
    }, status=201)  # fmt: skip


@node_signed
def lists(request: HttpRequest, node: Node) -> HttpResponse:
    """The number of each name list this node holds, and how far each of its chains has arrived here.

    The latter tells a quiet node that this centre was restored from a backup and lacks what it once acknowledged.
    """
    return JsonResponse({
        "lists": snapshots.list_numbers(list(node.places.all())),
        "acknowledged": {str(epoch): seq for epoch, seq in queries.chains_of(node).items()},
    })  # fmt: skip


@node_signed
def one_list(request: HttpRequest, node: Node, code: str) -> HttpResponse:
    """The signed name list of one place of this node."""
    place = node.places.filter(code=code).first()
    if place is None:
        return refusal(404, _("This node does not stand at %s.") % code, _("Ask for the lists it stands at."))
    try:
        return HttpResponse(snapshots.signed_list(place), content_type="application/cbor")
    except snapshots.NoProfile as error:
        return refusal(404, str(error), _("Give the place a gate profile in the pack."))


@node_signed
def colours(request: HttpRequest, _node: Node, newer_than: int) -> HttpResponse:
    """The newest list of colours with its proof, if there is one newer than that moment which enough of the named
    witnesses have cosigned; else 204.
    """
    names, quorum = request.GET.getlist("witness"), request.GET.get("quorum", "")
    if not 0 < len(names) <= MOST_WITNESSES or not quorum.isascii() or not quorum.isdigit():
        return refusal(400, _("Nobody is named who should have cosigned."), _("Ask with ?witness=NAME&quorum=1."))
    data = colour_lists.newest(names, int(quorum[:3]), newer_than)
    return HttpResponse(data, content_type="application/cbor") if data else HttpResponse(status=204)


@for_nodes("POST")
def entries(request: HttpRequest) -> HttpResponse:
    """Take a batch of entries, signed by the node that made them."""
    if too_large := _too_large(request, LARGEST_BATCH):
        return too_large
    try:
        sender = wire.batch_sender(request.body)
        key, paths = signed_requests.at_gates(sender)
        buildings = {code: snapshots.building_code(path) for code, path in paths.items()}
        taken = ingest.take(sender.bytes, wire.read_batch(request.body, key), buildings)
    except signed_requests.NotProved as error:
        return not_proved(error)
    except (wire.NotWire, ingest.NotTaken) as error:
        return refusal(400, str(error), _("Send the entries as they were made, signed with this node’s key."))
    except ingest.ChainBroken as broken:
        return _chain_broken(sender, broken)
    return JsonResponse({"acknowledged": taken.acknowledged, "inserted": taken.inserted})


def _chain_broken(sender: UUID, broken: ingest.ChainBroken) -> HttpResponse:
    if broken.forked:
        return refusal(
            409,
            _("These entries contradict what node %s sent before: two disks use one key.") % sender,
            _("Find the second disk, revoke this node, and enrol it anew."),
            acknowledged=broken.acknowledged,
        )
    return refusal(
        409,
        _("Entries are missing before these."),
        _("Send what follows number %d.") % broken.acknowledged,
        acknowledged=broken.acknowledged,
    )


def _too_large(request: HttpRequest, limit: int) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:20]) <= limit:  # what says no length may have any
        return None
    return refusal(413, _("More than %d bytes.") % limit, _("Send less at a time."))
