"""Pages about lists: tomorrow's for the firm's clerk, the day's for the building manager."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kaimen.gate import actions, local_time, queries, roster_page
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place


@post_required("gate.see_roster")
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: PostRequest) -> HttpResponse:
    """Tomorrow's list for whoever confirms it; today's and tomorrow's, to print, for whoever only sees it."""
    places = roster_page.places_of(request.post_held)
    if not places:
        return render(request, "gate/no_place.html")
    place = _chosen(request, places)
    confirms = request.post_held.organisation is not None and access.grants(request.post_held, "gate.confirm_roster")
    if confirms and "print" not in request.GET:
        return _clerk(request, place, places)
    return _lists(request, place, places)


def _chosen(request: PostRequest, places: list[Place]) -> Place:
    wanted = request.GET.get("place") or request.POST.get("place")
    for place in places:
        if wanted in (None, place.code):
            return place
    raise Http404


def _clerk(request: PostRequest, place: Place, places: list[Place]) -> HttpResponse:
    organisation = request.post_held.organisation
    assert organisation is not None
    ticked: list[UUID] | None = None
    problem: actions.NotPossible | None = None
    if request.method == "POST":
        ticked = _ids(request.POST.getlist("comes"))
        try:
            if "today" in request.POST:
                _add_for_today(request, place)
            else:
                return _confirmed(request, place, ticked)
        except actions.NotPossible as error:
            problem = error
    page = roster_page.tomorrow(organisation, place, ticked)
    just_confirmed = "confirmed" in request.GET and page.confirmed is not None
    context = {"page": page, "places": places, "problem": problem, "just_confirmed": just_confirmed} | _sent(page)
    return render(request, "gate/roster.html", context, status=409 if problem else 200)


def _confirmed(request: PostRequest, place: Place, ticked: list[UUID]) -> HttpResponse:
    organisation = request.post_held.organisation
    assert organisation is not None
    day = local_time.today() + timedelta(days=1)
    actions.confirm_roster(request.post_held, organisation, place, day, ticked)
    return redirect(f"{reverse('gate:roster')}?{urlencode({'place': place.code, 'confirmed': 1})}")


def _add_for_today(request: PostRequest, place: Place) -> None:
    wanted = _ids([request.POST["today"]])
    organisation = request.post_held.organisation
    assert organisation is not None
    employment = queries.staff_of(organisation, place).filter(pk__in=wanted).first()
    if employment is None:
        raise actions.NotPossible(_("This person no longer works here."), _("Load the page again."))
    actions.expect_today(request.post_held, employment)
    messages.success(request, _("%(name)s may enter from now on today.") % {"name": employment.name})


def _sent(page: roster_page.Tomorrow) -> dict[str, object]:
    """What went to the gates: today's list and how many of it came; tomorrow's, if it is confirmed."""
    sent: dict[str, object] = {}
    if page.today is not None:
        sent |= {
            "arrived": roster_page.arrived(page.today, local_time.today()),
            "receipt": roster_page.receipt_number(page.today),
        }
    if page.confirmed is not None:
        sent |= {
            "receipt_tomorrow": roster_page.receipt_number(page.confirmed),
            "confirmed_people": page.confirmed.lines.count(),
        }
    return sent


def _lists(request: PostRequest, place: Place, places: list[Place]) -> HttpResponse:
    today = local_time.today()
    day = today + timedelta(days=1) if request.GET.get("day") == "tomorrow" else today
    lists = roster_page.lists_of(place, day)
    if request.post_held.organisation is not None:
        lists = [one for one in lists if one.roster.organisation_id == request.post_held.organisation_id]
    context = {
        "place": place, "places": places, "day": day, "tomorrow": day != today, "lists": lists,
        "people": sum(len(one.people) for one in lists), "renewed": sum(one.renewed for one in lists),
    }  # fmt: skip
    return render(request, "gate/lists.html", context)


def _ids(texts: Iterable[str]) -> list[UUID]:
    """The ids among `texts`; what is none was not made by our page."""
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError as error:
            raise Http404 from error
    return ids
