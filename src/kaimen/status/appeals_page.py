"""What a reviewer sees: appeals by their clock, one with its evidence, and the finding to be signed about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kaimen.colours import statements
from kaimen.colours.trust import FINDING
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status import appeals, evidence_read, queries
from kaimen.status.desk_signing import Item, Row, Signing, by_source, keys_for, plain, sources_in
from kaimen.status.models import Appeal, Correction
from kaimen.status.person_page import said_lines


@dataclass(frozen=True)
class Clock:
    """How long is left, in words and as a share."""

    words: str
    share: float
    state: str  # "over" when nobody answered in time


@dataclass(frozen=True)
class Contested:
    """One contested piece of evidence as the reviewer judges it."""

    because: queries.Because
    says: tuple[tuple[str, str], ...]
    state: evidence_read.State
    identity_fits: bool  # the document it was signed with is this person's
    name: str  # of its radios


def clock_of(appeal: Appeal, now: datetime) -> Clock:
    """The public clock of an appeal."""
    left, whole = appeal.due - now, appeal.due - appeal.made_at
    if left <= timedelta():
        return Clock(_("%s over") % _lasting(-left), 0, "over")
    return Clock(_("%s left") % _lasting(left), left / whole, "")


def _lasting(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 60:
        return ngettext("%d hour", "%d hours", minutes // 60) % (minutes // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def queue(by: Post, now: datetime) -> list[tuple[Appeal, Clock]]:
    """Appeals that wait, the most urgent first."""
    rows = appeals.to_answer(by).select_related("lapse")
    return [(row, clock_of(row, now)) for row in rows]


def corrections(by: Post) -> list[Correction]:
    """Requests for correction that nobody has answered."""
    rows = access.visible(by, Correction).filter(answer=None, subject__genesis__ended=None)
    return list(rows.select_related("subject__person", "evidence__accreditation__source"))


def contested(case: appeals.Case) -> list[Contested]:
    """The evidence of a case, with what it says in words."""
    return [_contested(case, one) for one in case.because]


def _contested(case: appeals.Case, one: queries.Because) -> Contested:
    subject = case.appeal.subject
    said = evidence_read.opened(subject.genesis, one.evidence).statement
    assert isinstance(said, statements.Evidence)
    fits = subject.identity is not None and said.identity == bytes(subject.identity)
    return Contested(
        one, tuple(said_lines(one, case.rules)), evidence_read.state_of(one.evidence), fits, f"e-{one.evidence.pk.hex}"
    )


def signing_of(by: Post, case: appeals.Case, pieces: Sequence[Contested]) -> Signing:
    """The finding to sign: filled in on the page as the reviewer decides each piece."""
    genesis, language = case.appeal.subject.genesis, get_language() or ""
    names = {
        one.because.evidence.pk.hex: f"{one.because.kind.to(language)} · {one.because.source.to(language)}"
        for one in pieces
    }
    says = by_source(genesis, statements.Finding, appeal=case.appeal.leaf.bytes, strikes=[], upholds=[], reason="")
    rows = [
        Row("appeal", _("Appeal"), {case.appeal.leaf.hex: case.appeal.number}),
        Row("strikes", _("Counts no more"), names),
        Row("upholds", _("Goes on counting"), names),
        Row("reason", _("To the person")),
        Row("source", _("Signed for"), sources_in(by)),
    ]
    fills = {
        "evidence": [{"name": one.name, "id": plain(one.because.evidence.pk.bytes)} for one in pieces],
        "reason": "reason",
    }
    return Signing(by, keys_for(by, FINDING), [Item(says, rows)], fills=fills)


def appeal_of(by: Post, appeal_id: UUID) -> Appeal:
    """An appeal in the reviewer's scope. Raises NotAllowed, Http404."""
    return access.one(by, "status.answer_appeal", Appeal, appeal_id)
