"""The page on which a phone shows its pass without a network. It holds nobody's data, so it asks for no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kaimen.gate import kept_files
from kaimen.gate.kept_pages import KeptPage
from kaimen.register.access import public

PASS = KeptPage(
    name="pass",
    template="gate/pass.html",
    files=kept_files.PASS,
    icon="gate/scanner/icon.svg",
    titles=lambda: (_("Kaimen pass"), _("My pass")),
)


@public
@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The page, in one language."""
    return PASS.shell(language)


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Its service worker."""
    return PASS.worker()


@public
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """Its manifest."""
    return PASS.manifest(language)
