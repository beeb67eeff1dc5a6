"""Evidence as judging sees it: read from the envelopes that sources signed, never from a column.

A row written into the table by hand has no envelope that an accredited key signed, and so it is not there at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kaimen.colours import statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.judging import Item
from kaimen.colours.moments import moment
from kaimen.colours.statements import Signed
from kaimen.colours.trust import Accredited, NotAdmitted, Trust, check_evidence, values_of
from kaimen.kit.seal import NotOpened
from kaimen.status import sealed, trusted
from kaimen.status.models import Appeal, Approval, Evidence, Genesis, Withdrawal

COLUMN = "evidence.sealed"
WITHDRAWAL_COLUMN = "withdrawal.sealed"
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


def items_of(genesis: Genesis, subjects: Sequence[UUID], definition: StatusDefinition) -> dict[UUID, list[Item]]:
    """The evidence about each subject that was taken in lawfully, in the order of the log; whether it is in force."""
    trust = trusted.trust_in(genesis)
    found: dict[UUID, list[Item]] = defaultdict(list)
    for start in range(0, len(subjects), _CHUNK):
        rows = with_what_became(Evidence.objects.filter(subject__in=subjects[start : start + _CHUNK]))
        for order, one in enumerate(read_rows(genesis, trust, rows)):
            values = values_of(one.said.says, one.said.of, definition)
            if values is not None:
                found[one.row.subject_id].append(_item(one, values, order, trust))
    return found


def with_what_became(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Evidence with everything that may take its force: withdrawals, approvals, appeals and their answers."""
    appeals = Appeal.objects.select_related("lapse", "finding").prefetch_related("finding__strikes")
    approvals = Approval.objects.select_related("accreditation__source")
    withdrawals = Withdrawal.objects.prefetch_related(Prefetch("approvals", approvals))
    return rows.order_by("made_at", "id").prefetch_related(
        Prefetch("appeals", appeals), Prefetch("approvals", approvals), Prefetch("withdrawal", withdrawals)
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
            definition = trusted.rules_at(genesis, said.status, moment(row.made_at))
            if definition is None:
                continue
            check_evidence(said, definition, moment(row.made_at), None)
        except (NotAdmitted, NotOpened, statements.NotAStatement):
            continue
        yield Read(row, said, by)


def opened(genesis: Genesis, row: Evidence) -> Signed:
    """The envelope of a row. Raises NotOpened, NotAStatement."""
    return _signed(sealed.opened(genesis.emergency, bytes(row.sealed), column=COLUMN, row=row.pk))


@lru_cache(maxsize=4096)
def _signed(envelope: bytes) -> Signed:
    return statements.read(envelope)


def _item(one: Read, values: dict[str, object], order: int, trust: Trust) -> Item:
    return Item(
        id=one.said.id, organisation=one.by.organisation, of=one.said.of, says=values,  # type: ignore[arg-type]
        seen=one.said.seen, until=one.said.until, order=order, in_force=_in_force(one, trust),
    )  # fmt: skip


def _in_force(one: Read, trust: Trust) -> bool:
    row = one.row
    if row.waits and not _approved(row.approvals.all(), one.by.organisation, trust):
        return False
    withdrawal = getattr(row, "withdrawal", None)
    if withdrawal is not None and (
        not withdrawal.waits or _approved(withdrawal.approvals.all(), one.by.organisation, trust)
    ):
        return False
    return not any(_contested(appeal, row) for appeal in row.appeals.all())


def _approved(approvals: Iterable[Approval], organisation: str, trust: Trust) -> bool:
    """Whether a key of another organisation countersigned."""
    for approval in approvals:
        try:
            said, by = trust.admit(_signed(bytes(approval.envelope)), moment(approval.made_at))
        except (NotAdmitted, statements.NotAStatement):
            continue
        if isinstance(said, statements.Approval) and by.organisation != organisation:
            return True
    return False


def _contested(appeal: Appeal, row: Evidence) -> bool:
    """Struck by the finding; or, with none, suspended since nobody answered in time."""
    finding = getattr(appeal, "finding", None)
    if finding is not None:
        return any(struck.pk == row.pk for struck in finding.strikes.all())
    return hasattr(appeal, "lapse")
