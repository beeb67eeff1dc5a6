"""The rows behind a place's count: when, which way, what was answered and why, from which firm. No name."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaimen.gate import local_time, queries
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Place

MOST = 200  # a page a person reads; the whole is the log's


@post_required("gate.see_entries")
@require_safe
def entries(request: PostRequest, code: str) -> HttpResponse:
    """Today's entries at one place, newest first."""
    place = access.visible(request.post_held, Place).filter(code=code).first()
    if place is None:
        raise Http404
    day = local_time.today()
    shown = {
        "place": place,
        "day": day,
        "entries": queries.entries_seen(request.post_held, place, day, MOST),
        "all": queries.decisions_today(day, place.code),
    }
    return render(request, "gate/entries.html", shown)
