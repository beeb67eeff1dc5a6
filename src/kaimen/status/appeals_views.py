"""The reviewer's desk: appeals by their clock, one answered and signed; requests for correction."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Viewing
from kaimen.status import appeals, appeals_page, declarations, desk_keys, desk_signing
from kaimen.status.activations import in_force
from kaimen.status.evidence_views import or_said
from kaimen.status.models import Correction
from kaimen.status.refusals import Refused
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

_PUT_RIGHT = [
    ("yes", gettext_lazy("It was wrong and has been put right")),
    ("no", gettext_lazy("It stays as it is")),
]


class AnswerForm(KaimenForm):
    """The answer to a request for correction."""

    put_right = ask(
        forms.ChoiceField(
            label=gettext_lazy("What became of it"),
            choices=_PUT_RIGHT,
            widget=forms.RadioSelect,
        ),
        why=gettext_lazy("The person reads it."),
    )
    words = ask(
        forms.CharField(
            label=gettext_lazy("Words for the person"),
            max_length=declarations.LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 4}),
        ),
        why=gettext_lazy("What you found, and where they can go if they disagree."),
    )


@post_required("status.answer_appeal")
@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: PostRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    by = request.post_held
    context = {
        "key": desk_keys.of(by),
        "queue": appeals_page.queue(by, clock.now()) if in_force() else [],
        "corrections": appeals_page.corrections(by) if in_force() else [],
    }
    return render(request, "status/desk_appeals.html", context)


@post_required("status.answer_appeal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def one(request: PostRequest, appeal_id: UUID) -> HttpResponse:
    """One appeal: what the person says, what is contested, the finding to sign."""
    by = request.post_held
    if request.method == "POST":
        row = appeals_page.appeal_of(by, appeal_id)
        appeals.answer(by, row, desk_signing.signed_in(request.POST.get("signed", ""))[0])
        answered = _("Appeal %(number)s is answered. The person has been told.")
        messages.success(request, answered % {"number": row.number})
        return redirect("status:appeals")
    case = appeals.case_of(by, appeal_id)
    pieces, rules = appeals_page.contested(case), case.rules
    decision, finding = case.appeal.decision, getattr(case.appeal, "finding", None)
    context = {
        "case": case,
        "pieces": pieces,
        "clock": appeals_page.clock_of(case.appeal, clock.now()),
        "colour": rules.colours.get(decision.after),
        "rule": next((rule for rule in rules.rules if rule.slug == decision.rule), None),
        "finding": finding,
        "reason": appeals.words_for(case.appeal)[1],
        "most": declarations.LONGEST_WORDS,
        "signing": None if finding else appeals_page.signing_of(by, case, pieces).as_json(),
    }
    return render(request, "status/desk_appeal.html", context)


@post_required("status.answer_appeal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def correction(request: PostRequest, correction_id: UUID) -> HttpResponse:
    """One request for correction: what is said to be wrong, and the answer."""
    by = request.post_held
    row = access.one(by, "status.answer_appeal", Correction, correction_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            declarations.answer_correction(by, row, said["words"], put_right=said["put_right"] == "yes")
        except Refused as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, _("The request is answered. The person has been told."))
            return redirect("status:appeals")
    else:
        Viewing.objects.create(person=row.subject.person, by=by, what="correction")
    asked, answer = declarations.words_of_correction(row)
    context = {"row": row, "asked": asked, "answer": answer, "form": form}
    return render(request, "status/desk_correction.html", context, status=422 if form.errors else 200)


@post_required("status.answer_appeal")
@never_cache
@require_POST
def enrol(request: PostRequest) -> HttpResponse:
    """The public half of a reviewer's key."""
    try:
        desk_keys.enrol(request.post_held, request.POST)
    except Refused as error:
        messages.error(request, f"{error.message} {error.remedy}")
    else:
        messages.success(request, _("Your key is on file. It counts once two authorities have accredited it."))
    return redirect("status:appeals")
