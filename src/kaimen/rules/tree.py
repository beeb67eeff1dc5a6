"""The typed tree of a rule: what the parser makes, and the only thing that functions, SQL and JSON are made from.

Every node knows its type and the part of the text it came from. Absence is written into the tree itself: see `Field`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from typing import Literal as Word


class Type(StrEnum):
    """What a value may be."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    STRING = "string"
    DATE = "date"


Absence = Word["unknown", "false"]
Value = bool | int | Decimal | str | date
Comparison = Word["=", "<>", "<", "<=", ">", ">="]
Sum = Word["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the text: offsets in characters, the end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule."""

    value: Value
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the row. `absent` says what a row without it means.

    `unknown`: whatever reads it is unknown. `false` (closed world: no row, nothing happened): a boolean field is no;
    a comparison, `in` or `between` that reads any other such field does not hold, whatever its other side (`closed`).
    A number, text or date that is asked for by itself (an amount) is unknown when a field it reads is absent.
    """

    name: str
    type: Type
    absent: Absence
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value with a source; resolved for the day the rule is asked about. Before its first day: unknown."""

    name: str
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day the rule is asked about."""

    span: Span
    type: ClassVar[Type] = Type.DATE


@dataclass(frozen=True, slots=True)
class Not:
    """No is yes, yes is no, unknown stays."""

    operand: "Node"
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class And:
    """One no makes it no; else one unknown makes it unknown (Kleene)."""

    operands: tuple["Node", ...]
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Or:
    """One yes makes it yes; else one unknown makes it unknown (Kleene)."""

    operands: tuple["Node", ...]
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one type; strings and booleans by `=` and `<>` only. Integer and decimal compare exactly.

    Strings are equal when they are the same code points: no case folding, no normal form, no collation.
    """

    operator: Comparison
    left: "Node"
    right: "Node"
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class In:
    """One of the written values (`not in` is Not(In))."""

    operand: "Node"
    options: tuple[Literal, ...]
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends included: `low <= operand and operand <= high`, with the `and` of Kleene; the ends in any order."""

    operand: "Node"
    low: "Node"
    high: "Node"
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class IsAbsent:
    """`x is null`: whether the row lacks the field. Yes or no, never unknown (`is not null` is Not of it)."""

    operand: Field
    span: Span
    type: ClassVar[Type] = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Negate:
    """Minus a number."""

    operand: "Node"
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum, difference or product of two numbers: exact, and bounded before it is ever worked out."""

    operator: Sum
    left: "Node"
    right: "Node"
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Whole days from `earlier` to `later`; negative when it is the other way round."""

    earlier: "Node"
    later: "Node"
    span: Span
    type: ClassVar[Type] = Type.INTEGER


@dataclass(frozen=True, slots=True)
class AddDays:
    """The date `days` whole days after `start`; unknown outside 0001-01-01 to 9999-12-31."""

    start: "Node"
    days: "Node"
    span: Span
    type: ClassVar[Type] = Type.DATE


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest of some numbers or dates (`least`), or the greatest (`greatest`). Unknown when one is."""

    operands: tuple["Node", ...]
    greatest: bool
    type: Type
    span: Span


Node = (
    Literal | Field | Parameter | AsOf | Not | And | Or | Compare | In | Between | IsAbsent
    | Negate | Arithmetic | DaysBetween | AddDays | Least
)  # fmt: skip


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below `node`, left to right."""
    return tuple(below for name in node.__slots__ for below in _nodes(getattr(node, name)))


def _nodes(value: object) -> tuple[Node, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, Node) else ()


def closed(node: Compare | In | Between) -> tuple[str, ...]:
    """The names of the fields without which the comparison `node` does not hold, each once, left to right.

    Those of a closed world (`absent: false`) that it reads as values. A boolean operand answers for itself: what
    stands inside it is not looked at.
    """
    return tuple(dict.fromkeys(_closed_values(node)))


def _closed_values(node: Node) -> Iterator[str]:
    for below in children(node):
        if isinstance(below, Field):
            if below.absent == "false" and below.type is not Type.BOOLEAN:
                yield below.name
        elif below.type is not Type.BOOLEAN:
            yield from _closed_values(below)


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, from the top, left to right."""
    yield node
    for below in children(node):
        yield from walk(below)
