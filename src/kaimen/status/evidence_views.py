"""The source's page: look a person up, say what was seen, sign it on one's own device, see what came of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.colours.terms import StatusDefinition
from kaimen.packs import Words
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.status import desk_keys, desk_signing, evidence, evidence_page, judged, subjects
from kaimen.status.activations import activation, in_force
from kaimen.status.evidence_forms import PersonForm, ReasonForm
from kaimen.status.models import Declaration, Evidence
from kaimen.status.refusals import Refused

PER_PAGE = 30
FEW = 3  # statements whose answers are told one by one
Answer = Callable[..., HttpResponse]


def or_said(view: Answer) -> Answer:
    """Where there is no activation or no rules, a page that says so."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return render(request, "status/desk_refused.html", {"refused": refused}, status=409)

    return answered


@post_required("status.give_evidence")
@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: PostRequest) -> HttpResponse:
    """One's key, the kinds of evidence to sign, what was signed."""
    by = request.post_held
    try:
        rules: StatusDefinition | None = judged.rules_now(activation())
        refused = None
    except Refused as error:
        rules, refused = None, error
    page = Paginator(evidence_page.signed_by(by), PER_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "refused": refused,
        "key": desk_keys.of(by),
        "kinds": evidence_page.kinds_of(by, rules) if rules else [],
        "page": page,
        "lines": evidence_page.lines(list(page), rules) if rules else [],
        "may_approve": access.grants(by, "status.approve_bulk"),
        "waiting": sum(len(one) for one in evidence_page.waiting_for(by)),
        "declared": Declaration.objects.filter(subject__genesis=in_force(), seen=None).count(),
    }
    return render(request, "status/desk_evidence.html", context)


@post_required("status.give_evidence")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def new(request: PostRequest, kind: str) -> HttpResponse:
    """Evidence of one kind about one person: fill in, see what will be signed."""
    by, genesis = request.post_held, activation()
    rules = judged.rules_now(genesis)
    if kind not in rules.evidence or not evidence_page.may_sign(by, kind):
        raise Http404(f"no key of this post may sign {kind}")
    of = rules.evidence[kind]
    form = PersonForm(request.POST if request.method == "POST" else None, kind=of)
    found = _found(request, form) if form.is_valid() else None
    if found is None:
        return render(
            request, "status/desk_new.html", {"form": form, "kind": of, "days": of.lasts // 86_400_000},
            status=422 if form.errors else 200,
        )  # fmt: skip
    item = evidence_page.item_of(by, genesis, rules, form, found)
    signing = desk_signing.Signing(by, desk_signing.keys_for(by, kind), [item])
    return render(request, "status/desk_sign.html", {"signing": signing.as_json(), "kind": of, "found": found})


def _found(request: PostRequest, form: PersonForm) -> subjects.Found | None:
    """Whom it is about; a refusal stands at the field it is about."""
    try:
        return subjects.find(request.post_held, *form.named())
    except Refused as error:
        form.add_error(None, f"{error.message} {error.remedy}")
    return None


@post_required("status.give_evidence")
@never_cache
@require_POST
@or_said
def send(request: PostRequest) -> HttpResponse:
    """What the browser signed, taken in; each with what came of it."""
    rules = judged.rules_now(activation())
    outcomes = evidence.receive(desk_signing.signed_in(request.POST.get("signed", "")))
    told = [_told(one, rules) for one in outcomes]
    refused = [one.refused for one in outcomes if one.refused]
    counts = _counts(told, refused) if len(told) > FEW else None
    context = {"told": told, "counts": counts}
    return render(request, "status/desk_sent.html", context, status=422 if refused else 200)


def _counts(told: list[dict[str, Any]], refused: list[Refused]) -> dict[str, Any]:
    """What became of many, in numbers."""
    return {
        "logged": len(told) - len(refused),
        "waits": sum(one["outcome"].state == "waits" for one in told),
        "changed": sum(one["change"] is not None for one in told),
        "refused": refused,
    }


def _told(one: evidence.Outcome, rules: StatusDefinition) -> dict[str, Any]:
    row = Evidence.objects.filter(pk=one.id).first() if one.id else None
    decision = evidence_page.changed_by(row, rules) if row else None
    return {"outcome": one, "row": row, "decision": decision, "change": _change(decision, rules)}


def _change(decision: Any, rules: StatusDefinition) -> dict[str, Any] | None:
    if decision is None:
        return None
    rule = next((one for one in rules.rules if one.slug == decision.rule), None)
    return {
        "before": _title(rules, decision.before),
        "after": _title(rules, decision.after),
        "rule": rule,
    }


def _title(rules: StatusDefinition, colour: str) -> Words:
    known = rules.colours.get(colour)  # a colour that came by earlier rules may be gone
    return known.title if known else Words(colour, colour)


@post_required("status.give_evidence")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def withdraw(request: PostRequest, evidence_id: UUID) -> HttpResponse:
    """Take one's source's evidence back, with the reason."""
    by, genesis = request.post_held, activation()
    row = access.one(by, "status.give_evidence", Evidence, evidence_id)
    rules = judged.rules_now(genesis)
    (line,) = evidence_page.lines([row], rules)
    if hasattr(row, "withdrawal"):
        return render(request, "status/desk_withdraw.html", {"line": line}, status=409 if request.POST else 200)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "status/desk_withdraw.html", {"form": form, "line": line}, status=status)
    item = evidence_page.withdrawal_of(by, genesis, row, line.kind, " ".join(form.cleaned_data["reason"].split()))
    signing = desk_signing.Signing(by, desk_signing.keys_of(by, row.accreditation.source), [item])
    return render(request, "status/desk_sign.html", {"signing": signing.as_json(), "line": line})


@post_required("status.give_evidence")
@never_cache
@require_POST
def enrol(request: PostRequest) -> HttpResponse:
    """The public half of what the browser made, put on file for authorities to accredit."""
    try:
        desk_keys.enrol(request.post_held, request.POST)
    except Refused as error:
        messages.error(request, f"{error.message} {error.remedy}")
    else:
        messages.success(request, _("Your key is on file. It counts once two authorities have accredited it."))
    return redirect("status:evidence")
