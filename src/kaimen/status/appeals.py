"""Appeals: a number, a clock, a human. Unanswered in time, what is contested stops counting until somebody answers.

- `file(subject, words, by=None) -> Appeal`: the person, or a counter for them.
- `to_answer(by)`: what waits for a reviewer, the most urgent first; `case_of(by, appeal)` opens one (a viewing).
- `answer(by, appeal, envelope)`: a `Finding` signed with the reviewer's own accredited key: for each contested piece
  of evidence, struck or upheld. `words_for(appeal)` what was said on both sides.
- `lapse_due()`: the clock, run by the schedule.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaimen.colours import leaves, statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.moments import moment
from kaimen.colours.trust import Accredited, NotAdmitted
from kaimen.kit import clock, ids
from kaimen.ledger.actions import record
from kaimen.register import access
from kaimen.register.models import Post, Viewing
from kaimen.status import evidence_read, judged, queries, sealed, source_keys, telling, trusted
from kaimen.status.activations import PERSON, in_force
from kaimen.status.declarations import checked_words, require_another
from kaimen.status.models import Accreditation, Appeal, AppealLapsed, Evidence, Finding, Subject
from kaimen.status.refusal_words import in_words
from kaimen.status.refusals import Refused
from kaimen.status.subjects import subjects_of

COLUMN = "appeal.sealed"
_DRAWS = 1_000  # among a thousand appeals of one day two draw the same more often than not


@dataclass(frozen=True)
class Case:
    """An appeal as its reviewer sees it."""

    appeal: Appeal
    words: str
    rules: StatusDefinition  # its colour followed from
    because: tuple[queries.Because, ...]


@transaction.atomic
def file(subject: Subject, words: str, by: Post | None = None) -> Appeal:
    """Contest the evidence one's colour rests on. Raises NotAllowed, Refused."""
    if by is not None:
        access.require(by, "status.see_person", subject.person)
    words, genesis = checked_words(words), subject.genesis
    all_of_them = [one.pk for one in subjects_of(subject.person, genesis)]
    judged.settle(genesis, all_of_them, "time")  # a colour that ended a second ago is contested no more
    mine = queries.own_colour(subject.person)
    subject, contested = mine.subject or subject, [one.evidence for one in mine.because]
    if not contested or mine.decision is None:
        raise nothing_to_contest()
    _not_contested_yet(subject, contested)
    number, now = _number(), clock.now()
    due = now + timedelta(milliseconds=mine.rules.appeal_within)
    body = leaves.appeal(PERSON, subject.pk.bytes, number, [one.pk.bytes for one in contested], moment(due))
    leaf = record(body.kind, body.public, secret=body.secret, emergency=genesis.emergency)
    appeal = Appeal(
        id=ids.new_id(), number=number, subject=subject, decision=mine.decision, due=due, filed_by=by, leaf=leaf,
        made_at=now,
    )  # fmt: skip
    appeal.sealed = sealed.seal(genesis.emergency, words.encode(), column=COLUMN, row=appeal.pk)
    appeal.save(force_insert=True)
    appeal.evidence.set(contested)
    local = due.astimezone(ZoneInfo(settings.TIME_ZONE))
    telling.tell_person(subject, "appeal-received", number=number, due=local)
    telling.tell(reviewers(subject), "appeal-waiting", number=number, due=local)
    return appeal


def nothing_to_contest() -> Refused:
    """What is said to whose colour rests on nothing."""
    return Refused(
        "nothing-to-contest",
        _("Your colour rests on no evidence, so there is nothing to contest."),
        _("If something else on file is wrong, ask for a correction."),
    )


def reviewers(subject: Subject) -> list[Post]:
    """Those who may answer an appeal of this person."""
    return telling.over(telling.holders("status.answer_appeal"), subject.person)


def to_answer(by: Post) -> QuerySet[Appeal]:
    """Appeals without a finding in the reviewer's area, the most urgent first. Raises NotAllowed."""
    access.require(by, "status.answer_appeal")
    waiting = access.visible(by, Appeal).filter(finding=None, subject__genesis=in_force())
    return waiting.select_related("subject__person", "decision").prefetch_related("evidence")


def case_of(by: Post, appeal_id: UUID) -> Case:
    """One appeal, opened; the person reads who looked. Raises NotAllowed, Http404."""
    appeal = access.one(by, "status.answer_appeal", Appeal, appeal_id)
    subject = Subject.objects.select_related("genesis", "person").get(pk=appeal.subject_id)
    Viewing.objects.create(person=subject.person, by=by, what="appeal")
    rules = rules_of(appeal)
    contested = [one.pk.bytes for one in appeal.evidence.all()]
    return Case(appeal, words_for(appeal)[0], rules, tuple(queries.because_of(subject.genesis, rules, contested)))


def rules_of(appeal: Appeal) -> StatusDefinition:
    """The rules the contested colour followed from: those of today may not know its evidence. Raises Refused."""
    try:
        return trusted.read_rules(PERSON, bytes(appeal.decision.rules.digest))
    except LookupError as error:
        raise judged.rules_gone() from error


@transaction.atomic
def answer(by: Post, appeal: Appeal, envelope: bytes) -> Finding:
    """The reviewer's finding, signed in their browser. Raises NotAllowed, Refused."""
    access.require(by, "status.answer_appeal", appeal)
    require_another(by, appeal.subject)
    appeal = Appeal.objects.select_for_update().select_related("subject__genesis").get(pk=appeal.pk)
    if appeal.due <= clock.now():
        _lapse(appeal.pk)  # that it ran out stands in the log, also when the answer comes a minute later
    subject, now = appeal.subject, clock.now()
    try:
        signed = statements.read(envelope)
        said, key = trusted.trust_in(subject.genesis).admit(signed, moment(now))
        about = _findings_about(appeal, said, key)
    except statements.NotAStatement as error:
        raise Refused("form", str(error), _("Load the page again and sign anew."), field=error.field) from error
    except NotAdmitted as error:
        raise in_words(error) from error
    source_keys.require_own(by, said.source, key.key.raw)
    if Finding.objects.filter(pk=UUID(bytes=said.id)).exists():
        raise in_words(NotAdmitted("said-before", "an id of its own for each statement"))
    body = leaves.of_source(envelope)
    leaf = record(body.kind, body.public, secret=body.secret, emergency=subject.genesis.emergency)
    finding = Finding(
        id=UUID(bytes=said.id), appeal=appeal, by=by, leaf=leaf, made_at=now,
        accreditation=Accreditation.objects.get(pk=UUID(bytes=key.id)),
    )  # fmt: skip
    column = evidence_read.FINDING_COLUMN
    finding.sealed = sealed.seal(subject.genesis.emergency, envelope, column=column, row=finding.pk)
    finding.save(force_insert=True)
    finding.strikes.set([one for one in about if one.pk.bytes in said.strikes])  # type: ignore[attr-defined]
    judged.settle(subject.genesis, [subject.pk], "appeal", appeal.leaf)
    telling.tell_person(subject, "appeal-answered", number=appeal.number)
    return finding


def words_for(appeal: Appeal) -> tuple[str, str]:
    """What the person said, and the reason of the finding; the second is empty while there is none."""
    emergency = appeal.subject.genesis.emergency
    words = sealed.opened(emergency, bytes(appeal.sealed), column=COLUMN, row=appeal.pk).decode()
    finding: Finding | None = getattr(appeal, "finding", None)
    if finding is None:
        return words, ""
    column = evidence_read.FINDING_COLUMN
    said = statements.read(sealed.opened(emergency, bytes(finding.sealed), column=column, row=finding.pk)).statement
    assert isinstance(said, statements.Finding)
    return words, said.reason


def lapse_due() -> int:
    """Let lapse what nobody answered in time; gives how many appeals."""
    genesis = in_force()
    if genesis is None:
        return 0
    overdue = Appeal.objects.filter(subject__genesis=genesis, due__lte=clock.now(), finding=None, lapse=None)
    numbers = list(overdue.values_list("pk", flat=True))
    for pk in numbers:
        _lapse(pk)
    return len(numbers)


@transaction.atomic
def _lapse(pk: UUID) -> None:
    appeal = Appeal.objects.select_for_update().select_related("subject__genesis", "subject__person").get(pk=pk)
    if hasattr(appeal, "finding") or hasattr(appeal, "lapse"):
        return
    subject = appeal.subject
    body = leaves.appeal_lapsed(PERSON, subject.pk.bytes, appeal.leaf.bytes)
    leaf = record(body.kind, body.public, secret=body.secret, emergency=subject.genesis.emergency)
    AppealLapsed.objects.create(appeal=appeal, leaf=leaf)
    judged.settle(subject.genesis, [subject.pk], "appeal", appeal.leaf)
    telling.tell_person(subject, "appeal-lapsed", number=appeal.number)


def _not_contested_yet(subject: Subject, contested: list[Evidence]) -> None:
    wanted = {one.pk for one in contested}
    for appeal in Appeal.objects.filter(subject=subject).prefetch_related("evidence").select_related("finding"):
        if wanted <= {one.pk for one in appeal.evidence.all()}:
            answered = hasattr(appeal, "finding")
            raise Refused(
                "contested",
                _("Appeal %s is about the same evidence.") % appeal.number,
                _("It has been answered; a counter tells you how to ask for an administrative review.")
                if answered
                else _("It is being looked at; its clock runs."),
            )


def _findings_about(appeal: Appeal, said: statements.BySource, key: Accredited) -> list[Evidence]:
    """The contested evidence, if the finding is about it, all of it, and by somebody independent of its sources.

    Raises NotAdmitted, Refused.
    """
    if not isinstance(said, statements.Finding):
        raise NotAdmitted("not-a-statement-for-here", "a finding")
    if Finding.objects.filter(appeal=appeal).exists():
        raise Refused("answered", _("This appeal has been answered."), _("Load the page again."))
    contested = list(appeal.evidence.select_related("accreditation__source"))
    named = {*said.strikes, *said.upholds}
    whole = named == {one.pk.bytes for one in contested} and len(named) == len(said.strikes) + len(said.upholds)
    if said.appeal != appeal.leaf.bytes or not whole:
        raise NotAdmitted("not-known", "each contested piece of evidence, struck or upheld, once")
    organisation = Accreditation.objects.get(pk=UUID(bytes=key.id)).source.organisation_id
    if organisation in {one.accreditation.source.organisation_id for one in contested}:
        raise NotAdmitted("same-organisation", "a reviewer of another organisation than the sources")
    return contested


def _number() -> str:
    """Dated, and drawn: it tells nobody how many there are."""
    day = clock.today(ZoneInfo(settings.TIME_ZONE))
    drawn = (f"{day:%Y%m%d}-{secrets.randbelow(10**6):06}" for _try in range(_DRAWS))
    return next(number for number in drawn if not Appeal.objects.filter(number=number).exists())
