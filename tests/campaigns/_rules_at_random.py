"""Rules, rows and days at random: typed trees as the checker would pass them, and values at every boundary.

Literals and rows draw from the same small pools, so that equalities, ends of ranges and neighbours really meet.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from kaimen.rules import tree
from kaimen.rules.limits import DAY_COUNT_DIGITS
from kaimen.rules.sizes import LAST_DAY, Size, size_of, together
from kaimen.rules.tree import Field, Literal, Node, Parameter, Span, Type, Value
from kaimen.rules.vocabulary import FieldType, ParameterValues, Vocabulary

Row = dict[str, Value | None]
NOWHERE = Span(0, 0)
NUMBERS = (Type.INTEGER, Type.DECIMAL)
DAYS = tuple(
    map(
        date.fromisoformat,
        (
            "0001-01-01", "0001-01-02", "0004-02-29", "1582-10-04", "1582-10-15", "1899-12-31", "1900-02-28",
            "1900-03-01", "1969-12-31", "1970-01-01", "1970-01-02", "2000-02-29", "2019-12-31", "2020-02-28",
            "2020-02-29", "2020-03-01", "2020-03-02", "2020-03-16", "2038-01-19", "9999-12-30", "9999-12-31",
        ),
    )
)  # fmt: skip
POOLS: dict[Type, tuple[Value, ...]] = {
    Type.BOOLEAN: (True, False),
    Type.INTEGER: (
        0, 1, -1, 2, 3, 7, 13, 14, 15, 37, 38, 1000, -1000, 2**31 - 1, 2**31, -(2**31) - 1, 10**16 - 1, 1 - 10**16,
    ),
    Type.DECIMAL: tuple(
        map(
            Decimal,
            (
                "0", "0.0", "0.000001", "-0.000001", "0.001", "0.125", "0.1", "0.2", "0.3", "0.5", "1", "1.0", "-1.5",
                "14", "37.299999", "37.3", "37.30", "37.300000", "37.300001", "38", "1000.00", "999999999999.999999",
                "-999999999999.999999", "999999999999",
            ),
        )
    ),
    Type.STRING: (
        *(6 * ("H1", "h1", "é", "e\u0301", "e")), "", "H1 ", " H1", "H2", "O'Neil", "''", '"', "\\", "\\n", "%", "_",
        "ß", "SS", "İ", "武", "䶮", "😀", "０", "0", "null", "x" * 200,
    ),
    Type.DATE: (*DAYS, *(3 * (DAYS[0], *DAYS[-2:]))),  # the ends of the calendar
}  # fmt: skip
_RATES = (Decimal("0.001"), Decimal("1.125"), Decimal("-0.999"))
_LEAPS = (0, 1, -1, 2, -2, 14, -14, LAST_DAY, -LAST_DAY, LAST_DAY + 1)
FIELDS = {
    f"{kind[:3]}{'.' if kind is Type.DECIMAL else '_'}{absent[0]}{number}": FieldType(kind, absent)
    for kind in Type
    for absent in get_args(tree.Absence)
    for number in (1, 2)
}
PARAMETERS = {
    "p_flag": ParameterValues(Type.BOOLEAN, ((date(1900, 1, 1), True, "a"), (date(2020, 1, 1), False, "b"))),
    "p_count": ParameterValues(Type.INTEGER, ((date.min, 14, "a"), (date(2020, 3, 1), 15, "b"))),
    "p_rate": ParameterValues(Type.DECIMAL, ((date(1970, 1, 1), Decimal("37.3"), "a"),)),
    "p_code": ParameterValues(Type.STRING, ((date(1969, 12, 31), "H1", "a"), (date(2020, 2, 29), "h1", "b"))),
    "p_day": ParameterValues(Type.DATE, ((date(1970, 1, 2), date(1969, 12, 31), "a"),)),
    "p_later": ParameterValues(Type.INTEGER, ((date.max, 10**16 - 1, "a"),)),
}
VOCABULARY = Vocabulary(FIELDS, PARAMETERS)
_SIZES = {  # the checker lets a parameter be as large as a field
    name: size_of(Field(name, parameter.type, "unknown", NOWHERE), {})
    for name, parameter in PARAMETERS.items()
    if parameter.type in (*NUMBERS, Type.DATE)
}


def row(chance: random.Random) -> Row:
    """A row: each field from the pool, near it, null, or not there at all."""
    values: Row = {}
    for name, field in FIELDS.items():
        fate = chance.random()
        if fate < 0.75:
            values[name] = value(chance, field.type)
        elif fate < 0.9:
            values[name] = None
    return values


def value(chance: random.Random, kind: Type) -> Value:
    """A value a row or a rule may hold."""
    if chance.random() < 0.8:
        return chance.choice(POOLS[kind])
    match kind:
        case Type.INTEGER:
            return chance.randint(-20, 20)
        case Type.DECIMAL:
            return Decimal(chance.randint(-(10**7), 10**7)).scaleb(-chance.randint(0, 6))
        case Type.DATE:
            return date(2020, 3, 16) + timedelta(chance.randint(-30, 30))
    return chance.choice(POOLS[kind])


class Rules:
    """Makes trees. Each is as the checker would have made it: typed, and with numbers that fit every engine."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def tree(self, depth: int = 5) -> Node:
        """A rule; now and then an amount or a date."""
        kind = self._chance.choice((*(8 * [Type.BOOLEAN]), *NUMBERS, Type.DATE))
        return self._of(kind, self._chance.randint(1, depth))

    def _of(self, kind: Type, depth: int) -> Node:
        if depth > 1 and self._chance.random() < 0.9:
            made = self._chance.choice(_MADE[kind])(self, kind, depth - 1)
            if _fits(made):
                return made
        return self._leaf(kind)

    def _leaf(self, kind: Type) -> Node:
        names = [name for name, field in FIELDS.items() if field.type is kind]
        match self._chance.randrange(8):
            case 0 | 1:
                return self._literal(kind)
            case 2:
                return self._parameter(kind)
        name = self._chance.choice(names)
        return Field(name, kind, FIELDS[name].absent, NOWHERE)

    def _literal(self, kind: Type) -> Literal:
        written = value(self._chance, kind)
        if isinstance(written, Decimal) and written == written.to_integral_value():
            written = written.quantize(Decimal("0.1"))  # a decimal is written with a point
        return Literal(written, kind, NOWHERE)

    def _parameter(self, kind: Type) -> Node:
        if kind is Type.DATE and self._chance.random() < 0.7:
            return tree.AsOf(NOWHERE)
        names = [name for name, parameter in PARAMETERS.items() if parameter.type is kind]
        return Parameter(self._chance.choice(names), kind, NOWHERE)

    def _number(self, depth: int) -> Node:
        return self._of(self._chance.choice(NUMBERS), depth)

    def _met(self, depth: int, count: int, kinds: tuple[Type, ...] = tuple(Type)) -> list[Node]:
        kind = self._chance.choice(kinds)
        return [self._number(depth) if kind in NUMBERS else self._of(kind, depth) for _ in range(count)]

    # booleans

    def not_(self, _: Type, depth: int) -> Node:
        return tree.Not(self._of(Type.BOOLEAN, depth), NOWHERE)

    def joined(self, _: Type, depth: int) -> Node:
        operands = tuple(self._of(Type.BOOLEAN, depth) for _ in range(self._chance.randint(2, 3)))
        return self._chance.choice((tree.And, tree.Or))(operands, NOWHERE)

    def compare(self, _: Type, depth: int) -> Node:
        left, right = self._met(depth, 2)
        ordered = left.type not in (Type.BOOLEAN, Type.STRING)
        return tree.Compare(
            self._chance.choice(get_args(tree.Comparison)[: None if ordered else 2]), left, right, NOWHERE
        )

    def among(self, _: Type, depth: int) -> Node:
        [operand] = self._met(depth, 1, (*NUMBERS, Type.STRING, Type.DATE))
        options = tuple(self._literal(operand.type) for _ in range(self._chance.randint(1, 4)))
        return tree.In(operand, options, NOWHERE)

    def between(self, _: Type, depth: int) -> Node:
        operand, low, high = self._met(depth, 3, (*NUMBERS, Type.DATE))
        return tree.Between(operand, low, high, NOWHERE)

    def absent(self, _: Type, __: int) -> Node:
        name = self._chance.choice(list(FIELDS))
        return tree.IsAbsent(Field(name, FIELDS[name].type, FIELDS[name].absent, NOWHERE), NOWHERE)

    # numbers and dates

    def negate(self, kind: Type, depth: int) -> Node:
        return tree.Negate(self._of(kind, depth), kind, NOWHERE)

    def arithmetic(self, kind: Type, depth: int) -> Node:
        left = self._of(kind, depth)
        right = self._of(kind, depth) if kind is Type.INTEGER else self._number(depth)
        if kind is Type.DECIMAL and self._chance.random() < 0.3:  # a rate of three places fills all nine
            right = Literal(self._chance.choice(_RATES), kind, NOWHERE)
        if self._chance.random() < 0.5:
            left, right = right, left
        return tree.Arithmetic(self._chance.choice(get_args(tree.Sum)), left, right, kind, NOWHERE)

    def days_between(self, _: Type, depth: int) -> Node:
        return tree.DaysBetween(self._of(Type.DATE, depth), self._of(Type.DATE, depth), NOWHERE)

    def add_days(self, _: Type, depth: int) -> Node:
        days = self._of(Type.INTEGER, depth)
        if self._chance.random() < 0.5:  # to the ends of the calendar, and a day further
            days = Literal(self._chance.choice(_LEAPS), Type.INTEGER, NOWHERE)
        return tree.AddDays(self._of(Type.DATE, depth), days, NOWHERE)

    def least(self, kind: Type, depth: int) -> Node:
        operands = [self._of(kind, depth) for _ in range(self._chance.randint(2, 3))]
        if kind is Type.DECIMAL and self._chance.random() < 0.5:
            operands[0] = self._of(Type.INTEGER, depth)
            self._chance.shuffle(operands)
        return tree.Least(tuple(operands), self._chance.random() < 0.5, kind, NOWHERE)


_Made = Callable[[Rules, Type, int], Node]
_BOOLEANS: tuple[_Made, ...] = (
    Rules.not_, Rules.joined, Rules.joined, Rules.compare, Rules.compare, Rules.compare, Rules.among, Rules.between,
    Rules.absent,
)  # fmt: skip
_MADE: dict[Type, tuple[_Made, ...]] = {
    Type.BOOLEAN: _BOOLEANS,
    Type.INTEGER: (Rules.negate, Rules.arithmetic, Rules.days_between, Rules.least),
    Type.DECIMAL: (Rules.negate, Rules.arithmetic, Rules.least),
    Type.DATE: (Rules.add_days, Rules.least),
    Type.STRING: (lambda rules, kind, _: rules._leaf(kind),),
}


def _fits(node: Node) -> bool:
    """Whether the checker would let the node through: no engine overflows, and numbers meet at one scale."""
    if isinstance(node, tree.AddDays):
        return _size(node.days).digits <= DAY_COUNT_DIGITS
    met = [below for below in tree.children(node) if below.type in (*NUMBERS, Type.DATE)]
    if isinstance(node, tree.Arithmetic):
        met = [node]
    return not met or together([_size(one) for one in met]).fits


def _size(node: Node) -> Size:
    return size_of(node, _SIZES)
