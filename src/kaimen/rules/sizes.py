"""How large a number of a rule can get, known before it is worked out: no engine ever overflows.

A number is seen as a whole number of its last decimal place: 37.30 is 3730 at scale 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod

from kaimen.rules.tree import (
    AddDays,
    Arithmetic,
    AsOf,
    DaysBetween,
    Field,
    Least,
    Literal,
    Negate,
    Node,
    Parameter,
    Type,
    Value,
    children,
)

# Of any result: what DuckDB holds, and the places of the product of two fields. Of a field: |n| < 10^16, beyond every
# whole number that a float could hold, and two of them multiplied still compare with a decimal; |n| < 10^12, 6 places.
MOST_DIGITS, MOST_PLACES = 38, 12
INTEGER_DIGITS, DECIMAL_DIGITS, DECIMAL_PLACES = 16, 12, 6
LAST_DAY = date.max.toordinal() - date.min.toordinal()  # days are counted from 0001-01-01, which is 0


@dataclass(frozen=True, slots=True)
class Size:
    """The largest absolute value, in units of the last place, and how many places there are."""

    most: int
    scale: int

    @property
    def digits(self) -> int:
        """How many decimal digits it takes at most, those behind the point among them; at least one."""
        return len(str(self.most))

    @property
    def fits(self) -> bool:
        """Whether every engine holds it."""
        return self.digits <= MOST_DIGITS and self.scale <= MOST_PLACES


_FIELDS = {
    Type.INTEGER: Size(10**INTEGER_DIGITS - 1, 0),
    Type.DECIMAL: Size(10 ** (DECIMAL_DIGITS + DECIMAL_PLACES) - 1, DECIMAL_PLACES),
    Type.DATE: Size(LAST_DAY, 0),
}


def size_of(node: Node, parameters: Mapping[str, Size]) -> Size:
    """The size of a number or date; a date counts as its day number.

    `parameters` gives the size of each numeric parameter: of its largest value, or of the one that is in force.
    """
    match node:
        case Literal(value=value):
            return size_of_value(value)
        case Parameter(name=name):
            return parameters[name]
        case Field(type=kind):
            return _FIELDS[kind]
        case AsOf():
            return _FIELDS[Type.DATE]
    return _combined(node, [size_of(below, parameters) for below in children(node)])


def _combined(node: Node, sizes: list[Size]) -> Size:
    match node:
        case Arithmetic(operator="*"):
            return Size(prod(size.most for size in sizes), sum(size.scale for size in sizes))
        case Arithmetic() | DaysBetween() | AddDays():
            scale = together(sizes).scale
            return Size(sum(size.most * 10 ** (scale - size.scale) for size in sizes), scale)
        case Negate() | Least():
            return together(sizes)
    raise TypeError(f"{type(node).__name__} has no size")


def size_of_value(value: Value | None) -> Size:
    """The size of one value; of None, nothing."""
    match value:
        case bool() | str():
            raise TypeError(f"{value!r} has no size")
        case Decimal():
            _, digits, exponent = value.as_tuple()
            assert isinstance(exponent, int), "a decimal of a rule is finite"
            written = int("".join(map(str, digits)))
            return Size(written * 10 ** max(exponent, 0), max(-exponent, 0))
        case int():
            return Size(abs(value), 0)
        case date():
            return Size(LAST_DAY, 0)
    return Size(0, 0)


def together(sizes: list[Size]) -> Size:
    """The size in which each of these can be written; two numbers are compared in it."""
    scale = max(size.scale for size in sizes)
    return Size(max(size.most * 10 ** (scale - size.scale) for size in sizes), scale)
