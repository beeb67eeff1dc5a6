"""Evidence about buildings: signed by an accredited source, in force until it runs out.

What counts is the envelope, admitted again whenever it is asked by what authorities signed (`status.trusted`); the
columns beside it only find the row. A row that was changed by hand, or that nobody signed, has no effect, nor has a
key that somebody wrote into a table.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from kaimen.board.models import PlaceEvidence
from kaimen.colours import statements
from kaimen.colours.moments import moment, when
from kaimen.colours.statements import Evidence, Said, Signed
from kaimen.colours.trust import NotAdmitted, Trust
from kaimen.status import activations, trusted

BUILDING = "building"
INSPECTION, FEVER_REPORT, FEVER_RESOLVED = "inspection", "fever-report", "fever-resolved"
HEALTH = frozenset({FEVER_REPORT, FEVER_RESOLVED})  # kinds that say something about somebody's health
REPORTED, HANDLED = "fever_reported", "fever_handled"


@dataclass(frozen=True)
class Counted:
    """Evidence that counts: what it says, who signed it, from when to when."""

    id: UUID
    place: str
    says: Mapping[str, Said]
    source: str
    seen: datetime
    until: datetime


def identity_of(code: str) -> bytes:
    """How a statement says which building it is about, for whoever knows the code."""
    return hashlib.sha256(b"kaimen place 1\0" + code.encode()).digest()


@lru_cache(maxsize=10_000)
def _read(envelope: bytes) -> Signed | None:
    """What an envelope holds, kept: it never changes."""
    try:
        return statements.read(envelope)
    except statements.NotAStatement:
        return None


def _counting(kind: str, at: datetime, *, expired: bool = False) -> list[Counted]:
    """Evidence of a kind that had arrived by `at`, what was seen first first; without what had run out unless told."""
    genesis = activations.in_force()
    if genesis is None:
        return []
    rows = PlaceEvidence.objects.filter(kind=kind, made_at__lte=at).select_related("place")
    if not expired:
        rows = rows.filter(until__gt=at)
    trust, found = trusted.trust_in(genesis), []
    for row in rows.order_by("made_at", "id"):
        said = _said(row, trust)
        if said is not None and (expired or when(said.until) > at):
            found.append(Counted(row.pk, row.place.code, said.says, said.source, when(said.seen), when(said.until)))
    return sorted(found, key=lambda one: one.seen)  # seen together: what arrived later counts


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
    latest = {one.place: one for one in _counting(kind, at, expired=True)}
    return {code: one for code, one in latest.items() if one.until > at}


def ever(kind: str, at: datetime) -> set[str]:
    """The buildings about which there was evidence of a kind by `at`, in force or not."""
    return {one.place for one in _counting(kind, at, expired=True)}


def fevers_open(at: datetime) -> dict[str, int]:
    """How many reports of a fever in each building are neither dealt with nor run out at `at`.

    A report that is dealt with stands for every report of its building that was seen before it.
    """
    closed = {one.place: one.seen for one in _counting(FEVER_RESOLVED, at, expired=True) if one.says.get(HANDLED)}
    counts: dict[str, int] = {}
    for one in _counting(FEVER_REPORT, at):
        done = closed.get(one.place)
        if one.says.get(REPORTED) and (done is None or done < one.seen):
            counts[one.place] = counts.get(one.place, 0) + 1
    return counts
