"""Evidence in: the one door. A signed envelope is checked, kept as it was sent, logged, and the colour judged anew.

- `receive(envelopes) -> list[Outcome]`: for the API and for the page; a signature within proves each, so nobody is
  signed in here. Envelopes of evidence, withdrawals and approvals may come mixed; each is taken or not by itself.
- `waiting(by)`: what waits for this officer's countersignature.

The same statement sent twice is one. What is refused leaves no trace but its answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.colours import bulk, leaves, statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.judging import Judge
from kaimen.colours.moments import local_day, moment, when
from kaimen.colours.statements import Signed
from kaimen.colours.trust import Accredited, NotAdmitted, check_evidence, values_of
from kaimen.kit import clock
from kaimen.ledger.actions import record
from kaimen.status import evidence_read, judged, sealed, source_keys, telling, trusted
from kaimen.status.activations import PERSON, activation
from kaimen.status.models import Accreditation, Approval, Batch, Evidence, Genesis, Source, Subject, Withdrawal
from kaimen.status.refusal_words import in_words
from kaimen.status.refusals import Refused

State = Literal["taken", "waits", "known", "refused"]
MOST = 500  # envelopes at once


@dataclass(frozen=True)
class Outcome:
    """What became of one envelope. `waits`: it is beyond the number and does not count until countersigned."""

    state: State
    id: UUID | None = None
    refused: Refused | None = None
    subjects: tuple[UUID, ...] = ()


def receive(envelopes: Sequence[bytes]) -> list[Outcome]:
    """Take in what sources signed, in this order. Raises Refused when nothing can be taken at all."""
    if len(envelopes) > MOST:
        raise Refused("too-many", _("That is more than %d at once.") % MOST, _("Send fewer at a time."))
    with transaction.atomic():
        intake = _Intake(activation())  # within: an activation that ends meanwhile ends before or after all of it
        outcomes = [_received(intake, envelope) for envelope in envelopes]
        for why in ("evidence", "withdrawal", "approval"):
            about = {subject for why_, one in outcomes if why_ == why for subject in one.subjects}
            if about:
                judged.settle(intake.genesis, list(about), why)
    return [outcome for _why, outcome in outcomes]


class _Intake:
    """What one request's envelopes have in common, asked for once."""

    def __init__(self, genesis: Genesis) -> None:
        self.genesis = genesis
        self.trust = trusted.trust_in(genesis)
        self._accreditations: dict[bytes, Accreditation] = {}
        self._batches: dict[tuple[UUID, date], Batch] = {}

    def accreditation(self, by: Accredited) -> Accreditation:
        """The row of an accreditation."""
        if by.id not in self._accreditations:
            rows = Accreditation.objects.select_related("source__organisation")
            self._accreditations[by.id] = rows.get(pk=UUID(bytes=by.id))
        return self._accreditations[by.id]

    def rules(self, status: str, at: int) -> StatusDefinition:
        """The rules in force. Raises NotAdmitted."""
        definition = trusted.rules_at(self.trust, status, at)
        if definition is None:
            raise NotAdmitted("rules-not-published", "evidence under rules that are in force")
        return definition

    def batch(self, source: Source, day: date, at: int) -> Batch:
        """What the source's organisation sent on a day."""
        key = source.organisation_id, day
        if key not in self._batches:
            rows = Batch.objects.select_for_update().filter(genesis=self.genesis, organisation=source.organisation)
            about = {"genesis": self.genesis, "organisation": source.organisation, "made_at": when(at)}
            self._batches[key], _made = rows.get_or_create(day=day, defaults=about)
        return self._batches[key]


def _received(intake: _Intake, envelope: bytes) -> tuple[str, Outcome]:
    try:
        signed = statements.read(envelope)
        now = clock.now()
        said, by = intake.trust.admit(signed, moment(now))
        source_keys.require_held(said.source, by.key.raw)
        door = _DOORS.get(type(said))
        if door is None:
            raise NotAdmitted("not-a-statement-for-here", "evidence, a withdrawal or an approval")
        return said.kind, door(_Arrived(intake, envelope, signed, by, moment(now)))
    except statements.NotAStatement as error:
        return "", Outcome("refused", refused=Refused("form", str(error), _("Sign it in the form the guide gives."),
                                                      field=error.field))  # fmt: skip
    except NotAdmitted as error:
        return "", Outcome("refused", refused=in_words(error))
    except Refused as error:
        return "", Outcome("refused", refused=error)


@dataclass(frozen=True)
class _Arrived:
    """One admitted envelope on its way in. Everything is checked before anything is written."""

    intake: _Intake
    envelope: bytes
    signed: Signed
    by: Accredited
    at: int

    @property
    def genesis(self) -> Genesis:
        """The activation."""
        return self.intake.genesis

    @property
    def accreditation(self) -> Accreditation:
        """Its row."""
        return self.intake.accreditation(self.by)

    def log(self) -> UUID:
        """Its leaf."""
        body = leaves.of_source(self.envelope)
        return record(body.kind, body.public, secret=body.secret, emergency=self.genesis.emergency)


def _evidence(arrived: _Arrived) -> Outcome:
    said = arrived.signed.statement
    assert isinstance(said, statements.Evidence)
    pk = UUID(bytes=said.id)
    if known := _known(arrived, Evidence.objects.filter(pk=pk).first(), evidence_read.COLUMN):
        return known
    subject = Subject.objects.filter(pk=UUID(bytes=said.subject), genesis=arrived.genesis).first()
    if subject is None:
        raise NotAdmitted("not-known", "a subject of this activation")
    definition = arrived.intake.rules(said.status, arrived.at)
    check_evidence(said, definition, arrived.at, bytes(subject.identity) if subject.identity else None)
    values = values_of(said.says, said.of, definition)
    assert values is not None, "check_evidence has let it through"
    judge = judged.judge_of(said.status, definition.digest)
    adverse = judge.adverse(said.of, values, arrived.at, said.until)
    batch, waits = _counted(arrived, definition, adverse=adverse)
    row = Evidence(
        id=pk, accreditation=arrived.accreditation, subject=subject, kind=said.of, until=when(said.until),
        batch=batch, waits=waits, leaf=arrived.log(), made_at=when(arrived.at),
    )  # fmt: skip
    row.sealed = sealed.seal(arrived.genesis.emergency, arrived.envelope, column=evidence_read.COLUMN, row=pk)
    row.save(force_insert=True)
    return Outcome("waits" if waits else "taken", pk, subjects=(subject.pk,))


def _withdrawal(arrived: _Arrived) -> Outcome:
    said = arrived.signed.statement
    assert isinstance(said, statements.Withdrawal)
    pk = UUID(bytes=said.id)
    if known := _known(arrived, Withdrawal.objects.filter(pk=pk).first(), evidence_read.WITHDRAWAL_COLUMN):
        return known
    row = Evidence.objects.filter(pk=UUID(bytes=said.evidence), subject__genesis=arrived.genesis).first()
    if row is None:
        raise NotAdmitted("not-known", "evidence that was taken in")
    if row.accreditation.source.slug != said.source:
        raise NotAdmitted("not-theirs", "evidence of the same source")
    if hasattr(row, "withdrawal"):
        raise NotAdmitted("said-before", "evidence that still stands")
    definition = arrived.intake.rules(PERSON, arrived.at)
    batch, waits = _counted(arrived, definition, adverse=not _was_adverse(arrived, row, definition))
    withdrawal = Withdrawal(
        id=pk, evidence=row, accreditation=arrived.accreditation, batch=batch, waits=waits, leaf=arrived.log(),
        made_at=when(arrived.at),
    )  # fmt: skip
    column = evidence_read.WITHDRAWAL_COLUMN
    withdrawal.sealed = sealed.seal(arrived.genesis.emergency, arrived.envelope, column=column, row=pk)
    withdrawal.save(force_insert=True)
    return Outcome("waits" if waits else "taken", pk, subjects=(row.subject_id,))


def _approval(arrived: _Arrived) -> Outcome:
    """Countersign what waits. Evidence that another organisation sent, and that somebody of one's own has looked at."""
    said = arrived.signed.statement
    assert isinstance(said, statements.Approval)
    pk = UUID(bytes=said.id)
    if (row := Approval.objects.filter(pk=pk).first()) is not None:
        return _same(arrived, pk, bytes(row.envelope))
    wanted = [UUID(bytes=one) for one in said.statements]
    rows = list(Evidence.objects.filter(pk__in=wanted).select_related("accreditation__source"))
    withdrawn = list(Withdrawal.objects.filter(pk__in=wanted).select_related("accreditation__source", "evidence"))
    if len(rows) + len(withdrawn) != len(wanted):
        raise NotAdmitted("not-known", "evidence that was taken in")
    mine = arrived.accreditation
    accreditations = [one.accreditation for one in rows] + [one.accreditation for one in withdrawn]
    others = {one.source.organisation_id for one in accreditations}
    if mine.source.organisation_id in others:
        raise NotAdmitted("same-organisation", "evidence of another organisation than one’s own")
    approval = Approval.objects.create(
        id=pk, accreditation=mine, envelope=arrived.envelope, leaf=arrived.log(), made_at=when(arrived.at)
    )
    approval.evidence.set(rows)
    approval.withdrawals.set(withdrawn)
    about = {one.subject_id for one in rows} | {one.evidence.subject_id for one in withdrawn}
    return Outcome("taken", pk, subjects=tuple(about))


_DOORS = {statements.Evidence: _evidence, statements.Withdrawal: _withdrawal, statements.Approval: _approval}


def _known(arrived: _Arrived, row: Evidence | Withdrawal | None, column: str) -> Outcome | None:
    """The same statement again; another one under the same id is refused."""
    if row is None:
        return None
    kept = sealed.opened(arrived.genesis.emergency, bytes(row.sealed), column=column, row=row.pk)
    return _same(arrived, row.pk, kept)


def _same(arrived: _Arrived, pk: UUID, kept: bytes) -> Outcome:
    if statements.statement_hash(kept) != statements.statement_hash(arrived.envelope):
        raise NotAdmitted("said-before", "an id of its own for each statement")
    return Outcome("known", pk)


def _was_adverse(arrived: _Arrived, row: Evidence, definition: StatusDefinition) -> bool:
    said = evidence_read.opened(arrived.genesis, row).statement
    assert isinstance(said, statements.Evidence)
    values = values_of(said.says, said.of, definition)
    judge: Judge = judged.judge_of(PERSON, definition.digest)
    return values is not None and judge.adverse(said.of, values, moment(row.made_at), said.until)


def _counted(arrived: _Arrived, definition: StatusDefinition, *, adverse: bool) -> tuple[Batch, bool]:
    """The organisation's batch of the day with this act counted, and whether it waits for another organisation."""
    day, source = local_day(arrived.at, definition.zone), arrived.accreditation.source
    batch = arrived.intake.batch(source, day, arrived.at)
    if not adverse:
        return batch, False
    before = Batch.objects.filter(genesis=arrived.genesis, organisation=source.organisation, day__lte=day)
    counted: dict[date, int] = dict(before.values_list("day", "acts"))
    waits = bulk.beyond(definition.bulk, counted, day)
    if waits and not bulk.beyond(definition.bulk, counted | {day: batch.acts - 1}, day):
        officers = telling.accredited_officers("status.approve_bulk", but=source.slug)
        telling.tell(officers, "batch-waits", source=telling.words(source), people=batch.acts + 1)
    batch.acts += 1
    batch.save(update_fields=["acts"])
    return batch, waits
