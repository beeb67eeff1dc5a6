"""Evidence as judging sees it: read from the envelopes that sources signed, never from a column.

A row written into the table by hand has no envelope that an accredited key signed, and so it is not there at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kaimen.colours import statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.judging import Item
from kaimen.colours.moments import moment
from kaimen.colours.statements import Signed
from kaimen.colours.trust import Accredited, NotAdmitted, Trust, check_evidence, values_of
from kaimen.kit import clock
from kaimen.kit.seal import NotOpened
from kaimen.status import sealed, trusted
from kaimen.status.models import Appeal, Evidence, Finding, Genesis, Withdrawal

COLUMN, WITHDRAWAL_COLUMN, FINDING_COLUMN = "evidence.sealed", "withdrawal.sealed", "finding.sealed"
_CHUNK = 400


@dataclass(frozen=True)
class Read:
    """A row, what its envelope says, and the accreditation it rests on."""

    row: Evidence
    said: statements.Evidence
    by: Accredited

    @property
    def at(self) -> int:
        """When it was logged."""
        return moment(self.row.made_at)


def items_of(
    genesis: Genesis, subjects: Sequence[UUID], definition: StatusDefinition, as_of: int
) -> dict[UUID, list[Item]]:
    """The evidence about each subject that was taken in lawfully, in the order of the log; whether it is in force.

    Evidence that waits for another organisation is not there; what was taken back, struck or suspended is, without
    force.
    """
    trust = trusted.trust_in(genesis)
    found: dict[UUID, list[Item]] = defaultdict(list)
    for start in range(0, len(subjects), _CHUNK):
        rows = with_what_became(Evidence.objects.filter(subject__in=subjects[start : start + _CHUNK]))
        for order, one in enumerate(read_rows(genesis, trust, rows)):
            values = values_of(one.said.says, one.said.of, definition)
            if values is None or (one.row.waits and not _approved(one.row, one.by.organisation, trust)):
                continue
            in_force = _in_force(genesis, one, trust, as_of)
            found[one.row.subject_id].append(Item(
                one.said.id, one.by.organisation, one.said.of, values, one.said.seen, one.said.until, order, in_force
            ))  # fmt: skip
    return found


def with_what_became(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Evidence with everything that may take its force: withdrawals, approvals, appeals and their answers."""
    appeals = Appeal.objects.select_related("finding")
    withdrawals = Withdrawal.objects.prefetch_related("approvals")
    return rows.order_by("made_at", "leaf").prefetch_related(
        Prefetch("appeals", appeals), "approvals", Prefetch("withdrawal", withdrawals)
    )


def read_rows(genesis: Genesis, trust: Trust, rows: Iterable[Evidence]) -> Iterable[Read]:
    """The rows whose envelope holds; others are passed over."""
    for row in rows:
        try:
            signed = opened(genesis, row)
            said, by = trust.admit(signed, moment(row.made_at))
            if not isinstance(said, statements.Evidence) or UUID(bytes=said.id) != row.pk:
                continue
            if UUID(bytes=said.subject) != row.subject_id:
                continue
            definition = trusted.rules_at(trust, said.status, moment(row.made_at))
            if definition is None:
                continue
            check_evidence(said, definition, moment(row.made_at), None)
        except (NotAdmitted, NotOpened, statements.NotAStatement):
            continue
        yield Read(row, said, by)


State = Literal["counts", "waits", "withdrawn", "back-waits", "struck", "suspended", "over", "key-ended"]


def state_of(row: Evidence) -> State:
    """What became of a piece of evidence, in a word; what counts is decided by judging, from envelopes.

    `back-waits`: taken back, which itself waits for another organisation; until then it counts.
    """
    now = clock.now()
    withdrawal: Withdrawal | None = getattr(row, "withdrawal", None)
    ended = getattr(row.accreditation, "ended", None)
    unanswered = [one for one in row.appeals.all() if one.due <= now and getattr(one, "finding", None) is None]
    became: tuple[tuple[State, bool], ...] = (
        ("withdrawn", withdrawal is not None and not _waits(withdrawal)),
        ("struck", bool(row.struck_by.all())),
        ("over", row.until <= now),
        ("key-ended", ended is not None and ended.since <= row.made_at),
        ("suspended", bool(unanswered)),
        ("waits", _waits(row)),
        ("back-waits", withdrawal is not None),
    )
    return next((state for state, holds in became if holds), "counts")


def _waits(row: Evidence | Withdrawal) -> bool:
    return row.waits and not row.approvals.all()


def opened(genesis: Genesis, row: Evidence) -> Signed:
    """The envelope of a row. Raises NotOpened, NotAStatement."""
    return _signed(sealed.opened(genesis.emergency, bytes(row.sealed), column=COLUMN, row=row.pk))


@lru_cache(maxsize=4096)
def _signed(envelope: bytes) -> Signed:
    return statements.read(envelope)


def _in_force(genesis: Genesis, one: Read, trust: Trust, as_of: int) -> bool:
    return one.by.in_force(one.at) and not _withdrawn(genesis, one, trust) and not any(
        _contested(genesis, appeal, one, trust, as_of) for appeal in one.row.appeals.all()
    )  # fmt: skip


def _withdrawn(genesis: Genesis, one: Read, trust: Trust) -> bool:
    row: Withdrawal | None = getattr(one.row, "withdrawal", None)
    if row is None or (row.waits and not _approved(row, one.by.organisation, trust)):
        return False
    said = _admitted(genesis, row, WITHDRAWAL_COLUMN, trust)
    return isinstance(said, statements.Withdrawal) and said.evidence == one.said.id


def _contested(genesis: Genesis, appeal: Appeal, one: Read, trust: Trust, as_of: int) -> bool:
    """Struck by the finding; or, with none, suspended since its clock ran out, whether or not that was noted yet."""
    finding: Finding | None = getattr(appeal, "finding", None)
    if finding is None:
        return moment(appeal.due) <= as_of
    said = _admitted(genesis, finding, FINDING_COLUMN, trust)
    return isinstance(said, statements.Finding) and one.said.id in said.strikes


def _admitted(genesis: Genesis, row: Withdrawal | Finding, column: str, trust: Trust) -> statements.BySource | None:
    """What a sealed envelope says; None when no key that counts signed it."""
    try:
        envelope = sealed.opened(genesis.emergency, bytes(row.sealed), column=column, row=row.pk)
        return trust.admit(_signed(envelope), moment(row.made_at))[0]
    except (NotAdmitted, NotOpened, statements.NotAStatement):
        return None


def _approved(row: Evidence | Withdrawal, organisation: str, trust: Trust) -> bool:
    """Whether a key of another organisation countersigned."""
    for approval in row.approvals.all():
        try:
            said, by = trust.admit(_signed(bytes(approval.envelope)), moment(approval.made_at))
        except (NotAdmitted, statements.NotAStatement):
            continue
        another = by.organisation != organisation
        if another and isinstance(said, statements.Approval) and row.pk.bytes in said.statements:
            return True
    return False
