"""Pages about lists: the firm's for its clerk, the day's for the building manager, the same on paper."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import actions, list_changes, list_days, local_time, paper_list, queries, roster_page
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Organisation, Place


@post_required("gate.see_roster")
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: PostRequest) -> HttpResponse:
    """The next list for whoever confirms it; the lists of today and the days to come for whoever only sees them."""
    places = roster_page.places_of(request.post_held)
    if not places:
        return render(request, "gate/no_place.html")
    place = _chosen(request, places)
    confirms = request.post_held.organisation is not None and access.grants(request.post_held, "gate.confirm_roster")
    if confirms and "print" not in request.GET:
        return _clerk(request, place, places)
    return _lists(request, place, places)


@post_required("gate.see_roster")
@require_safe
def paper(request: PostRequest) -> HttpResponse:
    """The list of a day on A4, in both languages."""
    places = roster_page.places_of(request.post_held)
    if not places:
        return render(request, "gate/no_place.html")
    place = _chosen(request, places)
    day = _day(request, local_time.today())
    context = {"paper": paper_list.paper(place, day, request.post_held.organisation), "place": place, "day": day}
    return render(request, "gate/paper_list.html", context)


def _chosen(request: PostRequest, places: list[Place]) -> Place:
    wanted = request.GET.get("place") or request.POST.get("place")
    for place in places:
        if wanted in (None, place.code):
            return place
    raise Http404


def _day(request: PostRequest, otherwise: date) -> date:
    """The day asked about: today, or one within reach. Raises Http404."""
    said = request.POST.get("day") or request.GET.get("day")
    if said is None:
        return otherwise
    today = local_time.today()
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise Http404 from error
    if not today - timedelta(days=1) <= day <= today + list_days.FURTHEST:
        raise Http404
    return day


def _clerk(request: PostRequest, place: Place, places: list[Place]) -> HttpResponse:
    organisation = request.post_held.organisation
    assert organisation is not None
    day = _day(request, list_days.next_working_day(place, local_time.today()))
    ticked: list[UUID] | None = None
    problem: actions.NotPossible | None = None
    if request.method == "POST":
        try:
            if "ask" in request.POST:
                ticked = _ask(request, organisation, place, day)
            else:
                ticked = _ids(request.POST.getlist("comes"))
                return _confirmed(request, organisation, place, day, ticked)
        except actions.NotPossible as error:
            problem = error
    day = max(day, local_time.today())  # a page that stood open over midnight
    page = roster_page.sheet(organisation, place, day, None if closed_to_clerks(place, day) else ticked)
    just_confirmed = "confirmed" in request.GET and page.confirmed is not None
    context = {
        "page": page, "problem": problem, "just_confirmed": just_confirmed,
        "houses": roster_page.houses(organisation, places, day) if len(places) > 1 else [],
    } | _sent(page)  # fmt: skip
    return render(request, "gate/roster.html", context, status=409 if problem else 200)


def closed_to_clerks(place: Place, day: date) -> bool:
    """Whether the clerk's time for this day is over: ticks on the page count for nothing any more."""
    return not list_days.is_open(place, day)


def _confirmed(
    request: PostRequest, organisation: Organisation, place: Place, day: date, ticked: list[UUID]
) -> HttpResponse:
    actions.confirm_roster(request.post_held, organisation, place, day, ticked)
    query = urlencode({"place": place.code, "day": day.isoformat(), "confirmed": 1})
    return redirect(f"{reverse('gate:roster')}?{query}")


def _ask(request: PostRequest, organisation: Organisation, place: Place, day: date) -> list[UUID] | None:
    """Ask the desk about one person: on the day shown, where it is closed; otherwise today. Gives what was ticked."""
    wanted = _ids([request.POST["ask"]])
    employment = queries.staff_of(organisation, place).filter(pk__in=wanted).first()
    if employment is None:
        raise actions.NotPossible(_("This person no longer works here."), _("Load the page again."))
    shown_open = not closed_to_clerks(place, day)
    list_changes.ask(request.post_held, employment, local_time.today() if shown_open else day)
    said = _("The building’s desk has been asked about %(name)s. You are told what it does.")
    messages.success(request, said % {"name": employment.name})
    return _ids(request.POST.getlist("comes")) if shown_open else None


def _sent(page: roster_page.Sheet) -> dict[str, object]:
    """What went to the gates: today's list and how many of it came; the day's, if it is confirmed."""
    sent: dict[str, object] = {}
    if page.today is not None:
        sent |= {
            "arrived": roster_page.arrived(page.today, local_time.today()),
            "listed_today": sum(row.listed_today for row in page.rows),
            "receipt": roster_page.receipt_number(page.today),
            "today_renewed": page.today.renewed(local_time.today()),
        }
    if page.confirmed is not None:
        sent |= {
            "receipt_day": roster_page.receipt_number(page.confirmed),
            "confirmed_people": page.confirmed.lines.count(),
        }
    return sent


def _lists(request: PostRequest, place: Place, places: list[Place]) -> HttpResponse:
    day = _day(request, local_time.today())
    context = {
        "paper": paper_list.paper(place, day, request.post_held.organisation),
        "place": place,
        "places": places,
        "day": day,
        "days": list_days.choices(place),
        "corrects": access.grants(request.post_held, "gate.correct_roster"),
        "asked": list_changes.waiting_asks().filter(place=place).count(),
    }
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
