"""A rule in its one form: the same tree, the same text, the same digest."""

import hashlib
from datetime import date
from decimal import Decimal

from kaimen.kit import canonical
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
    Value,
    walk,
)  # fmt: skip

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _MINUS, _ATOM = range(8)  # what binds least comes first
_DOMAIN = b"kaimen rule 1\0"


def formatted(expression: Expression) -> str:
    """The rule in small letters, with single spaces and no parentheses but those it needs."""
    return _written(expression.tree)[0]


def digest(expression: Expression) -> bytes:
    """SHA-256 of what the rule means: its form, the type and absence of its fields, its parameters' dated values.

    How the text was laid out makes no difference; anything that can change an answer does, and so does a source.
    """
    nodes = list(walk(expression.tree))
    fields = {one.name: [one.type.value, one.absent] for one in nodes if isinstance(one, Field)}
    parameters = {}
    for name in {one.name for one in nodes if isinstance(one, Parameter)}:
        held = expression.vocabulary.parameters[name]
        dated = [[since.isoformat(), literal(value), source] for since, value, source in held.dated]
        parameters[name] = [held.type.value, dated]
    return hashlib.sha256(_DOMAIN + canonical.encode([formatted(expression), fields, parameters])).digest()


def literal(value: Value) -> str:
    """A value as it is written in a rule."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case Decimal():
            text = f"{value:f}"
            return text if "." in text else f"{text}.0"
        case date():
            return f"DATE '{value.isoformat()}'"
    return str(value)


def _written(node: Node) -> tuple[str, int]:  # noqa: PLR0911 — one a kind of node
    """The text of a node, and how much it binds."""
    match node:
        case Literal(value=value):
            text = literal(value)
            return text, _MINUS if text.startswith("-") else _ATOM
        case Field(name=name) | Parameter(name=name):
            return name, _ATOM
        case AsOf():
            return "as_of", _ATOM
        case And(operands=operands):
            return " and ".join(_inside(one, _AND + 1) for one in operands), _AND
        case Or(operands=operands):
            return " or ".join(_inside(one, _OR + 1) for one in operands), _OR
        case Not(operand=operand):
            return _not(operand)
        case Negate(operand=operand):
            inner = _inside(operand, _MINUS)  # a minus before a minus would be a comment, before a digit a literal
            return f"-({inner})" if inner[0] in "-0123456789" else f"-{inner}", _MINUS
        case Arithmetic(operator=operator, left=left, right=right):
            binds = _PRODUCT if operator == "*" else _SUM
            return f"{_inside(left, binds)} {operator} {_inside(right, binds + 1)}", binds
    return _comparison(node)


def _comparison(node: Node) -> tuple[str, int]:
    match node:
        case Compare(operator=operator, left=left, right=right):
            return f"{_inside(left, _SUM)} {operator} {_inside(right, _SUM)}", _COMPARISON
        case In() | Between() | IsAbsent():
            return _worded(node, ""), _COMPARISON
        case DaysBetween(earlier=earlier, later=later):
            return f"days_between({_written(earlier)[0]}, {_written(later)[0]})", _ATOM
        case AddDays(start=start, days=days):
            return f"add_days({_written(start)[0]}, {_written(days)[0]})", _ATOM
    assert isinstance(node, Least)
    name = "greatest" if node.greatest else "least"
    return f"{name}({', '.join(_written(one)[0] for one in node.operands)})", _ATOM


def _not(operand: Node) -> tuple[str, int]:
    if isinstance(operand, In | Between | IsAbsent):
        return _worded(operand, "not "), _COMPARISON
    return f"not {_inside(operand, _NOT)}", _NOT


def _worded(node: In | Between | IsAbsent, refuted: str) -> str:
    operand = _inside(node.operand, _SUM)
    match node:
        case In(options=options):
            return f"{operand} {refuted}in ({', '.join(literal(one.value) for one in options)})"
        case Between(low=low, high=high):
            return f"{operand} {refuted}between {_inside(low, _SUM)} and {_inside(high, _SUM)}"
    return f"{operand} is {refuted}null"


def _inside(node: Node, least: int) -> str:
    """The text of a node inside another, in parentheses when it binds less than `least`."""
    text, binds = _written(node)
    return text if binds >= least else f"({text})"
