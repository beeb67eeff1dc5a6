"""Whether a tree that came from elsewhere is one the checker of texts would have let through: types and sizes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kaimen.rules import tree as nodes
from kaimen.rules.limits import DAY_COUNT_DIGITS, MOST_OPTIONS
from kaimen.rules.sizes import Size, size_of, together
from kaimen.rules.tree import Field, Literal, Node, Parameter, Type, children, walk
from kaimen.rules.vocabulary import ParameterValues

_NUMBERS = {Type.INTEGER, Type.DECIMAL}
_ORDERED = {Type.INTEGER, Type.DECIMAL, Type.DATE}
_YES_NO = {Type.BOOLEAN}


class NotATree(ValueError):
    """Raised for what is no tree of a rule; says what is wrong with it."""


def check(tree: Node, parameters: Mapping[str, ParameterValues]) -> None:
    """Raises NotATree unless every node has operands it may have, and every number fits every engine."""
    for node in walk(tree):
        if isinstance(node, Parameter) and (node.name not in parameters or parameters[node.name].type is not node.type):
            raise NotATree(f"the parameter {node.name} is missing or of another type")
        if not _HOLDS.get(type(node), _anything)(node, [below.type for below in children(node)]):
            raise NotATree(f"{_shown(node)} is no part of a rule")
    sizes = {name: parameter.size for name, parameter in parameters.items()}
    for node in walk(tree):
        if not _fits(node, sizes):
            raise NotATree(f"{_shown(node)} may get more digits than any engine holds")


def _shown(node: Node) -> str:
    return f"{type(node).__name__} of {', '.join(below.type for below in children(node)) or node.type}"


def _anything(_node: Node, _kinds: Sequence[Type]) -> bool:
    return True


def _all(kinds: Sequence[Type], allowed: set[Type]) -> bool:
    return set(kinds) <= allowed


def _meet(kinds: Sequence[Type]) -> bool:
    return len(set(kinds)) == 1 or _all(kinds, _NUMBERS)


def _worked_out(kinds: Sequence[Type]) -> Type:
    return Type.DECIMAL if Type.DECIMAL in kinds else kinds[0]


_HOLDS: dict[type[Node], Callable[[Any, list[Type]], bool]] = {
    nodes.Not: lambda _, kinds: _all(kinds, _YES_NO),
    nodes.And: lambda _, kinds: _all(kinds, _YES_NO) and len(kinds) > 1,
    nodes.Or: lambda _, kinds: _all(kinds, _YES_NO) and len(kinds) > 1,
    nodes.Compare: lambda node, kinds: _meet(kinds) and (node.operator in {"=", "<>"} or _all(kinds, _ORDERED)),
    nodes.In: lambda node, kinds: (
        _meet(kinds) and 1 < len(kinds) <= MOST_OPTIONS + 1 and all(isinstance(one, Literal) for one in node.options)
    ),
    nodes.Between: lambda _, kinds: _meet(kinds) and _all(kinds, _ORDERED),
    nodes.IsAbsent: lambda node, _: isinstance(node.operand, Field),
    nodes.Negate: lambda node, kinds: _all(kinds, _NUMBERS) and node.type is kinds[0],
    nodes.Arithmetic: lambda node, kinds: _all(kinds, _NUMBERS) and node.type is _worked_out(kinds),
    nodes.DaysBetween: lambda _, kinds: _all(kinds, {Type.DATE}),
    nodes.AddDays: lambda _, kinds: kinds == [Type.DATE, Type.INTEGER],
    nodes.Least: lambda node, kinds: (
        len(kinds) > 1 and _meet(kinds) and _all(kinds, _ORDERED) and node.type is _worked_out(kinds)
    ),
}


def _fits(node: Node, sizes: Mapping[str, Size]) -> bool:
    """Whether a number fits, and numbers that meet in a node fit side by side."""
    if isinstance(node, nodes.AddDays) and size_of(node.days, sizes).digits > DAY_COUNT_DIGITS:
        return False
    met = [below for below in (node, *children(node)) if below.type in _ORDERED]
    if isinstance(node, nodes.Arithmetic) and node.operator == "*":
        met = [node]
    return not met or together([size_of(one, sizes) for one in met]).fits
