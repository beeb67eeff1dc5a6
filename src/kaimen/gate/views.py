"""Pages about passes and cards: one's own, somebody's card, taking one back."""

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.gate import actions, carriers, issuing, own_pass, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.forms import RevokeForm
from kaimen.gate.models import Pass
from kaimen.gate.pass_views import PASS
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey
from kaimen.passes import issue, qr_svg
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Person, Post


def code_of(pass_: Pass) -> str:
    """The code a gate reads from paper or a picture."""
    return issue(issuing.signing_key(), pass_.index, pass_.expires)


@post_required("gate.see_own_pass")
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PostRequest) -> HttpResponse:
    """One's own pass. POST gets one, where there is none that opens a door, or (`carry=picture`) shows its picture."""
    person = request.post_held.person
    standing = own_pass.own_pass(person)
    if request.method == "POST":
        if standing.kind == "none":
            _issue_once(None, person, Pass.Kind.PHONE)
        elif request.POST.get("carry") == "picture":
            _picture_instead(request)
        return redirect("gate:own_pass")
    context: dict[str, Any] = {"standing": standing}
    if standing.pass_ is not None:
        context |= {"ends": own_pass.expiry(standing.pass_), "kept_page": PASS.address()} | _shown(standing.pass_)
    return render(request, "gate/own_pass.html", context)


def _shown(pass_: Pass) -> dict[str, Any]:
    """How the page shows a pass: as a picture, by the phone that carries it, or not yet."""
    carrier = carriers.carrier_of(pass_)
    if carrier is None:
        return {"carried": "nothing"}
    if carrier.public_key is None:
        return {"carried": "picture", "qr": qr_svg(code_of(pass_))}
    key, signer = PublicKey.from_raw(bytes(carrier.public_key)).key_id, issuing.signing_key().public.key_id
    return {"carried": "phone", "key": key.hex(), "signer": signer.hex()}


def _picture_instead(request: PostRequest) -> None:
    try:
        carriers.show_as_picture(request.post_held.person)
    except NotPossible as error:
        messages.error(request, str(error))


@post_required("gate.see_own_pass")
@require_POST
def on_phone(request: PostRequest) -> HttpResponse:
    """Put one's pass on the phone that sends its public `key` (base64); `move=yes` takes it from where it was.

    Answers a script with the phone's token, when it ends (ms), and the centre's clock; or 400/409 with what is wrong.
    """
    try:
        key = PublicKey.from_raw(base64.b64decode(request.POST.get("key", ""), validate=True))
    except ValueError:  # NotAKey is one
        wrong = _("This browser made a key that cannot be used. Load the page again.")
        return JsonResponse({"error": wrong}, status=400)
    try:
        held, token = carriers.put_on_phone(request.post_held.person, key, move=request.POST.get("move") == "yes")
    except NotPossible as error:
        return JsonResponse({"error": str(error)}, status=409)
    said = {
        "token": base64.b64encode(token).decode(),
        "ends": int(held.expires.timestamp() * 1000),
        "now": int(clock.now().timestamp() * 1000),
        "speed": clock.speed(),
    }
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@post_required("gate.print_card")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: PostRequest, person_id: UUID) -> HttpResponse:
    """A person's card, to print. POST issues it, or (`kind=phone`) a new phone pass for one taken back."""
    person = get_object_or_404(access.visible(request.post_held, Person), pk=person_id)
    if request.method == "POST":
        kind = Pass.Kind.PHONE if request.POST.get("kind") == Pass.Kind.PHONE else Pass.Kind.CARD
        _issue_once(request.post_held, person, kind)
        return redirect("gate:card", person.pk)
    held = queries.valid_passes(clock.now()).filter(person=person, kind=Pass.Kind.CARD).order_by("-made_at").first()
    context = {"person": person, "standing": own_pass.own_pass(person), "card": held}
    if held is not None:
        context |= {"qr": qr_svg(code_of(held)), "ends": own_pass.expiry(held)}
    return render(request, "gate/card.html", context)


@transaction.atomic
def _issue_once(by: Post | None, person: Person, kind: str) -> None:
    """A button pressed twice issues one pass: a second that nobody sees would still open when the first is revoked."""
    if not queries.valid_passes(clock.now()).filter(person=person, kind=kind).exists():
        actions.issue_pass(by, person, kind)


@post_required("gate.revoke_pass")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PostRequest, pass_id: UUID) -> HttpResponse:
    """Take a pass back, with a reason."""
    pass_ = get_object_or_404(access.visible(request.post_held, Pass).select_related("person"), pk=pass_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_pass(request.post_held, pass_, form.cleaned_data["reason"])
        messages.success(
            request,
            _("The pass of %(name)s was taken back. Every gate that is online knows within a minute.")
            % {"name": pass_.person},
        )
        return redirect("gate:card", pass_.person_id)
    context = {"pass_": pass_, "form": form, "taken_back": hasattr(pass_, "revocation")}
    return render(request, "gate/revoke.html", context, status=422 if form.errors else 200)
