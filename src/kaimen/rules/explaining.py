"""Why: every part of a rule with its value, and which parts made the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from kaimen.rules import arithmetic
from kaimen.rules.parsing import Expression
from kaimen.rules.tree import (
    AddDays,
    And,
    Arithmetic,
    AsOf,
    Between,
    Compare,
    DaysBetween,
    Field,
    In,
    IsAbsent,
    Least,
    Literal,
    Negate,
    Node,
    Not,
    Or,
    Parameter,
    Type,
    Value,
    children,
    closed,
)  # fmt: skip

Row = Mapping[str, Value | None]
_ORDERS = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a rule with its value for one row; None is unknown, or a field that is absent.

    `decides`: whether the answer rests on it. Of an `and` that is no, the parts that are no decide; of one that is
    yes, all of them; of one that is unknown, the unknown ones. The other way round for `or`.
    """

    node: Node
    text: str
    value: Value | None
    decides: bool
    parts: tuple["Part", ...]
    absent: bool = False  # a field that the row lacks, whatever it then counts as


def explain(expression: Expression, row: Row, as_of: date) -> Part:
    """The rule, part by part, for one row and day. Its value is what the generated function answers."""
    return _told(_Asking(expression, row, as_of).part(expression.tree), decides=True)


def _told(part: Part, *, decides: bool) -> Part:
    """The same part, with `decides` said for all below it."""
    deciding = [decides and one for one in _deciding(part)]
    below = tuple(_told(one, decides=each) for one, each in zip(part.parts, deciding, strict=True))
    return Part(part.node, part.text, part.value, decides, below, part.absent)


def _deciding(part: Part) -> list[bool]:
    match part.node:
        case And() | Or() if part.value is isinstance(part.node, Or) or part.value is None:
            return [one.value is part.value for one in part.parts]
        case Compare() | In() | Between() if part.value is False and closed(part.node):
            gone = [bool(_closed_and_absent(part.node, one)) for one in part.parts]
            return gone if any(gone) else [True] * len(part.parts)
    if part.value is None:
        return [one.value is None for one in part.parts]
    return [True] * len(part.parts)


def _closed_and_absent(node: Compare | In | Between, part: Part) -> bool:
    if isinstance(part.node, Field):
        return part.absent and part.node.name in closed(node)
    return part.node.type is not Type.BOOLEAN and any(_closed_and_absent(node, one) for one in part.parts)


class _Asking:
    """One rule asked about one row on one day."""

    def __init__(self, expression: Expression, row: Row, as_of: date) -> None:
        self._rule, self._row, self._as_of = expression, row, as_of

    def part(self, node: Node) -> Part:
        """The part that `node` is; who decides is said later."""
        below = tuple(self.part(one) for one in children(node) if not isinstance(node, IsAbsent))
        text = self._rule.text[node.span.start : node.span.end]
        absent = isinstance(node, Field) and self._row.get(node.name) is None
        return Part(node, text, self._value(node, [one.value for one in below]), False, below, absent)

    def _value(self, node: Node, below: Sequence[Any]) -> Value | None:  # noqa: PLR0911 — one a kind of node
        match node:
            case Literal(value=value):
                return value
            case AsOf():
                return self._as_of
            case Parameter(name=name):
                return self._rule.vocabulary.parameters[name].at(self._as_of)
            case Field(name=name):
                held = self._row.get(name)
                return False if held is None and node.type is Type.BOOLEAN and node.absent == "false" else held
            case IsAbsent(operand=field):
                return self._row.get(field.name) is None
            case And() | Or():
                return _kleene(below, settles=isinstance(node, Or))
            case Compare() | In() | Between() if any(self._row.get(name) is None for name in closed(node)):
                return False
            case Between():
                first, last = _compared("<=", below[1], below[0]), _compared("<=", below[0], below[2])
                return _kleene((first, last), settles=False)
        return None if None in below else _worked_out(node, below)


def _kleene(values: Sequence[Any], *, settles: bool) -> bool | None:
    if any(one is settles for one in values):
        return settles
    return None if None in values else not settles


def _compared(operator: str, left: Any, right: Any) -> bool | None:
    return None if left is None or right is None else bool(_ORDERS[operator](left, right))


def _worked_out(node: Node, values: Sequence[Any]) -> Any:  # noqa: PLR0911 — one a kind of node
    """The value of a node all of whose parts are known."""
    match node:
        case Not():
            return not values[0]
        case Compare(operator=operator):
            return bool(_ORDERS[operator](*values))
        case In():
            return values[0] in values[1:]
        case Negate():
            return arithmetic.EXACT.minus(values[0]) if node.type is Type.DECIMAL else -values[0]
        case DaysBetween():
            return (values[1] - values[0]).days
        case AddDays():
            return arithmetic.add_days(*values)
        case Least():
            return max(values) if node.greatest else min(values)
    assert isinstance(node, Arithmetic)
    return _sum(node, *values)


def _sum(node: Arithmetic, left: Any, right: Any) -> Value:
    exact = arithmetic.EXACT
    if node.type is Type.DECIMAL:
        return {"+": exact.add, "-": exact.subtract, "*": exact.multiply}[node.operator](left, right)
    whole: int = {"+": left + right, "-": left - right, "*": left * right}[node.operator]
    return whole
