"""The only way a colour comes about: published rules, asked about signed evidence, at a moment.

- `judgement_of(subject, as_of)`: the colour now; writes nothing.
- `settle(subjects, why)`: judge anew, and write what changed: decision, leaf, message to the person. Nothing else in
  this program writes a decision or a standing, and neither has a page, a form or an address.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.colours import leaves
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.judging import Judge, Judgement
from kaimen.colours.moments import moment, when
from kaimen.kit import clock, ids
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.status import evidence_read, telling, trusted
from kaimen.status.activations import PERSON
from kaimen.status.models import Decision, Evidence, Genesis, RulesVersion, Standing, Subject
from kaimen.status.refusals import Refused


def rules_now(genesis: Genesis) -> StatusDefinition:
    """The rules of people's colours in force. Raises Refused where none are published."""
    try:
        definition = trusted.rules_at(trusted.trust_in(genesis), PERSON, moment(clock.now()))
    except LookupError as error:
        raise rules_gone() from error
    if definition is None:
        raise Refused("no-rules", _("No rules are in force yet."), _("Two rule keepers publish them first."))
    return definition


def rules_gone() -> Refused:
    """What is said where a published text is no more at hand."""
    message = _("The text of the rules in force is gone.")
    remedy = _("Take it from the authorities or from a bundle; nothing is judged by rules nobody can read.")
    return Refused("rules-gone", message, remedy)


@lru_cache(maxsize=8)
def judge_of(status: str, digest: bytes) -> Judge:
    """The rules of a digest, compiled."""
    return Judge(trusted.read_rules(status, digest))


def judgements(genesis: Genesis, subjects: Sequence[UUID], judge: Judge, as_of: int) -> dict[UUID, Judgement]:
    """The colour of each subject by these rules at a moment."""
    items = evidence_read.items_of(genesis, subjects, judge.definition, as_of)
    return {subject: judge.judge(items.get(subject, ()), as_of) for subject in subjects}


def judgement_of(subject: Subject) -> Judgement:
    """The colour of one subject now. Raises Refused."""
    definition = rules_now(subject.genesis)
    judge = judge_of(PERSON, definition.digest)
    return judgements(subject.genesis, [subject.pk], judge, moment(clock.now()))[subject.pk]


@transaction.atomic
def settle(genesis: Genesis, subjects: Sequence[UUID], why: str, appeal: UUID | None = None) -> list[Decision]:
    """Judge these subjects anew and write what changed; gives the decisions. `why` is one of `leaves.WHY`.

    `appeal` is the id of the appeal's leaf where one set it off. Raises Refused where no rules are in force.
    """
    subjects = sorted(set(subjects))
    rows = Subject.objects.select_for_update().select_related("person").in_bulk(subjects)
    definition, now = rules_now(genesis), clock.now()
    judge = judge_of(PERSON, definition.digest)
    items = evidence_read.items_of(genesis, subjects, definition, moment(now))
    judged = {subject: judge.judge(items.get(subject, ()), moment(now)) for subject in subjects}
    standings = Standing.objects.select_related("decision").in_bulk(subjects)
    before = {subject: _before(standings.get(subject), definition) for subject in subjects}
    changed = [
        (subject, before[subject][0], now_)
        for subject, now_ in judged.items()
        if before[subject] != (now_.colour, now_.rule)
    ]
    decisions = _decided(genesis, definition, changed, why, appeal)
    made = {one.subject_id: one for one in decisions}
    _stand([
        _standing(subject, judged[subject], judge.due(items.get(subject, ()), moment(now)), made, standings)
        for subject in subjects
    ])  # fmt: skip
    for decision in decisions:
        if decision.before != decision.after:
            telling.tell_changed(rows[decision.subject_id])
    return decisions


def _before(standing: Standing | None, definition: StatusDefinition) -> tuple[str, str]:
    """Colour and rule as they stood; the usual ones for whom nothing was ever decided."""
    if standing is None or standing.decision is None:
        return definition.usual, definition.rules[-1].slug
    return standing.colour, standing.decision.rule


def _decided(
    genesis: Genesis, definition: StatusDefinition, changed: list[tuple[UUID, str, Judgement]], why: str,
    appeal: UUID | None,
) -> list[Decision]:  # fmt: skip
    """A row and a leaf for each change."""
    if not changed:
        return []
    rules = RulesVersion.objects.filter(status=PERSON, digest=definition.digest).first()
    assert rules is not None, "rules in force were read from this row"
    bodies = [
        leaves.colour(
            PERSON, before, now, definition.digest, leaves.About(subject.bytes, why, appeal.bytes if appeal else None)
        )
        for subject, before, now in changed
    ]
    recorded = record_many([ToRecord(b.kind, b.public, b.secret) for b in bodies], emergency=genesis.emergency)
    decisions = [
        Decision(
            id=ids.new_id(), subject_id=subject, before=before, after=now.colour, rule=now.rule, rules=rules,
            why=why, until=_when(now.until), leaf=leaf,
        )
        for (subject, before, now), leaf in zip(changed, recorded, strict=True)
    ]  # fmt: skip
    Decision.objects.bulk_create(decisions, batch_size=80)
    because = [
        Decision.because.through(decision_id=decision.pk, evidence_id=UUID(bytes=one))
        for decision, (_subject, _before, now) in zip(decisions, changed, strict=True)
        for one in now.because
    ]
    Decision.because.through.objects.bulk_create(because, batch_size=300)
    return decisions


def _standing(
    subject: UUID, now: Judgement, due: int | None, made: dict[UUID, Decision], standings: dict[UUID, Standing]
) -> Standing:
    """How a subject stands after judging. `since` is when the colour came, whatever rule gives it today."""
    last, decision = standings.get(subject), made.get(subject)
    since = last.since if last and (decision is None or decision.before == decision.after) else clock.now()
    return Standing(
        subject_id=subject, colour=now.colour, since=since, until=_when(now.until), due=_when(due),
        decision=decision or (last.decision if last else None),
    )  # fmt: skip


def _stand(rows: list[Standing]) -> None:
    Standing.objects.bulk_create(
        rows, batch_size=100, update_conflicts=True, unique_fields=["subject"],
        update_fields=["colour", "since", "until", "due", "decision"],
    )  # fmt: skip


def _when(at: int | None) -> datetime | None:
    return None if at is None else when(at)


def everybody(genesis: Genesis) -> list[UUID]:
    """The subjects whose colour may be another than the usual one: those somebody signed evidence about."""
    with_evidence = Evidence.objects.filter(subject__genesis=genesis).values_list("subject", flat=True).distinct()
    standing = Standing.objects.filter(subject__genesis=genesis).values_list("subject", flat=True)
    return sorted({*with_evidence, *standing})
