"""The log for people: how it stands, how to check it oneself, a receipt checked, the public bundle."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.ledger.bundling import NothingSigned
from kaimen.proofs.receipts import NotAReceipt, ReceiptRefused
from kaimen.register.access import public
from kaimen.ui.security import may_use
from kaimen.web import log_receipts, log_standing, public_bundle
from kaimen.web.log_forms import ReceiptForm
from kaimen.web.log_words import script_words

WAIT = 30  # seconds until somebody who came while the bundle was written may ask again


@public
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """What the log is, how far it has come, who outside has seen it, how anybody checks it."""
    about = {"log": log_standing.standing(), "address": request.build_absolute_uri(reverse("web:log")).rstrip("/")}
    return render(request, "web/log.html", about)


@public
@may_use("webassembly")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a receipt: the page does it in the browser; without JavaScript this view does, and the page says so."""
    keys = log_standing.keys()
    filled = {"keys": "\n".join(keys)}
    form = ReceiptForm(request.POST) if request.method == "POST" else ReceiptForm(initial=filled)
    about: dict[str, object] = {"form": form, "words": script_words(), "zone": settings.TIME_ZONE}
    if form.is_bound and form.is_valid():
        try:
            about["found"] = log_receipts.checked(form.cleaned_data["receipt"], form.cleaned_data["keys"])
        except (NotAReceipt, ReceiptRefused) as refused:
            about["refused"] = log_receipts.refused_words(refused).to(get_language() or "zh-hans")
    return render(request, "web/log_check.html", about, status=422 if form.errors else 200)


@public
@require_safe
def bundle(request: HttpRequest) -> FileResponse | HttpResponse:
    """The public bundle, as it was written last within the hour."""
    try:
        path = public_bundle.current()
    except (NothingSigned, public_bundle.BeingWritten) as error:
        status = 404 if isinstance(error, NothingSigned) else 202
        answer = render(request, "web/log_no_bundle.html", status=status)
        answer["Retry-After"] = str(WAIT)
        return answer
    name, kept = f"kaimen-{path.name}", {"Cache-Control": "public, max-age=600"}
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, headers=kept)
