"""Which evidence can lead to a colour, whatever else is known or comes to be known. Negative evidence cannot.

Evidence accuses when some rule could hold with it and need not hold without it. Everything else a rule reads is taken
to be anything, and so is what the same source said before: a harmless statement that takes the place of one which kept
a rule from holding accuses too. The answer errs on that side only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from kaimen.colours.rules_of import moves_with_time, read_by
from kaimen.rules import Expression, compile_rules
from kaimen.rules.tree import And, Field, Node, Not, Or, Value, walk

Truth = bool | None
Pair = tuple[Truth, Truth]  # with the evidence, and with anything in its place
Shape = tuple[str, tuple["Shape", ...], int]  # what it is, what is below, which leaf
_ANY: tuple[Truth, ...] = (True, False, None)
_EITHER = frozenset(product(_ANY, _ANY))  # reads the evidence and something else
_ELSE = frozenset((one, one) for one in _ANY)  # reads something else: the same with and without
_KEPT = 20_000


@dataclass(frozen=True)
class _Rule:
    """A rule as far as a kind of evidence matters to it."""

    shape: Shape
    leaves: Callable[[Mapping[str, Value | None], date], tuple[Truth, ...]]


class Accusing:
    """One kind of evidence under one set of rules."""

    def __init__(self, expressions: Sequence[Expression], known: frozenset[str]) -> None:
        mine = [one for one in expressions if read_by(one) & known]
        self._rules = [_rule(one, known) for one in mine]
        self._timed = any(moves_with_time(one) for one in mine)
        self._answers: dict[tuple[object, ...], bool] = {}

    def accuses(self, says: Mapping[str, Value], first: date, last: date) -> bool:
        """Whether what it says can make a rule hold on some day from `first` to `last`."""
        asked = (*sorted(says.items()), first, last)
        if asked not in self._answers:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            days = range(first.toordinal(), (last if self._timed else first).toordinal() + 1)
            self._answers[asked] = any(
                _reached(rule, says, date.fromordinal(day)) for day in days for rule in self._rules
            )
        return self._answers[asked]


def _rule(expression: Expression, known: frozenset[str]) -> _Rule:
    leaves: list[Expression] = []

    def shape(node: Node) -> Shape:
        if isinstance(node, And | Or):
            return ("and" if isinstance(node, And) else "or", tuple(map(shape, node.operands)), 0)
        if isinstance(node, Not):
            return "not", (shape(node.operand),), 0
        reads = {one.name for one in walk(node) if isinstance(one, Field)}
        if not reads <= known:
            return "either" if reads & known else "else", (), 0
        leaves.append(Expression(expression.text, node, expression.vocabulary))
        return "known" if reads else "fixed", (), len(leaves) - 1

    whole = shape(expression.tree)
    return _Rule(whole, compile_rules(leaves))


def _reached(rule: _Rule, says: Mapping[str, Value], day: date) -> bool:
    """Whether the rule may hold with the evidence where it need not without."""
    pairs = _pairs(rule.shape, rule.leaves(says, day))
    return (True, False) in pairs or (True, None) in pairs


def _pairs(shape: Shape, leaves: tuple[Truth, ...]) -> frozenset[Pair]:
    what, below, leaf = shape
    match what:
        case "known":
            return frozenset((leaves[leaf], one) for one in _ANY)
        case "fixed":
            return frozenset([(leaves[leaf], leaves[leaf])])
        case "either":
            return _EITHER
        case "else":
            return _ELSE
        case "not":
            return frozenset((_not(one), _not(other)) for one, other in _pairs(below[0], leaves))
    joined = _and if what == "and" else _or
    found = _pairs(below[0], leaves)
    for one in below[1:]:
        found = frozenset((joined(a, c), joined(b, d)) for (a, b), (c, d) in product(found, _pairs(one, leaves)))
    return found


def _not(one: Truth) -> Truth:
    return None if one is None else not one


def _and(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _or(one: Truth, other: Truth) -> Truth:
    return _not(_and(_not(one), _not(other)))
