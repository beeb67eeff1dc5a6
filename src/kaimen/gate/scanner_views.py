"""The guard's phone as a node: the page that enrols it, and the page that decides by itself.

The second is a shell without anybody's data, the same bytes for everybody, kept on the phone by a service worker. All
it knows of people comes signed, over the API of nodes, into the phone's own storage.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kaimen.gate import enrolment, scanner_enrolment, signed_requests
from kaimen.gate.api import for_nodes, refusal
from kaimen.gate.scan_views import gate_place
from kaimen.gate.scanner_files import FILES
from kaimen.kit import clock
from kaimen.register.access import PostRequest, post_required, public
from kaimen.ui.security import may_use
from kaimen_gate.reasons import UNKNOWN, WORDS

_SHELL = "gate/scanner.html"
_WORKER = "gate/scanner_worker.js"
_LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}  # of the address → of the page


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
        answer = render(request, "gate/scanner_enrol.html", {"place": place, "shell": _shell_address()})
    answer["Cache-Control"] = "no-store"
    return answer


@public
@may_use("camera", "webassembly")
@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The page of the scanner, in one language. It holds nobody's data, so it asks for no sign-in."""
    if language not in _LANGUAGES:
        raise Http404
    return HttpResponse(_shell(language), headers={"Cache-Control": "no-cache"})


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files the phone keeps, under a name that changes with any of them."""
    script = render_to_string(_WORKER, {"files": json.dumps(_files()), "version": _version()})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@public
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What the phone calls the page once it is installed."""
    if language not in _LANGUAGES:
        raise Http404
    with translation.override(language):
        said = {
            "name": _("Kaimen gate scanner"),
            "short_name": _("Scanner"),
            "lang": _LANGUAGES[language],
            "start_url": reverse("gate:scanner", args=[language]),
            "scope": reverse("gate:scanner-worker").removesuffix("worker.js"),
            "display": "standalone",
            "orientation": "any",
            "background_color": "#ffffff",
            "theme_color": "#1f3f8f",
            "icons": [_icon("ui/mark.svg", "any"), _icon("gate/scanner/icon.svg", "maskable")],
        }
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _icon(name: str, purpose: str) -> dict[str, str]:
    return {"src": static(name), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}


@for_nodes("POST")
def end_of_shift(request: HttpRequest) -> HttpResponse:
    """A phone says that its guard's shift is over: nobody listens to its key any more."""
    try:
        node = signed_requests.sender(request)
    except signed_requests.NotProved as error:
        return refusal(401, error.message, error.remedy, revoked=error.revoked)
    enrolment.revoke_node(None, node, enrolment.SHIFT_ENDED)
    return JsonResponse({"ended": str(node.pk)})


def _shell_address() -> str:
    language = "en" if (translation.get_language() or "").startswith("en") else "zh-hans"
    return reverse("gate:scanner", args=[language])


@cache
def _shell(language: str) -> str:
    other = next(one for one in _LANGUAGES if one != language)
    with translation.override(language):
        return render_to_string(
            _SHELL,
            {
                "language": language,
                "page_language": _LANGUAGES[language],
                "other": other,
                "synthetic": settings.SYNTHETIC,
                "reasons": list(_reasons(english=language == "en")),
            },
        )


def _reasons(*, english: bool) -> Iterator[tuple[str, str, str]]:
    """What guard and person are told while no list has brought better words."""
    for reason, words in (*WORDS.items(), ("", UNKNOWN)):
        yield reason, words[english], words[2 + english]


def _files() -> list[str]:
    """Everything the scanner needs to open without a network."""
    pages = [reverse(f"gate:{name}", args=[one]) for one in _LANGUAGES for name in ("scanner", "scanner-manifest")]
    return pages + [static(name) for name in FILES]


@cache
def _version() -> str:
    whole = "\n".join([*_files(), *(_shell(language) for language in _LANGUAGES), render_to_string(_WORKER)])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
