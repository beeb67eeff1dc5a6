"""What a definition of a status is made of: colours, evidence, rules, clocks. Plain data; `definitions` reads it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from kaimen.colours import schema
from kaimen.packs import Words
from kaimen.rules.tree import Absence, Type, Value

Subject = Literal["person", "place"]


@dataclass(frozen=True)
class Colour:
    """One colour, its name and what it means."""

    slug: str
    title: Words
    means: Words


@dataclass(frozen=True)
class FieldOf:
    """A field that evidence or the system gives: never free text. `codes` are all the values of a text."""

    name: str
    type: Type
    absent: Absence
    title: Words
    codes: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class EvidenceKind:
    """A kind of evidence: what it says, the law it rests on, how long it counts from when it was seen."""

    slug: str
    title: Words
    fields: Mapping[str, FieldOf]
    basis: str
    lasts: int  # milliseconds


@dataclass(frozen=True)
class Rule:
    """The colour of whoever it holds for; the first that holds wins. The last has no `when`."""

    slug: str
    colour: str
    title: Words
    when: str | None
    sources: int  # organisations on whose evidence alone it must hold
    lasts: int | None  # milliseconds from when the latest evidence it rests on was seen
    says: Words  # to the person concerned
    what_next: Words  # what they can do, or have to
    clause: str  # where it was published


@dataclass(frozen=True)
class DatedValue:
    """A parameter of the rules: what it was from which day on, and who said so."""

    name: str
    type: Type
    dated: tuple[tuple[date, Value, str], ...]  # from, value, source


@dataclass(frozen=True)
class BulkLimit:
    """One organisation's adverse acts beyond `more_than` within `days` local days need another's approval."""

    more_than: int
    days: int


@dataclass(frozen=True)
class StatusSource:
    """Where the rules were published."""

    title: str
    number: str
    published: date | None


@dataclass(frozen=True)
class StatusDefinition:
    """Everything that makes a colour of evidence. `colours` go from worst to the one that holds when no rule does."""

    slug: str
    subject: Subject
    title: Words
    zone: ZoneInfo
    source: StatusSource
    law: str
    colours: Mapping[str, Colour]
    values: Mapping[str, DatedValue]
    evidence: Mapping[str, EvidenceKind]
    facts: Mapping[str, FieldOf]
    rules: tuple[Rule, ...]
    late: int  # milliseconds from signing to the log
    appeal_within: int
    bulk: tuple[BulkLimit, ...]
    list_bits: int
    list_fresh: int  # milliseconds a list may be old when its leaf is written
    grace: int  # milliseconds in which a colour that is due must be in the log
    counted_apart: int  # fewer people than this are not told apart in public counts
    cut_off: str | None  # local time of the snapshot
    rolls_up: tuple[str, ...]  # places: building to group to grid
    text: bytes = field(repr=False, compare=False)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the text: what a publication names. Raises LookupError when the text is not at hand."""
        if not self.text:
            raise LookupError("a definition of a loaded pack has no text; read it with definition_in(pack, slug)")
        return digest_of(self.text)

    @property
    def usual(self) -> str:
        """The colour when no rule holds."""
        return self.rules[-1].colour

    @cached_property
    def field_kinds(self) -> Mapping[str, str]:
        """Field → kind of evidence it belongs to."""
        return {name: one.slug for one in self.evidence.values() for name in one.fields}

    @cached_property
    def fields(self) -> Mapping[str, FieldOf]:
        """Every field a rule may read."""
        return {name: one for kind_ in self.evidence.values() for name, one in kind_.fields.items()} | dict(self.facts)

    def list_value(self, colour: str) -> int:
        """What a status list says for a colour: 0 the usual one, 1 the worst, 2 the next, 3 another."""
        order = list(self.colours)
        return 0 if colour == self.usual else order.index(colour) + 1

    def colour_of(self, list_value: int) -> str:
        """The colour of a value in a status list. Raises IndexError."""
        return self.usual if list_value == 0 else list(self.colours)[:-1][list_value - 1]


def digest_of(text: bytes) -> bytes:
    """SHA-256 of a definition's text."""
    return hashlib.sha256(text).digest()


def typed(value: Any, of: FieldOf | DatedValue) -> Value:
    """What a field says, as its type. Raises ValueError that says what would be right."""
    match of.type:
        case Type.BOOLEAN if isinstance(value, bool):
            return value
        case Type.INTEGER if type(value) is int and abs(value) < schema.WHOLE:
            return value
        case Type.DECIMAL if isinstance(value, str) and schema.DECIMAL.fullmatch(value):
            return Decimal(value)
        case Type.DATE if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
        case Type.STRING if isinstance(value, str) and (isinstance(of, DatedValue) or value in of.codes):
            return value
    raise ValueError(f"{of.name} is {schema.SHOULD[of.type].en}")
