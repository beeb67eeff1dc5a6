"""Evidence about buildings: signed by an accredited source, in force until it runs out.

What counts is the envelope, read and verified again whenever it is asked; the columns beside it only find the row.
A row that was changed by hand, or that nobody signed, has no effect.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from kaimen.board.models import PlaceEvidence
from kaimen.colours import statements
from kaimen.colours.moments import when
from kaimen.colours.statements import Said
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.status.models import Accreditation, AccreditationEnded

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


def accreditations() -> dict[UUID, Accreditation]:
    """Every key there ever was, with its end; they are few."""
    return {one.pk: one for one in Accreditation.objects.select_related("source", "ended")}


def may_sign(accreditation: Accreditation, kind: str, at: datetime) -> bool:
    """Whether what this key signed counts when it arrived at `at`. A key may end for the past, too."""
    ended: AccreditationEnded | None = getattr(accreditation, "ended", None)
    if ended is not None and ended.since <= at:
        return False
    return kind in accreditation.kinds and accreditation.since <= at < accreditation.until


@lru_cache(maxsize=10_000)
def _verified(envelope: bytes, key: bytes) -> statements.Evidence | None:
    """The statement in an envelope, if the key signed it. Kept: neither changes."""
    try:
        signed = statements.read(envelope)
        public = PublicKey.from_raw(key)
    except (statements.NotAStatement, NotAKey):
        return None
    statement = signed.statement
    if not isinstance(statement, statements.Evidence) or statement.status != BUILDING:
        return None
    return statement if signed.signed_by(public) else None


def _counting(kind: str, at: datetime, *, expired: bool = False) -> list[Counted]:
    """Evidence of a kind that had arrived by `at`, what was seen first first; without what had run out unless told."""
    rows = PlaceEvidence.objects.filter(kind=kind, made_at__lte=at).select_related("place")
    if not expired:
        rows = rows.filter(until__gt=at)
    accredited, found = accreditations(), []
    for row in rows.order_by("made_at", "id"):
        by = accredited[row.accreditation_id]
        said = _verified(bytes(row.envelope), bytes(by.public_key))
        if said is None or not _is_of(row, said, by) or not may_sign(by, kind, row.made_at):
            continue
        if expired or when(said.until) > at:
            found.append(Counted(row.pk, row.place.code, said.says, said.source, when(said.seen), when(said.until)))
    return sorted(found, key=lambda one: one.seen)  # seen together: what arrived later counts


def _is_of(row: PlaceEvidence, said: statements.Evidence, by: Accreditation) -> bool:
    """Whether the columns that found the row say what its envelope says."""
    same = (row.pk.bytes, row.kind, by.source.slug) == (said.id, said.of, said.source)
    return same and said.identity == identity_of(row.place.code)


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
