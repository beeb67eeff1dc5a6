"""Pages of firm passes: the firm's clerk asks, the community answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaimen.gate import local_time
from kaimen.gate import queries as gate
from kaimen.gate.actions import NotPossible
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Employment, Place, Post
from kaimen.residence import firm_passes, queries
from kaimen.residence.forms import FirmPassForm
from kaimen.residence.models import FirmPassAsked

_SHOWN = 200


@post_required("residence.ask_firm_pass")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: PostRequest) -> HttpResponse:
    """What the firm asked and what it was told. POST asks."""
    by, said = request.post_held, queries.terms()
    form = _form(request, by) if said else None
    if form is not None and form.is_valid():
        try:
            firm_passes.ask(by, form.cleaned_data["employment"], form.cleaned_data["place"], form.cleaned_data["until"])
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The community was asked."))
            return redirect("residence:own-firm-passes")
    refusals = _refusals()
    rows = [(one, _told(one, refusals)) for one in firm_passes.of(by)[:_SHOWN]]
    status = 422 if form is not None and form.errors else 200
    return render(request, "residence/own_firm_passes.html", {"form": form, "rows": rows}, status=status)


@post_required("residence.keep")
@never_cache
@require_safe
def desk(request: PostRequest) -> HttpResponse:
    """What firms ask of the communities of this desk, and the last answers."""
    by, refusals = request.post_held, _refusals()
    answered = firm_passes.of(by).exclude(answer=None)[:50]
    context = {
        "waiting": firm_passes.waiting(by)[:_SHOWN],
        "refusals": refusals.items(),
        "answered": [(one, _told(one, refusals)) for one in answered],
    }
    return render(request, "residence/firm_passes.html", context)


@post_required("residence.keep")
@require_POST
def answer(request: PostRequest, asked_id: UUID) -> HttpResponse:
    """Issue one, or (`refused`) say why not."""
    asked = get_object_or_404(access.visible(request.post_held, FirmPassAsked), pk=asked_id)
    try:
        firm_passes.answer(request.post_held, asked, request.POST.get("refused", ""))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("residence:firm-passes")


def _form(request: PostRequest, by: Post) -> FirmPassForm:
    staff = access.visible(by, Employment).filter(gate.employed_on(local_time.today())).order_by("name", "id_tail")
    places = Place.objects.filter(kind=Place.Kind.COMPOUND).order_by("name")
    posted = request.POST if request.method == "POST" else None
    return FirmPassForm(posted, staff=staff, places=places)


def _refusals() -> dict[str, str]:
    said, language = queries.terms(), get_language() or ""
    return {code: one.to(language) for code, one in said.firm_pass_refusals.items()} if said else {}


def _told(one: FirmPassAsked, refusals: dict[str, str]) -> tuple[str, str]:
    """The status and its words."""
    given: Any = getattr(one, "answer", None)
    if given is None:
        return "care", _("waiting")
    if given.refused:
        return "stop", refusals.get(given.refused, given.refused)
    return ("go", _("issued")) if one.until >= local_time.today() else ("none", _("ended"))
