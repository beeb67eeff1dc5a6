"""Pages: a host's visits, one of them, a new one; what the visitor sees; the building's visitors today."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import local_time
from kaimen.gate.actions import NotPossible
from kaimen.gate.views import code_of
from kaimen.passes import qr_svg
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required, public
from kaimen.visits import actions, queries
from kaimen.visits.forms import InviteForm
from kaimen.visits.models import Visit


@post_required("visits.invite")
@never_cache
@require_safe
def mine(request: PostRequest) -> HttpResponse:
    """Visits ahead: one's own, or those of the firm."""
    by = request.post_held
    context = {"visits": queries.ahead(by), "may": actions.terms() is not None and queries.hosts(by).exists()}
    return render(request, "visits/mine.html", context)


@post_required("visits.invite")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PostRequest) -> HttpResponse:
    """Invite somebody."""
    by, terms = request.post_held, actions.terms()
    hosts = queries.hosts(by)
    if terms is None or not hosts.exists():
        return redirect("visits:mine")
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(posted, hosts=hosts, terms=terms, initial={"day": local_time.today()})
    if form.is_valid():
        try:
            visit = actions.invite(by, form.cleaned_data["host"], form.wish())
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("visits:one", visit.pk)
    return render(request, "visits/new.html", {"form": form, "terms": terms}, status=422 if form.errors else 200)


@post_required("visits.invite")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PostRequest, visit_id: UUID) -> HttpResponse:
    """One visit: the address to pass on, the card to print. POST calls it off."""
    rows = access.visible(request.post_held, Visit).select_related("host__organisation", "place", "carried__person")
    visit = get_object_or_404(rows, pk=visit_id)
    if request.method == "POST":
        actions.call_off(request.post_held, visit)
        messages.success(request, _("The visit is called off. Every gate that is online knows within a minute."))
        return redirect("visits:mine")
    link = request.build_absolute_uri(reverse("visits:guest", args=[queries.link_of(visit)]))
    context = _shown(visit) | {"link": link, "purpose": queries.purpose_of(visit)}
    return render(request, "visits/one.html", context)


@public
@never_cache
@require_safe
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """What the visitor sees: where, when, the code. It names nobody, so that the address may be passed on."""
    visit = queries.by_link(token)
    if visit is None:
        raise Http404
    response = render(request, "visits/guest.html", _shown(visit))
    response["X-Robots-Tag"] = "noindex"
    return response


@post_required("visits.see")
@never_cache
@require_safe
def today(request: PostRequest) -> HttpResponse:
    """The building's visitors today."""
    return render(request, "visits/today.html", {"guests": queries.today(request.post_held)})


def _shown(visit: Visit) -> dict[str, Any]:
    """A visit, with its code while it opens anything."""
    good = not visit.called_off and not visit.over
    return {"visit": visit, "good": good, "qr": qr_svg(code_of(visit.carried)) if good else ""}
