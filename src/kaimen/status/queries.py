"""Reads of colours, limited to what the asker may see. Each colour comes from judging, not from the cached standing.

- `own_colour(person) -> OwnColour`; `seen_by(by, person)` for a counter, which is recorded as a viewing.
- `decisions_of(person)`: the history, newest first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kaimen.colours import statements
from kaimen.colours.definitions import Colour, Rule, StatusDefinition
from kaimen.colours.judging import Judgement
from kaimen.colours.moments import when
from kaimen.packs import Words
from kaimen.register import access
from kaimen.register.models import Person, Post, Viewing
from kaimen.status import evidence_read, judged
from kaimen.status.activations import activation, in_force
from kaimen.status.models import Appeal, Decision, Evidence, Genesis, Standing, Subject
from kaimen.status.subjects import subjects_of


@dataclass(frozen=True)
class Because:
    """One piece of evidence a colour rests on."""

    evidence: Evidence
    kind: Words
    source: Words
    says: Mapping[str, Any]  # field → value, as signed
    fields: Mapping[str, Words]  # field → its title
    basis: str
    seen: datetime
    until: datetime


@dataclass(frozen=True)
class OwnColour:
    """Everything a person is told about their colour."""

    colour: Colour
    rule: Rule
    rules: StatusDefinition
    since: datetime | None  # None: it was never another
    until: datetime | None  # None: it does not end by itself
    because: tuple[Because, ...]
    decision: Decision | None  # with the leaf of the receipt
    appeal: Appeal | None  # the one that is open
    subject: Subject | None


def own_colour(person: Person) -> OwnColour:
    """The colour of a person now, and why. Raises Refused where no activation or no rules are in force."""
    genesis = activation()
    rules = judged.rules_now(genesis)
    found = [(judged.judgement_of(subject), subject) for subject in subjects_of(person, genesis)]
    if not found:
        return _of(rules, Judgement(rules.usual, rules.rules[-1].slug), None)
    order = [rule.slug for rule in rules.rules]  # of two joined files, what comes first in the rules
    return _of(rules, *min(found, key=lambda one: (order.index(one[0].rule), one[1].joined_to_id is not None)))


def seen_by(by: Post, person: Person) -> OwnColour:
    """The same for an officer; the person reads who looked. Raises NotAllowed, Refused."""
    access.require(by, "status.see_person", person)
    Viewing.objects.create(person=person, by=by, what="colour")
    return own_colour(person)


def _of(rules: StatusDefinition, judgement: Judgement, subject: Subject | None) -> OwnColour:
    standing = Standing.objects.filter(subject=subject).select_related("decision").first() if subject else None
    # Ended seconds ago: no row says so yet.
    ended = standing if standing is not None and standing.colour != judgement.colour else None
    decision = standing.decision if standing is not None and ended is None else None
    return OwnColour(
        colour=rules.colours[judgement.colour],
        rule=next(one for one in rules.rules if one.slug == judgement.rule),
        rules=rules,
        since=ended.due if ended else standing.since if standing and decision else None,
        until=when(judgement.until) if judgement.until is not None else None,
        because=tuple(because_of(subject.genesis, rules, judgement.because)) if subject else (),
        decision=decision,
        appeal=open_appeal(subject) if subject else None,
        subject=subject,
    )


def because_of(genesis: Genesis, rules: StatusDefinition, ids: Iterable[bytes]) -> Iterable[Because]:
    """Evidence in words, in the order it came."""
    rows = Evidence.objects.select_related("accreditation__source").in_bulk([UUID(bytes=one) for one in ids])
    for row in sorted(rows.values(), key=lambda one: (one.made_at, one.pk)):
        said = evidence_read.opened(genesis, row).statement
        assert isinstance(said, statements.Evidence)
        kind, source = rules.evidence[said.of], row.accreditation.source
        yield Because(
            evidence=row,
            kind=kind.title,
            source=Words(source.name, source.title("en")),
            says=said.says,
            fields={name: one.title for name, one in kind.fields.items()},
            basis=said.basis,
            seen=when(said.seen),
            until=when(said.until),
        )


def open_appeal(subject: Subject) -> Appeal | None:
    """The appeal that waits for a finding, if any."""
    return Appeal.objects.filter(subject=subject, finding=None).order_by("-made_at").first()


def decisions_of(person: Person) -> QuerySet[Decision]:
    """How the person's colour changed in this activation, newest first."""
    rows = Decision.objects.filter(subject__person=person, subject__genesis=in_force())
    return rows.select_related("rules").prefetch_related("because__accreditation__source")
