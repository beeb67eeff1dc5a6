"""What a page may do in the browser: its own files, nothing inline, no camera unless a view needs one."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponse])

POWERS = frozenset({"camera", "webassembly"})  # what a view may ask for beyond the rule
NONCE_BYTES = 16


def may_use(*powers: str) -> Callable[[View], View]:
    """Give one view a power: `@may_use("camera", "webassembly")`. Put it under the decorator that guards the view."""
    if unknown := set(powers) - POWERS:
        raise ValueError(f"unknown power {', '.join(sorted(unknown))}; there are {', '.join(sorted(POWERS))}")

    def wrap(view: View) -> View:
        view.powers = frozenset(powers)  # type: ignore[attr-defined]
        return view

    return wrap


def content_policy(nonce: str, powers: Iterable[str] = ()) -> str:
    """The Content-Security-Policy: files of this site; in the page no styles, and scripts only with the nonce."""
    scripts = ["'self'", f"'nonce-{nonce}'", *(["'wasm-unsafe-eval'"] if "webassembly" in powers else [])]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(scripts),
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def permissions_policy(powers: Iterable[str] = ()) -> str:
    """The Permissions-Policy: no device, save the camera where a view was given it."""
    camera = "(self)" if "camera" in powers else "()"
    return f"camera={camera}, microphone=(), geolocation=(), payment=(), usb=()"


class SecurityHeaders:
    """Adds the headers to every page and gives templates `request.csp_nonce`."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers; what a page tells about people is not kept by anything between us and the reader."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        powers: frozenset[str] = getattr(request, "powers", frozenset())
        response.headers.setdefault("Content-Security-Policy", content_policy(nonce, powers))
        response.headers.setdefault("Permissions-Policy", permissions_policy(powers))
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if "public" in response.headers["Cache-Control"].split(", ") and not response.cookies:
            for name in ("Vary", "Content-Language"):  # the same bytes for everybody, in no language: caches keep one
                response.headers.pop(name, None)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Remember what the view that will answer was given."""
        request.powers = getattr(view, "powers", frozenset())  # type: ignore[attr-defined]
