"""Somebody's colour at the counter: for who has no phone, or nobody to help them with one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Person
from kaimen.status import appeals, health_code, person_page, queries
from kaimen.status.health_code_words import in_words
from kaimen.status.person_forms import WordsForm
from kaimen.status.person_views import done, not_now
from kaimen.status.refusals import Refused


@post_required("status.see_person")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colour(request: PostRequest, person_id: UUID) -> HttpResponse:
    """A person's colour with its reason, to tell or print as a letter. POST files an appeal in their words."""
    person = access.one(request.post_held, "status.see_person", Person, person_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    try:
        mine = queries.seen_by(request.post_held, person)
        if form.is_valid() and done(form, lambda: _filed(request, mine, form)):
            return redirect("status:colour", person.pk)
    except Refused as refused:
        return not_now(request, refused, own=False)
    codes = health_code.line()
    context = person_page.page(person, mine) | {
        "elsewhere": codes.service.title if codes else None,
        "form": form,
        "hours": mine.rules.appeal_within // 3_600_000,
        "decision": mine.decision,
        "today": clock.now(),
        "drawn": person_page.drawn(mine.decision.leaf) if mine.decision else None,
    }
    return render(request, "status/counter_colour.html", context, status=422 if form.errors else 200)


def _filed(request: PostRequest, mine: queries.OwnColour, form: WordsForm) -> None:
    if mine.subject is None:
        raise appeals.nothing_to_contest()
    filed = appeals.file(mine.subject, form.cleaned_data["words"], by=request.post_held)
    said = _("Appeal %(number)s is filed. Give the person the number; the answer comes to them or by letter.")
    messages.success(request, said % {"number": filed.number})


@post_required("status.see_person")
@never_cache
@require_POST
def elsewhere(request: PostRequest, person_id: UUID) -> HttpResponse:
    """Ask the other health-code service about somebody who stands at the counter. It changes no colour of ours."""
    person = access.one(request.post_held, "status.see_person", Person, person_id)
    codes = health_code.line()
    if codes is None:
        raise Http404("this installation has no line to another health-code service")
    messages.info(request, in_words(health_code.ask_about(request.post_held, person, codes), codes.service))
    return redirect("status:colour", person.pk)
