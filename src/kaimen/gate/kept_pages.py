"""Pages a phone keeps and opens without a network: a shell, the same bytes for everybody, held by a service worker.

None of them holds anybody's data: what the phone knows of people lies in its own storage.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}  # of the address → of the page
_WORKER = "gate/kept_worker.js"
_FRESH = {"Cache-Control": "no-cache"}


def _nothing(_language: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, eq=False)
class KeptPage:
    """One such page. Its addresses are named `gate:NAME`, `gate:NAME-worker` and `gate:NAME-manifest`."""

    name: str
    template: str
    files: tuple[str, ...]  # public names of the static files it needs
    icon: str  # of them, the one that may be cut to any shape
    titles: Callable[[], tuple[str, str]]  # in the language in use: whole, and short for under an icon
    context: Callable[[str], dict[str, Any]] = _nothing  # by language

    def address(self) -> str:
        """Where it is, in the language in use."""
        language = "en" if (translation.get_language() or "").startswith("en") else "zh-hans"
        return reverse(f"gate:{self.name}", args=[language])

    def shell(self, language: str) -> HttpResponse:
        """The page. Raises Http404."""
        if language not in LANGUAGES:
            raise Http404
        return HttpResponse(_shell(self, language), headers=_FRESH)

    def worker(self) -> HttpResponse:
        """The service worker: which files the phone keeps, under a name that changes with any of them."""
        script = render_to_string(
            _WORKER, {"name": self.name, "files": json.dumps(self.addresses()), "version": version(self)}
        )
        return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=_FRESH)

    def manifest(self, language: str) -> HttpResponse:
        """What the phone calls the page once it is installed. Raises Http404."""
        if language not in LANGUAGES:
            raise Http404
        with translation.override(language):
            title, short = self.titles()
        said = {
            "name": title,
            "short_name": short,
            "lang": LANGUAGES[language],
            "start_url": reverse(f"gate:{self.name}", args=[language]),
            "scope": reverse(f"gate:{self.name}-worker").removesuffix("worker.js"),
            "display": "standalone",
            "orientation": "any",
            "background_color": "#ffffff",
            "theme_color": "#1f3f8f",
            "icons": [_icon("ui/mark.svg", "any"), _icon(self.icon, "maskable")],
        }
        answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False}, headers=_FRESH)
        answer["Content-Type"] = "application/manifest+json"
        return answer

    def addresses(self) -> list[str]:
        """Everything it needs to open without a network."""
        names = (self.name, f"{self.name}-manifest")
        return [reverse(f"gate:{name}", args=[one]) for one in LANGUAGES for name in names] + [
            static(name) for name in self.files
        ]


@cache
def version(page: KeptPage) -> str:
    """A name for the page's files as they are: another as soon as one of them changes."""
    parts = [*page.addresses(), *(_shell(page, language) for language in LANGUAGES), render_to_string(_WORKER)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _shell(page: KeptPage, language: str) -> str:
    other = next(one for one in LANGUAGES if one != language)
    about = {
        "language": language,
        "page_language": LANGUAGES[language],
        "other": other,
        "manifest": reverse(f"gate:{page.name}-manifest", args=[language]),
        "synthetic": settings.SYNTHETIC,
    }
    with translation.override(language):
        return render_to_string(page.template, about | page.context(language))


def _icon(name: str, purpose: str) -> dict[str, str]:
    return {"src": static(name), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
