"""The guard's phone as a node: the page that enrols it, and the page that decides by itself.

The second is a shell without anybody's data, the same bytes for everybody, kept on the phone by a service worker. All
it knows of people comes signed, over the API of nodes, into the phone's own storage.
"""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import enrolment, kept_files, scanner_enrolment, signed_requests
from kaimen.gate.api import for_nodes, not_proved
from kaimen.gate.kept_pages import KeptPage
from kaimen.gate.scan_views import gate_place
from kaimen.kit import clock
from kaimen.register.access import PostRequest, post_required, public
from kaimen.ui.security import may_use
from kaimen_gate.reasons import UNKNOWN, WORDS


@post_required("gate.scan")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_phone(request: PostRequest, code: str) -> HttpResponse:
    """Make this phone a node of the place `code`. POST answers a script with a one-time code, shown nowhere."""
    place = gate_place(request, code)
    if request.method == "POST":
        said = {
            "code": scanner_enrolment.invite_phone(request.post_held, place),
            "name": request.post_held.person.name,
            "now": clock.now().isoformat(),
            "speed": clock.speed(),
        }
        answer: HttpResponse = JsonResponse(said)
    else:
        answer = render(request, "gate/scanner_enrol.html", {"place": place, "shell": SCANNER.address()})
    answer["Cache-Control"] = "no-store"
    return answer


@public
@may_use("camera", "webassembly")
@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The page of the scanner, in one language. It holds nobody's data, so it asks for no sign-in."""
    return SCANNER.shell(language)


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The scanner's service worker."""
    return SCANNER.worker()


@public
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """The scanner's manifest."""
    return SCANNER.manifest(language)


@for_nodes("POST")
def end_of_shift(request: HttpRequest) -> HttpResponse:
    """A phone says that its guard's shift is over: nobody listens to its key any more."""
    try:
        node = signed_requests.sender(request)
    except signed_requests.NotProved as error:
        return not_proved(error)
    enrolment.revoke_node(None, node, enrolment.SHIFT_ENDED)
    return JsonResponse({"ended": str(node.pk)})


def _reasons(*, english: bool) -> Iterator[tuple[str, str, str]]:
    """What guard and person are told while no list has brought better words."""
    for reason, words in (*WORDS.items(), ("", UNKNOWN)):
        yield reason, words[english], words[2 + english]


SCANNER = KeptPage(
    name="scanner",
    template="gate/scanner.html",
    files=kept_files.SCANNER,
    icon="gate/scanner/icon.svg",
    titles=lambda: (_("Kaimen gate scanner"), _("Scanner")),
    context=lambda language: {"reasons": list(_reasons(english=language == "en"))},
)
