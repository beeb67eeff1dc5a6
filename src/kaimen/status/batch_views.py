"""Pages for many at once: a spreadsheet signed row by row, another organisation's batch countersigned, declarations."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaimen.register import secrets
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Viewing
from kaimen.status import batch_page, declarations, desk_signing, evidence_page, judged, person_page, telling
from kaimen.status.activations import activation
from kaimen.status.evidence_views import or_said
from kaimen.status.models import Declaration
from kaimen.status.refusals import Refused
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.ui.spreadsheets import Column, NotRead, xlsx_bytes
from kaimen.ui.spreadsheets import read as read_file
from kaimen.ui.spreadsheets.words import explain

_ENDINGS = ".xlsx,.xls,.ods,.csv"
_DECLARED = 50


class ListForm(KaimenForm):
    """One spreadsheet."""

    file = ask(
        forms.FileField(label=gettext_lazy("List"), widget=forms.FileInput(attrs={"accept": _ENDINGS}), max_length=255),
        why=gettext_lazy("Each row becomes a statement of its own, signed in your browser. The file is not kept."),
    )


@post_required("status.give_evidence")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_said
def many(request: PostRequest, kind: str) -> HttpResponse:
    """Evidence of one kind about many: counted, said what waits, signed one by one."""
    by, genesis = request.post_held, activation()
    rules = judged.rules_now(genesis)
    if kind not in rules.evidence or not evidence_page.may_sign(by, kind):
        raise Http404(f"no key of this post may sign {kind}")
    of = rules.evidence[kind]
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    brought = None
    if form.is_valid():
        try:
            brought = batch_page.read(by, genesis, rules, of, read_file(form.cleaned_data["file"].read()))
        except NotRead as error:
            form.add_error("file", "{} {}".format(*explain(error)))
        except Refused as error:
            form.add_error("file", f"{error.message} {error.remedy}")
    signing = None
    if brought and brought.items:
        signing = desk_signing.Signing(by, desk_signing.keys_for(by, kind), brought.items).as_json()
    context = {"form": form, "kind": of, "brought": brought, "signing": signing, "limits": rules.bulk}
    return render(request, "status/desk_many.html", context, status=422 if form.errors else 200)


@post_required("status.give_evidence")
@require_GET
@or_said
def blank(request: PostRequest, kind: str) -> HttpResponse:
    """A blank list to fill in."""
    rules = judged.rules_now(activation())
    if kind not in rules.evidence:
        raise Http404
    fields = [desk_signing.to_words(one.title) for one in rules.evidence[kind].fields.values()]
    titles = [_("Name"), _("ID number"), _("Phone"), *fields]
    content = xlsx_bytes(
        [Column(title) for title in titles], [], sheet=desk_signing.to_words(rules.evidence[kind].title)
    )
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer


@post_required("status.approve_bulk")
@never_cache
@require_http_methods(["GET", "HEAD"])
@or_said
def waiting(request: PostRequest, name: str = "") -> HttpResponse:
    """Batches of other organisations that wait; one of them, to be countersigned."""
    by, genesis = request.post_held, activation()
    rules = judged.rules_now(genesis)
    rows = batch_page.waiting(by, rules)
    chosen = next((one for one in rows if one.name == name), None)
    if name and chosen is None:
        raise Http404("this batch waits no more")
    context = {
        "rows": [(one, batch_page.kind_title(rules, one.kind)) for one in rows],
        "chosen": chosen,
        "signing": batch_page.approval_of(by, genesis, rules, chosen).as_json() if chosen else None,
    }
    return render(request, "status/desk_waiting.html", context)


@post_required("status.give_evidence")
@never_cache
@require_http_methods(["GET", "HEAD"])
@or_said
def declared(request: PostRequest) -> HttpResponse:
    """What people declared and nobody has looked at; no name before one is opened."""
    rows = Declaration.objects.filter(subject__genesis=activation(), seen=None).select_related("subject__person__area")
    may = request.post_held in telling.accredited_officers("status.give_evidence")
    context = {"rows": rows.order_by("made_at")[:_DECLARED] if may else [], "may": may}
    return render(request, "status/desk_declared.html", context)


@post_required("status.give_evidence")
@never_cache
@require_POST
@or_said
def look(request: PostRequest, declaration_id: UUID) -> HttpResponse:
    """Open one: from now on this officer's. The person reads who looked."""
    by = request.post_held
    rows = Declaration.objects.select_related("subject__person", "subject__genesis")
    row = get_object_or_404(rows, pk=declaration_id, subject__genesis=activation())
    declarations.look(by, row)
    person = row.subject.person
    Viewing.objects.create(person=person, by=by, what="declaration")
    context = {
        "row": row,
        "words": person_page.declared_in_words(row),
        "person": person,
        "phone": secrets.open_phone(person),
    }
    return render(request, "status/desk_declaration.html", context)
