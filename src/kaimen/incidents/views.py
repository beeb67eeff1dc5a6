"""Pages: an office's desk, one incident, what the level above watches."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaimen.incidents import actions, queries
from kaimen.incidents.forms import OutcomeForm
from kaimen.register.access import PostRequest, post_required


@post_required("incidents.answer")
@never_cache
@require_safe
def desk(request: PostRequest) -> HttpResponse:
    """What waits for this office, the most urgent first, and what was closed since yesterday. No names."""
    by = request.post_held
    context = {"waiting": queries.waiting(by), "done": queries.done_lately(by)}
    return render(request, "incidents/desk.html", context)


@post_required("incidents.answer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PostRequest, incident_id: UUID) -> HttpResponse:
    """One incident: looked at, which is recorded. POST closes it with a coded outcome."""
    by = request.post_held
    incident = queries.one_of_office(by, incident_id)
    kind = queries.kind_of(incident)
    form = OutcomeForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_valid():
        try:
            actions.close(by, incident, form.cleaned_data["outcome"])
        except actions.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(number)s is closed.") % {"number": incident.number})
            return redirect("incidents:desk")
    context = {
        "one": queries.opened(by, incident), "incident": incident, "form": form, "post": by,
        "why": queries.why(incident),
    }  # fmt: skip
    return render(request, "incidents/one.html", context, status=422 if form.errors else 200)


@post_required("incidents.answer")
@never_cache
@require_POST
def take(request: PostRequest, incident_id: UUID) -> HttpResponse:
    """See to it from now on."""
    incident = queries.one_of_office(request.post_held, incident_id)
    try:
        actions.take_over(request.post_held, incident)
    except actions.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You see to it now. Your colleagues see that."))
    return redirect("incidents:one", incident.pk)


@post_required("incidents.watch")
@never_cache
@require_safe
def watch(request: PostRequest) -> HttpResponse:
    """What is open and what is late in one's area, who has it, and disputed refusals by place. No names of people."""
    by = request.post_held
    waiting = queries.watched(by)
    context = {
        "waiting": waiting,
        "late": sum(one.clock.state == "over" for one in waiting),
        "tallies": queries.tallies(by),
        "days": queries.COUNTED.days,
    }
    return render(request, "incidents/watch.html", context)
