"""Pages on which a refusal is disputed away from the gate: one's own, the firm's clerk's, the counter's."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kaimen.gate.local_time import zone
from kaimen.incidents import disputes
from kaimen.incidents.actions import NotPossible
from kaimen.incidents.forms import StaffSearchForm, WhereForm
from kaimen.incidents.models import Incident
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Employment, Person, Place

_MOST = 20  # names a search shows; more than one page is no search


@post_required("incidents.dispute")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: PostRequest) -> HttpResponse:
    """When one was not let in lately; a press says that it was without reason."""
    by = request.post_held
    if request.method == "POST":
        try:
            incident = disputes.own(by, _entry(request.POST.get("entry", "")))
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _said(incident))
        return redirect("incidents:own")
    return render(request, "incidents/own.html", {"refused": disputes.refused(by.person), "days": disputes.DAYS})


@post_required("incidents.dispute_for_staff")
@never_cache
@require_http_methods(["GET", "HEAD"])
def staff(request: PostRequest) -> HttpResponse:
    """Whom of the firm's staff it is about. What happened to them at a gate is not shown here."""
    form = StaffSearchForm(request.GET if "q" in request.GET else None)
    found: list[Employment] = []
    if form.is_valid():
        rows = access.visible(request.post_held, Employment).filter(left_on=None, name__contains=form.cleaned_data["q"])
        found = list(rows.order_by("name")[:_MOST])
    context = {"form": form, "found": found, "searched": form.is_bound and not form.errors}
    return render(request, "incidents/staff.html", context, status=422 if form.errors else 200)


@post_required("incidents.dispute_for_staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_one(request: PostRequest, employment_id: UUID) -> HttpResponse:
    """Say for one of the staff that they were refused without reason."""
    by = request.post_held
    employment = access.one(by, "incidents.dispute_for_staff", Employment, employment_id)
    places = Place.objects.filter(occupants__organisation=employment.organisation).exclude(profile="").distinct()
    form = WhereForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid():
        try:
            messages.success(request, _said(disputes.for_staff(by, employment, form.cleaned_data["place"])))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("incidents:staff")
    context = {"form": form, "name": employment.name, "back": "incidents:staff"}
    return render(request, "incidents/dispute.html", context, status=422 if form.errors else 200)


@post_required("incidents.dispute_for_person")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PostRequest, person_id: UUID) -> HttpResponse:
    """Say it for somebody at the counter or on the telephone."""
    by = request.post_held
    one = get_object_or_404(access.visible(by, Person), pk=person_id)
    form = WhereForm(request.POST if request.method == "POST" else None, places=_gates(request))
    if form.is_valid():
        try:
            messages.success(request, _said(disputes.for_person(by, one, form.cleaned_data["place"])))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("register:person", one.pk)
    context = {"form": form, "name": one.name, "back": "register:people"}
    return render(request, "incidents/dispute.html", context, status=422 if form.errors else 200)


def _gates(request: PostRequest) -> QuerySet[Place]:
    return access.visible(request.post_held, Place).filter(parent=None).exclude(profile="")


def _entry(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's: the answer says so in words


def _said(incident: Incident) -> str:
    return _("The response team has it: %(number)s. It answers by %(due)s.") % {
        "number": incident.number, "due": incident.due.astimezone(zone()).strftime("%H:%M"),
    }  # fmt: skip
