"""Rule-keepers' pages: their keys, whose keys may sign what, rules before they hold; everything signed by two."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kaimen.kit import clock
from kaimen.register.access import PostRequest, post_required
from kaimen.status import authorities, authorities_page, desk_keys, desk_signing, source_keys, trial_page, trying
from kaimen.status.activations import PERSON, activation, in_force
from kaimen.status.authorities_forms import AccreditForm, EndForm, RulesForm, next_hour
from kaimen.status.evidence_views import or_said
from kaimen.status.models import Accreditation, Authority, Genesis, Proposal, SourceKey
from kaimen.status.refusals import Refused
from kaimen.status.trusted import THRESHOLD


@post_required("status.keep_rules")
@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: PostRequest) -> HttpResponse:
    """One's key, the others', the activation, keys and proposals that wait, rules."""
    by, genesis, words = request.post_held, in_force(), dict(authorities_page.kinds())
    mine = Authority.objects.filter(post=by).first()
    counting = Accreditation.objects.filter(proposal__genesis=genesis, until__gt=clock.now(), ended=None)
    accredited = counting.select_related("source__organisation")
    context = {
        "genesis": genesis,
        "mine": bytes(mine.public_key).hex() if mine else "",
        "authorities": _with_check_value(authorities_page.authorities()),
        "waiting": _with_check_value(source_keys.waiting()),
        "accredited": [
            (row, short, [words.get(kind, kind) for kind in row.kinds])
            for row, short in _with_check_value(accredited.order_by("source__name", "since"))
        ],
        "proposals": authorities_page.lines(by, genesis) if genesis else [],
        "statuses": authorities_page.rules_held(genesis) if genesis else [],
        "threshold": THRESHOLD,
    }
    return render(request, "status/desk_authorities.html", context)


def _with_check_value(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Rows that have a public key, each with what people compare by voice."""
    return [(one, desk_keys.grouped(bytes(one.public_key).hex())) for one in rows]


@post_required("status.keep_rules")
@never_cache
@require_POST
def enrol(request: PostRequest) -> HttpResponse:
    """The public half of a rule-keeper's key."""
    try:
        authorities.enrol(request.post_held, desk_keys.public_half(request.POST))
    except Refused as error:
        messages.error(request, error.said)
    else:
        messages.success(request, _("Your key is enrolled. It counts in the activation that begins next."))
    return redirect("status:authorities")


@post_required("status.keep_rules")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def accredit(request: PostRequest, key_id: UUID) -> HttpResponse:
    """Propose that a key may sign some kinds of evidence."""
    activation()
    key = get_object_or_404(SourceKey.objects.select_related("source__organisation", "post__person"), pk=key_id)
    form = AccreditForm(request.POST if request.method == "POST" else None, kinds=authorities_page.kinds())
    context = {"key": key, "short": desk_keys.grouped(bytes(key.public_key).hex())}

    def propose() -> Proposal:
        wanted = authorities.Wanted(
            key.source, bytes(key.public_key), form.cleaned_data["kinds"], clock.now(), form.end()
        )
        return authorities.propose_accreditation(request.post_held, wanted)

    return _proposing(request, form, propose, "status/desk_accredit.html", context)


@post_required("status.keep_rules")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def end(request: PostRequest, accreditation_id: UUID) -> HttpResponse:
    """Propose that a key counts no more."""
    activation()
    row = get_object_or_404(Accreditation.objects.select_related("source__organisation"), pk=accreditation_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    context = {"row": row, "short": desk_keys.grouped(bytes(row.public_key).hex())}

    def propose() -> Proposal:
        return authorities.propose_end(request.post_held, row, form.cleaned_data["since"])

    return _proposing(request, form, propose, "status/desk_end.html", context)


def _proposing(request: PostRequest, form: Form, propose: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form whose answer is a proposal to sign; a refusal stands at its field."""
    if form.is_valid():
        try:
            return redirect("status:proposal", propose().pk)
        except Refused as error:
            _at_field(form, error)
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)


def _at_field(form: Form, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.said)


@post_required("status.keep_rules")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def rules(request: PostRequest, slug: str = PERSON) -> HttpResponse:
    """Rules of a status before they hold: write or bring a text, check it, try it on today's data, propose it."""
    genesis = activation()
    statuses = authorities_page.rules_held(genesis)
    status = next((one for one in statuses if one.slug == slug), None)
    if status is None:
        raise Http404(f"there is no status {slug!r}")
    context: dict[str, Any] = {"statuses": statuses, "status": status}
    if request.method != "POST":
        form = RulesForm(initial=_first(request, genesis, slug))
    else:
        form = RulesForm(request.POST, request.FILES)
        if form.is_valid():
            form = _what_a_file_held(form, request)
            try:
                if "propose" in request.POST:
                    return redirect("status:proposal", _propose(request, slug, form).pk)
                context |= _tried(request, genesis, slug, form.cleaned_data["text"].encode())
            except Refused as error:
                _at_field(form, error)
    return render(request, "status/desk_rules.html", context | {"form": form}, status=422 if form.errors else 200)


def _first(request: PostRequest, genesis: Genesis, status: str) -> dict[str, Any]:
    try:
        text = authorities_page.first_text(genesis, status, request.GET.dict())
    except LookupError as error:
        raise Http404(str(error)) from error
    return {"text": text.decode(), "since": next_hour()}


def _what_a_file_held(form: RulesForm, request: PostRequest) -> RulesForm:
    """The same form with the file's text in the box, where it can be seen and mended."""
    anew = RulesForm({"text": form.cleaned_data["text"], "since": request.POST.get("since", "")})
    anew.full_clean()
    return anew


def _propose(request: PostRequest, status: str, form: RulesForm) -> Proposal:
    said = form.cleaned_data
    return authorities.propose_rules(request.post_held, status, said["text"].encode(), said["since"])


def _tried(request: PostRequest, genesis: Genesis, status: str, text: bytes) -> dict[str, Any]:
    """What a text differs in from the one in force, and what it would change. Raises Refused."""
    trial = trying.try_rules(request.post_held, status, text)
    held = authorities_page.text_in_force(genesis, status)
    about = {"checked": True, "trial": trial, "shown": trial_page.shown(trial) if trial else None}
    return about | authorities_page.compared(status, held, text)


@post_required("status.keep_rules")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def proposal(request: PostRequest, proposal_id: UUID) -> HttpResponse:
    """Exactly what is to be signed, who has, and one's own signature."""
    by = request.post_held
    row = get_object_or_404(Proposal.objects.select_related("genesis", "proposed_by__person"), pk=proposal_id)
    if request.method == "POST":
        row = authorities.sign(by, row, desk_signing.signed_in(request.POST.get("signed", ""))[0])
        done = _("Signed. It is in the log and holds.") if row.leaf else _("Signed. One more authority has to sign.")
        messages.success(request, done)
        return redirect("status:proposal", row.pk)
    signing = authorities_page.signing_of(by, row)
    context = {
        "row": row,
        "line": authorities_page.line_of(by, row),
        "signatures": row.signatures.select_related("authority__post__person").order_by("made_at"),
        "threshold": THRESHOLD,
        "signing": signing.as_json() if signing else None,
        **authorities_page.text_of(row),
    }
    return render(request, "status/desk_proposal.html", context)
