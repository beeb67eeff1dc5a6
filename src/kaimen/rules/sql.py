"""A rule as DuckDB SQL: written from the tree, never from a user's text, and proved equal to the Python function.

Yes, no and unknown are TRUE, FALSE and NULL. The columns have the names of the fields and the types of `COLUMNS`.
Sums are worked out in whole numbers or decimals wide enough for the largest result (`sizes`), dates as DATE, or as day
numbers where days are added: a date past the calendar is unknown, and not an error.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kaimen.rules.sizes import LAST_DAY, MOST_DIGITS, Size, size_of, size_of_value, together
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
)
from kaimen.rules.vocabulary import ParameterValues

COLUMNS = {
    Type.BOOLEAN: "BOOLEAN",
    Type.INTEGER: "BIGINT",
    Type.DECIMAL: "DECIMAL(18,6)",
    Type.STRING: "VARCHAR",
    Type.DATE: "DATE",
}
_FIRST_DAY = "DATE '0001-01-01'"
_NUMBERS = (Type.INTEGER, Type.DECIMAL)


class NotSql(ValueError):
    """A tree no checker let through: a number no engine holds, a text that cannot stand in SQL."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The day a rule is asked about, and what each parameter is worth on it; None before its first day."""

    as_of: date
    parameters: Mapping[str, Value | None]

    @classmethod
    def on(cls, as_of: date, parameters: Mapping[str, ParameterValues]) -> "Asked":
        """With the values that are in force on the day."""
        return cls(as_of, {name: parameter.at(as_of) for name, parameter in parameters.items()})

    @property
    def sizes(self) -> dict[str, Size]:
        """The size of every parameter that has one."""
        numbers = {name: value for name, value in self.parameters.items() if not isinstance(value, bool | str)}
        return {name: size_of_value(value) for name, value in numbers.items()}


def to_sql(tree: Node, asked: Asked) -> str:
    """The SQL expression of a rule, an amount or a date.

    Raises NotSql for a tree the checker would have refused.
    """
    return _Writer(asked).whole(tree)


def name_sql(name: str) -> str:
    """`name` as the name of a column or table, whatever stands in it."""
    return '"' + _printable(name).replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """`text` as a string literal."""
    return "'" + _printable(text).replace("'", "''") + "'"


def _printable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotSql(f"{text!r} is not Unicode text") from error
    if "\0" in text:
        raise NotSql(f"{text!r} holds a zero character")
    return text


def _all(conditions: Iterable[str]) -> str:
    written = list(conditions)
    return written[0] if len(written) == 1 else f"({' AND '.join(written)})"


class _Writer:
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._sizes = asked.sizes

    def whole(self, node: Node) -> str:
        match node.type:
            case Type.BOOLEAN:
                return self._answer(node)
            case Type.STRING:
                return self._text(node)
            case Type.DATE if _adds_days(node):
                value = f"{_FIRST_DAY} + CAST({self._day_number(node)} AS INTEGER)"
            case Type.DATE:
                value = self._date(node)
            case _:
                value = self._number(node, self._shape_of([node]))
        return self._where_known([node], value)

    # Answers

    def _answer(self, node: Node) -> str:
        match node:
            case Literal() | Parameter():
                return self._boolean(self._value(node))
            case Field(name=name, absent=absent):
                return name_sql(name) if absent == "unknown" else f"coalesce({name_sql(name)}, FALSE)"
            case Not(operand=operand):
                return f"(NOT {self._answer(operand)})"
            case And(operands=operands) | Or(operands=operands):
                word = " AND " if isinstance(node, And) else " OR "
                return f"({word.join(self._answer(operand) for operand in operands)})"
            case IsAbsent(operand=operand):
                return f"({name_sql(operand.name)} IS NULL)"
            case Compare() | In() | Between():
                return _all([*(f"{name_sql(name)} IS NOT NULL" for name in closed(node)), self._comparison(node)])
        raise NotSql(f"{type(node).__name__} is no answer")

    def _comparison(self, node: Compare | In | Between) -> str:
        match node:
            case Compare(operator=operator, left=left, right=right):
                return self._compared(operator, left, right)
            case Between(operand=operand, low=low, high=high):
                return _all([self._compared("<=", low, operand), self._compared("<=", operand, high)])
            case In(operand=operand, options=options):
                write = self._alike([operand, *options])
                listed = ", ".join(write(option) for option in options)
                return self._where_known([operand], f"({write(operand)} IN ({listed}))")

    def _compared(self, operator: str, left: Node, right: Node) -> str:
        write = self._alike([left, right])
        return self._where_known([left, right], f"({write(left)} {operator} {write(right)})")

    def _where_known(self, operands: Sequence[Node], value: str) -> str:
        """`value`, guarded where DuckDB would go on without an operand (`least`) or past the calendar."""
        if not any(_outlives_null(operand) for operand in operands):
            return value
        known = dict.fromkeys(self._known(operands))
        return f"CASE WHEN {_all(known)} THEN {value} END" if known else value

    def _known(self, operands: Iterable[Node]) -> Iterator[str]:
        for node in operands:
            match node:
                case Field(name=name):
                    yield f"{name_sql(name)} IS NOT NULL"
                case Parameter() if self._value(node) is None:
                    yield "FALSE"
                case AddDays():
                    yield from self._known(children(node))
                    yield f"{self._day_number(node)} BETWEEN 0 AND {LAST_DAY}"
                case _ if node.type is not Type.BOOLEAN:
                    yield from self._known(children(node))

    # Values

    def _alike(self, operands: Sequence[Node]) -> Callable[[Node], str]:
        """How to write operands that meet, so that they are of one SQL type."""
        kinds = {operand.type for operand in operands}
        if kinds <= set(_NUMBERS):
            shape = self._shape_of(operands)
            return lambda node: self._number(node, shape)
        if kinds == {Type.DATE}:
            return self._day_number if any(map(_adds_days, operands)) else self._date
        if kinds == {Type.STRING}:
            return self._text
        if kinds == {Type.BOOLEAN}:
            return self._answer
        raise NotSql(f"{' and '.join(sorted(kinds))} do not meet")

    def _shape_of(self, operands: Sequence[Node]) -> str:
        """The SQL type that holds each of these numbers."""
        size = together([size_of(operand, self._sizes) for operand in operands])
        return _shape(size, whole=all(operand.type is not Type.DECIMAL for operand in operands))

    def _number(self, node: Node, shape: str) -> str:
        """A number as SQL of the type `shape`, which is never narrower than the number."""
        if isinstance(node, Literal | Parameter):
            value = self._value(node)
            return f"CAST({'NULL' if value is None else text_sql(_digits(value))} AS {shape})"
        own = COLUMNS[node.type] if isinstance(node, Field) else self._shape_of([node])
        written = self._worked_out(node, own)
        return written if own == shape else f"CAST({written} AS {shape})"

    def _worked_out(self, node: Node, own: str) -> str:
        match node:
            case Field(name=name):
                return name_sql(name)
            case Negate(operand=operand):
                return f"(-{self._number(operand, own)})"
            case Arithmetic(operator="*", left=left, right=right):
                one, other = (own, own) if node.type is Type.INTEGER else self._factors(node)
                return f"CAST(({self._number(left, one)} * {self._number(right, other)}) AS {own})"
            case Arithmetic(operator=operator, left=left, right=right):
                return f"CAST(({self._number(left, own)} {operator} {self._number(right, own)}) AS {own})"
            case DaysBetween(earlier=earlier, later=later):
                write = self._alike([earlier, later])
                return f"CAST(({write(later)} - {write(earlier)}) AS {own})"
            case Least(operands=operands):
                return self._least(node, [self._number(operand, own) for operand in operands])
        raise NotSql(f"{type(node).__name__} is no number")

    def _factors(self, product: Arithmetic) -> tuple[str, str]:
        """The types of two decimals to be multiplied: the left one already as wide as the product.

        DuckDB multiplies two decimals of 18 digits in 64 bits, and fails on a result of more.
        """
        left, right = size_of(product.left, self._sizes), size_of(product.right, self._sizes)
        return _shape(Size(left.most * max(right.most, 1), left.scale), whole=False), _shape(right, whole=False)

    def _date(self, node: Node) -> str:
        match node:
            case Literal() | Parameter() | AsOf():
                value = self._value(node)
                return "CAST(NULL AS DATE)" if value is None else f"DATE '{_iso(value)}'"
            case Field(name=name):
                return name_sql(name)
            case Least(operands=operands):
                return self._least(node, [self._date(operand) for operand in operands])
        raise NotSql(f"{type(node).__name__} is no date")

    def _day_number(self, node: Node) -> str:
        """A date as the number of days since 0001-01-01."""
        own = self._shape_of([node])
        match node:
            case AddDays(start=start, days=days):
                first = f"CAST({self._day_number(start)} AS {own})"
                return f"({first} + {self._number(days, own)})"
            case Least(operands=operands):
                return self._least(node, [f"CAST({self._day_number(operand)} AS {own})" for operand in operands])
        return f"({self._date(node)} - {_FIRST_DAY})"

    def _least(self, node: Least, operands: Sequence[str]) -> str:
        return f"{'greatest' if node.greatest else 'least'}({', '.join(operands)})"

    def _text(self, node: Node) -> str:
        match node:
            case Field(name=name):
                return f'({name_sql(name)} COLLATE "binary")'
            case Literal() | Parameter():
                value = self._value(node)
                assert value is None or isinstance(value, str)
                return "CAST(NULL AS VARCHAR)" if value is None else f'({text_sql(value)} COLLATE "binary")'
        raise NotSql(f"{type(node).__name__} is no text")

    def _value(self, node: Literal | Parameter | AsOf) -> Value | None:
        match node:
            case Literal(value=value):
                return value
            case Parameter(name=name):
                return self._asked.parameters[name]
        return self._asked.as_of

    def _boolean(self, value: Value | None) -> str:
        return {True: "TRUE", False: "FALSE", None: "CAST(NULL AS BOOLEAN)"}[value]  # type: ignore[index]


def _adds_days(node: Node) -> bool:
    """Whether a date is worked out by adding days, so that it may fall off the calendar."""
    return isinstance(node, AddDays) or (isinstance(node, Least) and any(map(_adds_days, node.operands)))


def _outlives_null(node: Node) -> bool:
    """Whether a value needs to be guarded: `least` passes over NULL, and added days may leave the calendar."""
    if node.type is Type.BOOLEAN:
        return False
    return isinstance(node, Least | AddDays) or any(map(_outlives_null, children(node)))


def _shape(size: Size, *, whole: bool) -> str:
    if not size.fits:
        raise NotSql(f"A number of {size.digits} digits, {size.scale} of them decimal places; at most {MOST_DIGITS}")
    if whole:
        return "BIGINT" if size.digits <= 18 else "HUGEINT"
    return f"DECIMAL({max(size.digits, size.scale)},{size.scale})"


def _digits(value: Value) -> str:
    assert isinstance(value, int | Decimal)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _iso(value: Value) -> str:
    assert isinstance(value, date)
    return value.isoformat()
