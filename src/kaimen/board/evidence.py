"""Evidence about buildings: signed by an accredited source, in force until it runs out.

What counts is the envelope, admitted again whenever it is asked by what authorities signed (`status.trusted`); the
columns beside it only find the row. A row that was changed by hand, or that nobody signed, has no effect, nor has a
key that somebody wrote into a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from kaimen.board.models import PlaceEvidence
from kaimen.colours import place_facts, statements
from kaimen.colours.moments import moment, when
from kaimen.colours.place_facts import FEVER_REPORT, FEVER_RESOLVED, INSPECTION, identity_of
from kaimen.colours.statements import Evidence, Said, Signed
from kaimen.colours.trust import NotAdmitted, Trust
from kaimen.rules.tree import Value
from kaimen.status import activations, trusted

__all__ = ["BUILDING", "HEALTH", "INSPECTION", "Counted", "by_place", "in_force", "worked_out"]
BUILDING = "building"
HEALTH = frozenset({FEVER_REPORT, FEVER_RESOLVED})  # kinds that say something about somebody's health


@dataclass(frozen=True)
class Counted:
    """Evidence about a building that counts."""

    place: str
    said: Evidence

    @property
    def says(self) -> Mapping[str, Said]:
        """Field → value."""
        return self.said.says

    @property
    def source(self) -> str:
        """Who signed it."""
        return self.said.source

    @property
    def seen(self) -> datetime:
        """When it was seen."""
        return when(self.said.seen)

    @property
    def until(self) -> datetime:
        """When it runs out."""
        return when(self.said.until)


@lru_cache(maxsize=10_000)
def _read(envelope: bytes) -> Signed | None:
    """What an envelope holds, kept: it never changes."""
    try:
        return statements.read(envelope)
    except statements.NotAStatement:
        return None


def by_place(at: datetime, kind: str = "") -> dict[str, list[Counted]]:
    """Evidence that had arrived by `at`, of each building (by code), what was seen first first; run out or not."""
    genesis = activations.in_force()
    if genesis is None:
        return {}
    rows = PlaceEvidence.objects.filter(made_at__lte=at).select_related("place")
    if kind:
        rows = rows.filter(kind=kind)
    trust, found = trusted.trust_in(genesis), dict[str, list[Counted]]()
    for row in rows.order_by("made_at", "id"):
        said = _said(row, trust)
        if said is not None:
            found.setdefault(row.place.code, []).append(Counted(row.place.code, said))
    return {code: sorted(those, key=lambda one: one.said.seen) for code, those in found.items()}


def _said(row: PlaceEvidence, trust: Trust) -> Evidence | None:
    """The statement of a row, if its key counted when it arrived and the columns that found it say the same."""
    signed = _read(bytes(row.envelope))
    if signed is None:
        return None
    try:
        said, _by = trust.admit(signed, moment(row.made_at))
    except NotAdmitted:
        return None
    if not isinstance(said, Evidence) or (said.status, said.of, said.id) != (BUILDING, row.kind, row.pk.bytes):
        return None
    return said if said.identity == identity_of(row.place.code) else None


def in_force(kind: str, at: datetime) -> dict[str, Counted]:
    """The latest evidence of a kind about each building, if it has not run out at `at`."""
    latest = {code: those[-1] for code, those in by_place(at, kind).items()}
    return {code: one for code, one in latest.items() if one.until > at}


def worked_out(name: str, at: datetime) -> dict[str, Value]:
    """A fact that follows from evidence alone, of each building; what is absent is left out."""
    found = {}
    for code, those in by_place(at).items():
        value = place_facts.FACTS[name]([one.said for one in those], moment(at))
        if value is not None:
            found[code] = value
    return found
