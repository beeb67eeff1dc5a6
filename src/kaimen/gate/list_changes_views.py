"""The desk's page for closed lists: what clerks asked for, and one person put on or taken off, with a reason."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kaimen.gate import list_changes, list_days, local_time, queries
from kaimen.gate.actions import NotPossible
from kaimen.gate.list_models import ListChange, ListChangeAsked
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Employment, Post
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

_MOST = 20  # names a search shows; more than one page is no search


class SearchForm(KaimenForm):
    """Whom the desk looks for."""

    q = ask(
        forms.CharField(label=gettext_lazy("Name"), max_length=60),
        why=gettext_lazy("Found among the staff of the firms in this building. The search is not recorded."),
        autocomplete="off",
    )


class ChangeForm(KaimenForm):
    """Why somebody is put on a closed list, or taken off."""

    reason = ask(
        forms.ChoiceField(
            label=gettext_lazy("Why"), choices=list(list_changes.REASONS.items()), widget=forms.RadioSelect
        ),
        why=gettext_lazy("It stands on record beside your name; the firm’s clerk reads it."),
    )


class DeclineForm(KaimenForm):
    """Why the list stays as it is."""

    reason = ask(
        forms.ChoiceField(
            label=gettext_lazy("Why"), choices=list(list_changes.DECLINED.items()), widget=forms.RadioSelect
        ),
        why=gettext_lazy("The firm’s clerk reads it."),
    )


@post_required("gate.correct_roster")
@require_http_methods(["GET", "HEAD"])
def changes(request: PostRequest) -> HttpResponse:
    """What waits, what was done today, and a search for one person."""
    by = request.post_held
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = _found(by, form.cleaned_data["q"]) if form.is_valid() else []
    context = {
        "form": form,
        "searched": form.is_bound and not form.errors,
        "found": found,
        "asked": list_changes.waiting_asks().filter(pk__in=access.visible(by, ListChangeAsked)),
        "done": _done(by),
    }
    return render(request, "gate/list_changes.html", context, status=422 if form.errors else 200)


def _found(by: Post, name: str) -> list[tuple[Employment, date, bool]]:
    """People of that name, with each closed day ahead and whether they are on its list."""
    today = local_time.today()
    staff = access.visible(by, Employment).filter(queries.employed_on(today), name__contains=name)
    staff = staff.exclude(place=None).exclude(place__profile="").select_related("organisation", "place__area")
    found = []
    for one in staff.order_by("name", "organisation__name")[:_MOST]:
        assert one.place is not None
        days = (today, list_days.next_working_day(one.place, today))
        closed = [day for day in days if not list_days.is_open(one.place, day)]
        found += [(one, day, one.pk in queries.coming(one.organisation, one.place, day)) for day in closed]
    return found


def _done(by: Post) -> list[tuple[ListChange, str]]:
    rows = access.visible(by, ListChange).filter(day__gte=local_time.today() - timedelta(days=1))
    rows = rows.select_related("employment__organisation", "by__person").order_by("-made_at")[:50]
    return [(one, list_changes.reason_words(one)) for one in rows]


@post_required("gate.correct_roster")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PostRequest, employment_id: UUID, day: str) -> HttpResponse:
    """Put one person on a closed list, or take them off."""
    by = request.post_held
    employment = access.one(by, "gate.correct_roster", Employment, employment_id)
    return _decided(request, employment, _read(day), None)


@post_required("gate.correct_roster")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PostRequest, asked_id: UUID) -> HttpResponse:
    """Do what a clerk asked for."""
    asked = access.one(request.post_held, "gate.correct_roster", ListChangeAsked, asked_id)
    return _decided(request, asked.employment, asked.day, asked)


@post_required("gate.correct_roster")
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PostRequest, asked_id: UUID) -> HttpResponse:
    """Do not do what a clerk asked for."""
    by = request.post_held
    asked = access.one(by, "gate.correct_roster", ListChangeAsked, asked_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            list_changes.decline(by, asked, form.cleaned_data["reason"])
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The list stays as it is. The clerk has been told."))
            return redirect("gate:list-changes")
    context = {"form": form, "employment": asked.employment, "day": asked.day, "comes": asked.comes, "declines": True}
    return render(request, "gate/list_change.html", context, status=422 if form.errors else 200)


def _decided(request: PostRequest, employment: Employment, day: date, asked: ListChangeAsked | None) -> HttpResponse:
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            list_changes.correct(request.post_held, employment, day, form.cleaned_data["reason"], asked)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The list is changed; the gates fetch it now."))
            return redirect("gate:list-changes")
    listed = employment.place is not None and employment.pk in queries.coming(
        employment.organisation, employment.place, day
    )
    context = {"form": form, "employment": employment, "day": day, "comes": not listed, "asked": asked}
    return render(request, "gate/list_change.html", context, status=422 if form.errors else 200)


def _read(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return date.min  # long past: the answer says so in words
