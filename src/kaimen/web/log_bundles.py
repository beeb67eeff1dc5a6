"""The auditor's bundle: asked for by one post, released by another, taken out within a day, every time a row."""

from tempfile import TemporaryFile
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.kit import clock
from kaimen.ledger.bundling import NothingSigned
from kaimen.ledger.openings import OpeningsGone
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.status import releasing
from kaimen.status.models import BundleAsked
from kaimen.status.refusals import Refused
from kaimen.web.log_forms import ReasonForm

SHOWN = 50


@post_required(releasing.MAY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundles(request: PostRequest) -> HttpResponse:
    """What was asked for, and asking."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            releasing.ask(request.post_held, form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason", f"{refused.message} {refused.remedy}")
        else:
            messages.success(request, _("Asked. Another auditor releases it; then you take it out within a day."))
            return redirect("web:log_bundles")
    rows = [_shown(one, request) for one in releasing.asked_for(request.post_held)[:SHOWN]]
    about = {"form": form, "rows": rows}
    return render(request, "web/log_bundles.html", about, status=422 if form.errors else 200)


def _shown(asked: BundleAsked, request: PostRequest) -> dict[str, object]:
    """A request with what may be done about it by whoever reads."""
    released = getattr(asked, "released", None)
    until = released.made_at + releasing.OPEN_FOR if released else None
    is_open = until is not None and clock.now() < until
    return {
        "asked": asked,
        "released": released,
        "until": until,
        "open": is_open,
        "taken": list(released.taken.all()) if released else [],
        "may_take": is_open and asked.by_id == request.post_held.pk,
        "may_release": released is None and asked.by.person_id != request.post_held.person_id,
    }


@post_required(releasing.MAY)
@require_POST
def release(request: PostRequest, asked_id: UUID) -> HttpResponse:
    """Let one go that somebody else asked for."""
    asked = access.one(request.post_held, releasing.MAY, BundleAsked, asked_id)
    try:
        releasing.release(request.post_held, asked)
    except Refused as refused:
        messages.error(request, f"{refused.message} {refused.remedy}")
    else:
        messages.success(request, _("Released, and recorded in the log. Who asked may take it out for a day."))
    return redirect("web:log_bundles")


@post_required(releasing.MAY)
@require_POST
def take(request: PostRequest, asked_id: UUID) -> HttpResponse | FileResponse:
    """Take it out. The file is written beside the databases, has no name there, and is gone once it is sent."""
    asked = access.one(request.post_held, releasing.MAY, BundleAsked, asked_id)
    file = TemporaryFile(dir=settings.DATA)  # noqa: SIM115 — the answer closes it
    try:
        leaves = releasing.write(request.post_held, asked, file)
    except Refused as refused:
        said = f"{refused.message} {refused.remedy}"
    except NothingSigned:
        said = _("The log has signed nothing yet. Try again in a minute.")
    except OpeningsGone:
        said = _("The openings of an emergency were destroyed while this was written. Try again.")
    else:
        label = f"kaimen-auditor-{asked.pk.hex[-8:]}-{leaves}.zip"
        answer = FileResponse(file, as_attachment=True, filename=label, content_type="application/zip")
        answer["Cache-Control"] = "no-store"
        return answer
    file.close()
    messages.error(request, said)
    return redirect("web:log_bundles")
