"""What a person says of themself: health, trips, temperature. And what they ask to be put right (纠错, GB/T 38963).

By exception: nobody is asked for a daily identical form, and saying the same again within the day is the same row.
A declaration changes no colour, for the server could write one: it asks an accredited source to look. The source
signs evidence if it proves true, or notes that it has looked.

- `declare(subject, said, by=None) -> Declaration`; `look(by, declaration)`.
- `ask_correction(subject, words, evidence=None)`; `answer_correction(by, correction, words, put_right=…)`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaimen.colours import leaves
from kaimen.kit import canonical, clock, ids
from kaimen.ledger.actions import record
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status import evidence_read, sealed, telling
from kaimen.status.activations import PERSON
from kaimen.status.models import (
    Correction,
    CorrectionAnswered,
    Declaration,
    DeclarationSeen,
    Evidence,
    Subject,
)
from kaimen.status.refusals import Refused

Kind = Declaration.Kind
LONGEST_WORDS = 1000
MOST_A_DAY = 20  # declarations, or requests for correction, of one person
SYMPTOMS = {
    "fever": gettext_lazy("Fever"),
    "cough": gettext_lazy("Dry cough"),
    "fatigue": gettext_lazy("Fatigue"),
    "none": gettext_lazy("None any more"),
}
_COUNTING = ("counts", "back-waits")
_COLUMN = "declaration.sealed"
_CORRECTION, _ANSWER = "correction.sealed", "correctionanswered.sealed"


@dataclass(frozen=True)
class Said:
    """One declaration: of health the symptoms, of a trip where from and when back, of temperature the reading."""

    kind: str
    symptoms: tuple[str, ...] = ()
    travelled_from: str = ""
    back_on: date | None = None
    temperature: str = ""  # degrees Celsius, one decimal place

    def plain(self) -> dict[str, Any]:
        """What is kept. Raises Refused."""
        match self.kind:
            case Kind.HEALTH:
                return {"symptoms": _symptoms(self.symptoms)}
            case Kind.TRIP:
                return _trip(self.travelled_from, self.back_on)
            case Kind.TEMPERATURE:
                return {"temperature": _temperature(self.temperature)}
        raise Refused("kind", _("There is no such declaration."), _("It is health, a trip or a temperature."))


@transaction.atomic
def declare(subject: Subject, said: Said, by: Post | None = None) -> Declaration:
    """The person declares something; `by` is the counter that wrote it for them. Raises NotAllowed, Refused."""
    if by is not None:
        access.require(by, "status.see_person", subject.person)
    plain = said.plain()
    if again := _said_today(subject, said.kind, plain):
        return again
    _not_too_many(Declaration.objects.filter(subject__person=subject.person_id))
    emergency = subject.genesis.emergency
    content = canonical.encode(plain)
    body = leaves.declaration(PERSON, subject.pk.bytes, said.kind, hashlib.sha256(content).digest())
    leaf = record(body.kind, body.public, secret=body.secret, emergency=emergency)
    declaration = Declaration(id=ids.new_id(), subject=subject, kind=said.kind, by=by, leaf=leaf)
    declaration.sealed = sealed.seal(emergency, content, column=_COLUMN, row=declaration.pk)
    declaration.save(force_insert=True)
    officers = telling.accredited_officers("status.give_evidence")
    telling.tell(officers, "declaration-received", kind=Kind(said.kind).label)
    return declaration


def words_of(declaration: Declaration) -> Mapping[str, Any]:
    """What was declared: `symptoms`, or `from` and `back_on`, or `temperature`."""
    emergency = declaration.subject.genesis.emergency
    content = sealed.opened(emergency, bytes(declaration.sealed), column=_COLUMN, row=declaration.pk)
    said: dict[str, Any] = canonical.decode(content)
    return said


def look(by: Post, declaration: Declaration) -> None:
    """An officer of an accredited source has looked at it. Raises NotAllowed."""
    access.require(by, "status.give_evidence")
    if by not in telling.accredited_officers("status.give_evidence"):
        raise access.NotAllowed("status.give_evidence")
    DeclarationSeen.objects.get_or_create(declaration=declaration, defaults={"by": by})


@transaction.atomic
def ask_correction(subject: Subject, words: str, evidence: Evidence | None = None) -> Correction:
    """Something on file is wrong, says the person. Raises Refused."""
    if evidence is not None and evidence.subject_id != subject.pk:
        raise Refused("not-yours", _("This evidence is not about you."), _("Choose one of those on your page."))
    about = Correction.About.EVIDENCE if evidence else Correction.About.FILE
    words = checked_words(words)
    waiting = Correction.objects.filter(subject=subject, about=about, evidence=evidence, answer=None)
    for again in waiting.select_related("subject__genesis"):  # a button pressed twice is one request
        if words_of_correction(again)[0] == words:
            return again
    _not_too_many(Correction.objects.filter(subject__person=subject.person_id))
    correction = Correction(id=ids.new_id(), subject=subject, about=about, evidence=evidence)
    correction.sealed = _sealed_words(subject, words, _CORRECTION, correction)
    correction.save(force_insert=True)
    reviewers = telling.over(telling.holders("status.answer_appeal"), subject.person)
    telling.tell(reviewers, "correction-waiting")
    return correction


@transaction.atomic
def answer_correction(by: Post, correction: Correction, words: str, *, put_right: bool) -> CorrectionAnswered:
    """An officer answers. Wrong evidence is put right by its source alone (withdrawal), or by a finding.

    Raises NotAllowed, Refused.
    """
    access.require(by, "status.answer_appeal", correction)
    require_another(by, correction.subject)
    if CorrectionAnswered.objects.filter(correction=correction).exists():
        raise Refused("answered", _("This request has been answered."), _("Load the page again."))
    if put_right and correction.evidence is not None and evidence_read.state_of(correction.evidence) in _COUNTING:
        raise Refused(
            "still-counts",
            _("The evidence still counts; saying that it was put right would not be true."),
            _("Let its source withdraw it, or strike it in an appeal, then answer."),
        )
    answer = CorrectionAnswered(id=ids.new_id(), correction=correction, by=by, put_right=put_right)
    answer.sealed = _sealed_words(correction.subject, words, _ANSWER, answer)
    answer.save(force_insert=True)
    telling.tell_person(correction.subject, "correction-answered")
    return answer


def words_of_correction(correction: Correction) -> tuple[str, str]:
    """What was asked, and what was answered; the second is empty while nobody has."""
    emergency = correction.subject.genesis.emergency
    asked = sealed.opened(emergency, bytes(correction.sealed), column=_CORRECTION, row=correction.pk).decode()
    answer = CorrectionAnswered.objects.filter(correction=correction).first()
    if answer is None:
        return asked, ""
    return asked, sealed.opened(emergency, bytes(answer.sealed), column=_ANSWER, row=answer.pk).decode()


def checked_words(words: str) -> str:
    """Words of a person or an officer, bounded. Raises Refused."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_WORDS:
        raise Refused(
            "words", _("There are no words here, or too many."), _("Write 1 to %d characters.") % LONGEST_WORDS
        )
    return words


def _sealed_words(subject: Subject, words: str, column: str, row: Correction | CorrectionAnswered) -> bytes:
    return sealed.seal(subject.genesis.emergency, checked_words(words).encode(), column=column, row=row.pk)


def require_another(by: Post, subject: Subject) -> None:
    """Raise Refused when the reviewer is whom it is about: nobody answers themself."""
    if subject.person_id == by.person_id:
        raise Refused("own-case", _("This is about yourself."), _("Another reviewer has it in their list and answers."))


def _not_too_many(said: QuerySet[Any]) -> None:
    """Each is read by people; a script that says a thousand things would keep them from the next person."""
    if said.filter(made_at__gt=clock.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(
            "too-many",
            _("You have sent %d within a day; people read each of them.") % MOST_A_DAY,
            _("Go on tomorrow. If it is urgent, go to a counter, or call 120."),
        )


def _said_today(subject: Subject, kind: str, plain: dict[str, Any]) -> Declaration | None:
    """The same said within the last day."""
    since = clock.now() - timedelta(days=1)
    recent = Declaration.objects.filter(subject=subject, kind=kind, made_at__gt=since).select_related(
        "subject__genesis"
    )
    return next((one for one in recent if words_of(one) == plain), None)


def _symptoms(symptoms: tuple[str, ...]) -> list[str]:
    chosen = sorted(set(symptoms))
    if not chosen or not set(chosen) <= SYMPTOMS.keys() or ("none" in chosen and len(chosen) > 1):
        raise Refused("symptoms", _("Choose what you have, or that you have none any more."), _("One at least."))
    return chosen


def _trip(travelled_from: str, back_on: date | None) -> dict[str, str]:
    if back_on is None or not travelled_from.strip():
        raise Refused("trip", _("Where from, or the day you came back, is missing."), _("Fill in both."))
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    if not timedelta() <= today - back_on <= timedelta(days=60):
        message = _("That day is still to come, or more than 60 days ago.")
        raise Refused("trip", message, _("Enter the day you came back."))
    return {"from": checked_words(travelled_from)[:60], "back_on": back_on.isoformat()}


def _temperature(text: str) -> str:
    try:
        degrees = Decimal(text).quantize(Decimal("0.1"))
        sound = Decimal(34) <= degrees <= Decimal(43)
    except InvalidOperation:  # no number, or none that can be compared
        sound = False
    if not sound:
        raise Refused(
            "temperature", _("This is no temperature of a person."), _("Enter degrees Celsius, for example 36.5.")
        )
    return str(degrees)
