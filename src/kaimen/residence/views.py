"""Pages: closed communities, the households of one, a household, its cards in sheets."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaimen.gate.actions import NotPossible
from kaimen.gate.views import code_of
from kaimen.passes import qr_svg
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Household, Place
from kaimen.residence import actions, queries
from kaimen.residence.forms import GradeForm, HouseholdForm
from kaimen.residence.models import EntryCard
from kaimen.residence.terms import ResidenceTerms

_ROWS, _CARDS = 50, 100  # households on a page; cards of a sheet, ten to an A4 page


@post_required("residence.see")
@never_cache
@require_safe
def units(request: PostRequest) -> HttpResponse:
    """The closed communities of one's area, with their figures."""
    said = queries.terms()
    return render(request, "residence/units.html", {"units": queries.units(request.post_held, said) if said else []})


@post_required("residence.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: PostRequest, code: str) -> HttpResponse:
    """The households of one. POST issues every card that is missing."""
    place, said = _unit(request, code)
    if request.method == "POST":
        issued = actions.issue_missing(request.post_held, place)
        messages.success(request, _("%(n)d cards were issued. Print them in sheets.") % {"n": issued})
        return redirect("residence:unit", place.code)
    wanted = request.GET.get("q", "").strip()[:60]
    page = Paginator(queries.households(said, place, wanted), _ROWS).get_page(request.GET.get("page"))
    language = get_language() or ""
    rows = [(one, said.grade(one.grade).title.to(language)) for one in page]
    context = {
        "place": place, "page": page, "rows": rows, "q": wanted, "missing": queries.without_card(said, place).count(),
        "cards": queries.cards_of(place).count(), "may": access.grants(request.post_held, "residence.keep"),
    }  # fmt: skip
    return render(request, "residence/unit.html", context)


@post_required("residence.keep")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PostRequest, code: str) -> HttpResponse:
    """Add a household."""
    place, _said = _unit(request, code)
    form = HouseholdForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = actions.add_household(
                request.post_held, place, form.cleaned_data["address"].strip(), form.cleaned_data["name"].strip()
            )
        except NotPossible as error:
            form.add_error("address", str(error))
        else:
            return redirect("residence:household", added.pk)
    return render(request, "residence/new.html", {"place": place, "form": form}, status=422 if form.errors else 200)


@post_required("residence.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: PostRequest, household_id: UUID) -> HttpResponse:
    """One household. POST grades it."""
    by = request.post_held
    said = _terms()
    found = get_object_or_404(access.visible(by, Household).select_related("place"), pk=household_id)
    form = GradeForm(request.POST if request.method == "POST" else None, terms=said)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grade(by, found, form.cleaned_data["grade"], form.cleaned_data["reason"])
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The grade is recorded. Every gate that is online knows within a minute."))
            return redirect("residence:household", found.pk)
    context = _about(found, said) | {"form": form, "may": access.grants(by, "residence.keep")}
    return render(request, "residence/household.html", context, status=422 if form.errors else 200)


@post_required("residence.keep")
@require_POST
def replace(request: PostRequest, card_id: UUID) -> HttpResponse:
    """A card was lost."""
    card = get_object_or_404(
        access.visible(request.post_held, EntryCard).select_related("household__place"), pk=card_id
    )
    try:
        again = actions.replace(request.post_held, card)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        done = _("The lost card opens nothing any more; print the new one.")
        messages.success(request, done if again else _("The lost card opens nothing any more."))
    return redirect("residence:household", card.household_id)


@post_required("residence.keep")
@never_cache
@require_safe
def sheets(request: PostRequest, code: str) -> HttpResponse:
    """A unit's cards to print, ten to a page; `household` for one alone."""
    place, said = _unit(request, code)
    cards = queries.cards_of(place)
    if "household" in request.GET:
        cards = cards.filter(household=_uuid(request.GET["household"]))
    page = Paginator(cards, _CARDS).get_page(request.GET.get("page"))
    grades = dict(queries.graded(said).filter(pk__in=[one.household_id for one in page]).values_list("pk", "grade"))
    drawn = [(one, said.grade(grades[one.household_id]), qr_svg(code_of(one.carried))) for one in page]
    return render(request, "residence/sheets.html", {"place": place, "page": page, "cards": drawn})


def _about(found: Household, said: ResidenceTerms) -> dict[str, Any]:
    language = get_language() or ""
    (again,) = queries.graded(said).filter(pk=found.pk)
    why = {code: title.to(language) for code, title in said.reasons.items()}
    rows = found.gradings.select_related("by__person").order_by("-made_at", "-id")
    gradings = [(one, said.grade(one.grade).title.to(language), why.get(one.reason, one.reason)) for one in rows]
    return {
        "household": found,
        "members": list(found.members.order_by("made_at")),
        "grade": said.grade(again.grade),
        "grade_title": said.grade(again.grade).title.to(language),
        "gradings": gradings,
        "card": queries.good_cards().filter(household=found).select_related("carried").first(),
    }


def _unit(request: PostRequest, code: str) -> tuple[Place, ResidenceTerms]:
    places = access.visible(request.post_held, Place).select_related("area")
    return get_object_or_404(places, code=code, kind=Place.Kind.COMPOUND), _terms()


def _terms() -> ResidenceTerms:
    said = queries.terms()
    if said is None:
        raise Http404
    return said


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as error:
        raise Http404 from error
