"""A kind of incident as its city published it: whose it is, how long they have, what may become of it. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kaimen.packs import Words


@dataclass(frozen=True)
class Outcome:
    """What may become of an incident."""

    code: str
    title: Words
    person: Words | None = None  # what the person is told
    gate: Words | None = None  # what the gate is told to do
    upheld: bool | None = None  # whether the person was right; None where nobody disputes anything


@dataclass(frozen=True)
class IncidentKind:
    """One file incidents/*.yaml."""

    slug: str  # fever or obstruction
    title: Words
    source: str
    published: date
    within: timedelta
    names_kept: timedelta  # after it was closed
    offices: tuple[str, ...]  # roles that answer it
    above: tuple[str, ...]  # roles that see it when it is late
    outcomes: Mapping[str, Outcome]
