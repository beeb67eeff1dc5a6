"""What the pages of a person's own colour show: the colour with its sign, its evidence in words, its receipt."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours.definitions import FieldOf, StatusDefinition
from kaimen.ledger import queries as ledger
from kaimen.passes import PAPER, qr_svg
from kaimen.proofs.merkle import leaf_hash
from kaimen.register.models import Person
from kaimen.rules import Type
from kaimen.status import appeals, queries
from kaimen.status.declarations import SYMPTOMS, Kind, words_of, words_of_correction
from kaimen.status.models import Appeal, Correction, Decision, Declaration, Subject
from kaimen.status.queries import Because, OwnColour

_SHAPES = {"green": "go", "yellow": "care", "red": "stop", "blue": "info"}
_RECENT = 10


@dataclass(frozen=True)
class Shown:
    """A piece of evidence with what it says, in the reader's language."""

    because: Because
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """A receipt as it is shown: its text, drawn, and where its leaf stands in the log."""

    text: str
    qr: str
    index: int
    size: int
    witnesses: int
    check: str  # the first eight bytes of the leaf's hash, in fours: short enough to read out on the phone


@dataclass(frozen=True)
class Told:
    """An appeal or a request with what was said on both sides."""

    row: Appeal | Correction
    words: str
    answer: str


def shape_of(colour: str) -> str:
    """The sign that stands beside a colour: a colour never stands alone."""
    return _SHAPES.get(colour, "none")


def shown(mine: OwnColour) -> list[Shown]:
    """Everything the colour rests on."""
    return [Shown(one, tuple(said_lines(one, mine.rules))) for one in mine.because]


def said_lines(one: Because, rules: StatusDefinition) -> list[tuple[str, str]]:
    """Each field of a piece of evidence and what it says."""
    language = get_language() or ""
    return [
        (title.to(language), said_in_words(one.says[name], rules.fields[name]))
        for name, title in one.fields.items()
        if name in one.says
    ]


def said_in_words(value: Any, field: FieldOf) -> str:
    """A value of a statement as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.type is Type.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return field.codes[value].to(get_language() or "") if value in field.codes else str(value)


def drawn(leaf: UUID) -> Drawn | None:
    """The receipt of a leaf; None until the log has signed a tree that holds it, which takes seconds."""
    found = ledger.receipt_for(leaf)
    if found is None:
        return None
    text, digest = str(found), leaf_hash(found.leaf).hex()[:16]
    check = " ".join(digest[at : at + 4] for at in range(0, 16, 4))
    return Drawn(
        text, qr_svg(text, level="L", largest=PAPER), found.index, found.size, len(found.signatures) - 1, check
    )


def page(person: Person, mine: OwnColour) -> dict[str, Any]:
    """Everything the page about somebody's colour shows."""
    return {
        "person": person,
        "mine": mine,
        "kind": shape_of(mine.colour.slug),
        "evidence": shown(mine),
        "appeals": _appeals(mine.subject),
        "corrections": _corrections(mine.subject),
        "declarations": _declarations(mine.subject),
        "history": [_change(one, mine) for one in queries.decisions_of(person)[:_RECENT]],
    }


def _change(decision: Decision, mine: OwnColour) -> dict[str, Any]:
    colours, language = mine.rules.colours, get_language() or ""
    rules = {one.slug: one for one in mine.rules.rules}
    return {
        "decision": decision,
        "kind": shape_of(decision.after),
        "after": colours[decision.after].title.to(language) if decision.after in colours else decision.after,
        "rule": rules[decision.rule].title.to(language) if decision.rule in rules else decision.rule,
        "sources": sorted({str(one.accreditation.source) for one in decision.because.all()}),
    }


def _appeals(subject: Subject | None) -> list[Told]:
    if subject is None:
        return []
    rows = Appeal.objects.filter(subject=subject).select_related("subject__genesis", "finding", "lapse")
    return [Told(row, *appeals.words_for(row)) for row in rows.order_by("-made_at")[:_RECENT]]


def _corrections(subject: Subject | None) -> list[Told]:
    if subject is None:
        return []
    rows = Correction.objects.filter(subject=subject).select_related("subject__genesis")
    return [Told(row, *words_of_correction(row)) for row in rows.order_by("-made_at")[:_RECENT]]


def _declarations(subject: Subject | None) -> list[tuple[Declaration, str]]:
    if subject is None:
        return []
    rows = Declaration.objects.filter(subject=subject).select_related("subject__genesis", "seen")
    return [(row, declared_in_words(row)) for row in rows[:_RECENT]]


def declared_in_words(declaration: Declaration) -> str:
    """What was declared, as people read it."""
    said = words_of(declaration)
    match declaration.kind:
        case Kind.HEALTH:
            return _(", ").join(str(SYMPTOMS[one]) for one in said["symptoms"])
        case Kind.TRIP:
            back = date_format(date.fromisoformat(said["back_on"]), "DATE_FORMAT")
            return _("%(place)s, back on %(day)s") % {"place": said["from"], "day": back}
        case _:
            return f"{said['temperature']} °C"
