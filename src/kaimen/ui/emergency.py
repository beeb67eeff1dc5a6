"""The strip under the staff bar: which emergency is in force, since when, on what legal basis, until when.

This part knows the strip, not the law: the part that keeps activations tells it (`told_by`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest


@dataclass(frozen=True)
class Strip:
    """What the strip says, in the reader's language."""

    name: str
    day: int  # the first day is day 1
    legal_basis: str
    until: date | None


Teller = Callable[[HttpRequest], Strip | None]
_tellers: list[Teller] = []


def told_by(teller: Teller) -> Teller:
    """Register who knows; called from AppConfig.ready. The last one registered is asked."""
    _tellers.append(teller)
    return teller


def strip(request: HttpRequest) -> Strip | None:
    """The emergency that concerns this reader, or None."""
    return _tellers[-1](request) if _tellers else None
