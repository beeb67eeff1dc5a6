"""Pages of a person's own colour: why, until when, the receipt; appeal, correction, declaration."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Person
from kaimen.status import appeals, declarations, person_page, queries, subjects
from kaimen.status.declarations import Kind
from kaimen.status.models import Appeal, Decision, Evidence
from kaimen.status.person_forms import DECLARATIONS, CorrectionForm, WordsForm
from kaimen.status.refusals import Refused


def not_now(request: HttpRequest, refused: Refused, *, own: bool = True) -> HttpResponse:
    """There are no colours at present: said in words, with what that means to the person (`own`)."""
    return render(request, "status/not_now.html", {"refused": refused, "own": own})


@post_required("status.see_own_colour")
@never_cache
@require_http_methods(["GET", "HEAD"])
def own(request: PostRequest) -> HttpResponse:
    """One's own colour: why, by which rule, from what evidence and source, since when, until when."""
    person = request.post_held.person
    try:
        mine = queries.own_colour(person)
    except Refused as refused:
        return not_now(request, refused)
    return render(request, "status/own_colour.html", person_page.page(person, mine))


@post_required("status.see_own_colour")
@never_cache
@require_http_methods(["GET", "HEAD"])
def receipt(request: PostRequest, decision_id: UUID) -> HttpResponse:
    """The receipt of one change of one's colour, to keep, show or print."""
    decision = get_object_or_404(Decision, pk=decision_id, subject__person=request.post_held.person)
    context = {
        "person": request.post_held.person,
        "decision": decision,
        "drawn": person_page.drawn(decision.leaf),
        "kind": person_page.shape_of(decision.after),
    }
    return render(request, "status/receipt.html", context)


@post_required("status.appeal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: PostRequest) -> HttpResponse:
    """Say that one's colour is wrong: a number, a clock, a human."""
    person = request.post_held.person
    form = WordsForm(request.POST if request.method == "POST" else None)
    try:
        mine = queries.own_colour(person)
        if form.is_valid() and done(form, lambda: _filed(request, mine, form)):
            return redirect("status:own-colour")
    except Refused as refused:
        return not_now(request, refused)
    context = person_page.page(person, mine) | {"form": form, "hours": mine.rules.appeal_within // 3_600_000}
    return render(request, "status/appeal.html", context, status=422 if form.errors else 200)


def _filed(request: PostRequest, mine: queries.OwnColour, form: WordsForm) -> None:
    if mine.subject is None:
        raise appeals.nothing_to_contest()
    filed: Appeal = appeals.file(mine.subject, form.cleaned_data["words"])
    messages.success(
        request, _("Your appeal has the number %(number)s. A person answers it.") % {"number": filed.number}
    )


def done(form: Form, act: Callable[[], object]) -> bool:
    """Do it; a refusal stands at the form in words, and nothing entered is lost."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, f"{refused.message} {refused.remedy}")
        return False
    return True


@post_required("status.appeal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: PostRequest) -> HttpResponse:
    """Say that something on file is wrong (纠错)."""
    person = request.post_held.person
    try:
        mine = queries.own_colour(person)
        choices = [(str(one.evidence.pk), _evidence_in_words(one)) for one in mine.because]
        form = CorrectionForm(request.POST if request.method == "POST" else None, evidence=choices)
        if form.is_valid() and done(form, lambda: _asked(request, person, form, mine)):
            return redirect("status:own-colour")
    except Refused as refused:
        return not_now(request, refused)
    context = {"person": person, "form": form}
    return render(request, "status/correction.html", context, status=422 if form.errors else 200)


def _evidence_in_words(one: queries.Because) -> str:
    language = get_language() or ""
    return f"{one.kind.to(language)} · {one.source.to(language)}"


def _asked(request: PostRequest, person: Person, form: CorrectionForm, mine: queries.OwnColour) -> None:
    about: dict[str, Evidence] = {str(one.evidence.pk): one.evidence for one in mine.because}
    subject = subjects.subject_drawn(person)
    declarations.ask_correction(subject, form.cleaned_data["words"], about.get(form.cleaned_data["about"]))
    messages.success(request, _("Your request is with the officer. The answer comes as a message and stands here."))


@post_required("status.declare")
@never_cache
@require_http_methods(["GET", "HEAD"])
def declare(request: PostRequest) -> HttpResponse:
    """What there is to declare; only what is out of the ordinary."""
    return render(request, "status/declare.html", {"kinds": [Kind(one) for one in DECLARATIONS]})


@post_required("status.declare")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare_one(request: PostRequest, kind: str) -> HttpResponse:
    """Declare symptoms, a trip or a temperature."""
    if kind not in DECLARATIONS:
        raise Http404(f"{kind} is no declaration; there are: {', '.join(DECLARATIONS)}")
    form = DECLARATIONS[kind](request.POST if request.method == "POST" else None)
    try:
        if form.is_valid() and done(form, lambda: _declared(request, form)):
            return redirect("status:own-colour")
    except Refused as refused:
        return not_now(request, refused)
    context: dict[str, Any] = {"form": form, "kind": Kind(kind)}
    return render(request, "status/declare_one.html", context, status=422 if form.errors else 200)


def _declared(request: PostRequest, form: Any) -> None:
    declarations.declare(subjects.subject_drawn(request.post_held.person), form.said())
    messages.success(
        request, _("Thank you. A health office looks at it and calls you; your colour stays as it is until then.")
    )
