"""Every address of the product: its view, who may open it, and whether what it answered agrees."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver

PUBLIC, SIGNED_IN = "public", "signed in"
NODE = "node"  # signed by an enrolled gate node; no browser has such a key
WITNESS = "witness"  # signed by a witness of the log, likewise
NOBODY = "00000000-0000-7000-8000-000000000000"
EXAMPLES = {"uuid": NOBODY, "int": "1", "slug": "ferry-house", "str": "ferry-house", "path": "ferry-house"}
OPENED = {200, 302, 303, 304, 404}
NOT_THIS_METHOD = 405


@dataclass(frozen=True)
class Address:
    """One URL pattern."""

    path: str
    view: Callable[..., Any]
    has_arguments: bool

    @property
    def access(self) -> str | None:
        """What `post_required`, `signed_in` or `public` noted on the view; None when it stands open by forgetting."""
        return getattr(self.view, "access", None)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[Address]:
    """Every address below `patterns`, with plausible arguments filled in."""
    for pattern in patterns:
        path = before + _filled(pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield Address(path, pattern.callback, bool(pattern.pattern.converters))


def _filled(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        example = EXAMPLES["str" if kind == "string" else kind]
        for written in (f"<{kind}:{name}>", f"<str:{name}>", f"<{name}>"):
            text = text.replace(written, example)
    return text


def to_sign_in(status: int, location: str) -> bool:
    """Whether an answer sends its reader to the sign-in page."""
    return status == 302 and location.startswith(resolve_url(settings.LOGIN_URL))


def verdict(address: Address, *, may: bool, status: int, location: str = "") -> str | None:
    """What is wrong with an answer to somebody who `may` open the address, or may not; None when it is right."""
    if status >= 500:
        return f"{address.path} fails with {status}"
    if may:
        # With arguments the scope may say no; an account without a password has none to confirm.
        refused = status == 403 and not address.has_arguments and address.access != SIGNED_IN
        return f"{address.path} is refused ({status}) in spite of {address.access}" if refused else None
    if status in OPENED and not to_sign_in(status, location):
        return f"{address.path} opens ({status}) without {address.access}"
    refusals = {400, 401, NOT_THIS_METHOD} if address.access in {NODE, WITNESS} else {302, 403, NOT_THIS_METHOD}
    if status not in refusals:
        return f"{address.path} answers {status} to somebody without {address.access}; it should be 403"
    return None
