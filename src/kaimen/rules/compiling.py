"""Trees to one Python function: three-valued, built as syntax (`ast`), never as text.

A rule has no names of its own in the function: fields, parameters and values are numbered. So nothing that a pack says
can become code.

- A comparison is guarded by what it reads: a field of a closed world that is absent makes it no, any other unknown.
- `not` is pushed down to the comparisons (De Morgan holds for yes, no and unknown), so it costs nothing.
- Of `and` and `or`, parts that are never unknown come first: then Python's own `and` and `or` say what Kleene says.
  The order makes no difference to the answer; nothing in a rule can fail.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

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
from kaimen.rules.vocabulary import ParameterValues

Answer = Value | None
Rules = Callable[[Mapping[str, Answer], date], tuple[Any, ...]]
_DAYS_KEPT = 64
_ORDERS = {"=": ast.Eq, "<>": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
_REFUTED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SUMS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_EXACT = {"+": "add", "-": "subtract", "*": "multiply"}


class Piece(NamedTuple):
    """Code for a condition, and whether it can be unknown (None)."""

    code: ast.expr
    open: bool


def compile_rules(expressions: Sequence[Expression]) -> Rules:
    """One function for all of `expressions`: `function(row, as_of)` answers with one value each, None for unknown.

    It trusts the row: bring what comes from outside through `values.read_row`.
    """
    writing = _Writing()
    answers = [writing.answer(one.tree) for one in expressions]
    return writing.function(answers, _parameters(expressions))


def _parameters(expressions: Sequence[Expression]) -> dict[str, ParameterValues]:
    found: dict[str, ParameterValues] = {}
    for expression in expressions:
        for name, parameter in expression.vocabulary.parameters.items():
            if found.setdefault(name, parameter) != parameter:
                raise ValueError(f"the parameter {name} has different values in two rules of one set")
    return found


class _Writing:
    """Collects what the function needs while its answers are written."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}  # name → local variable
        self.parameters: dict[str, str] = {}
        self.world: dict[str, object] = {}
        self.asks_day = False
        self._constants: dict[tuple[type, Value], str] = {}
        self._spare = 0

    def answer(self, node: Node) -> ast.expr:
        """Code for the value of a whole rule."""
        if node.type is Type.BOOLEAN:
            return self.condition(node, refuted=False).code
        guards: list[ast.expr] = []
        value = self.value(node, guards)
        return _guarded(guards, _constant(None), value)

    # conditions

    def condition(self, node: Node, *, refuted: bool) -> Piece:  # noqa: PLR0911 — one a kind of node
        """Code for `node`, or for its negation."""
        match node:
            case Not(operand=operand):
                return self.condition(operand, refuted=not refuted)
            case And(operands=operands) | Or(operands=operands):
                pieces = [self.condition(one, refuted=refuted) for one in operands]
                return self._joined(pieces, all_of=isinstance(node, And) is not refuted)
            case Compare() | In() | Between():
                return self._comparison(node, refuted=refuted)
            case IsAbsent(operand=field):
                return Piece(_is(self._field(field), None, refuted=refuted), open=False)
            case Literal(value=value):
                return Piece(_constant(value is not refuted), open=False)
            case Field(absent="false"):
                return Piece(_is(self._field(node), True, refuted=refuted), open=False)
        assert isinstance(node, Field | Parameter)
        name = self._field(node) if isinstance(node, Field) else self._parameter(node)
        refutation = ast.IfExp(_is(name, None), _constant(None), ast.UnaryOp(ast.Not(), name))
        return Piece(refutation if refuted else name, open=True)

    def _joined(self, pieces: Sequence[Piece], *, all_of: bool) -> Piece:
        """`and` (all of) or `or` of some pieces, the ones that are never unknown first."""
        closed_ones = [one.code for one in pieces if not one.open]
        open_ones = [one.code for one in pieces if one.open]
        parts = [*closed_ones, *([self._kleene(open_ones, all_of=all_of)] if open_ones else [])]
        if len(parts) == 1:
            return Piece(parts[0], open=bool(open_ones))
        return Piece(ast.BoolOp(ast.And() if all_of else ast.Or(), parts), open=bool(open_ones))

    def _kleene(self, parts: Sequence[ast.expr], *, all_of: bool) -> ast.expr:
        """`and` or `or` of parts that may be unknown; halved, so that a long chain does not nest deeply."""
        if len(parts) == 1:
            return parts[0]
        half = len(parts) // 2
        left, right = self._kleene(parts[:half], all_of=all_of), self._kleene(parts[half:], all_of=all_of)
        first, second = self._keep(left), self._keep(right)
        settles = _is(first.stored, not all_of)
        if all_of:  # left no → no; else right, when that is no or left is yes; else unknown
            wins = ast.BoolOp(ast.Or(), [_is(second.stored, False), first.name])
        else:  # left yes → yes; else right, when that is yes or left is no; else unknown
            wins = ast.BoolOp(ast.Or(), [second.stored, _is(first.name, False)])
        rest = ast.IfExp(wins, second.name, _constant(None))
        return ast.IfExp(settles, _constant(not all_of), rest)

    def _comparison(self, node: Compare | In | Between, *, refuted: bool) -> Piece:
        guards: list[ast.expr] = []
        missing = [_is(self._local(name), None) for name in closed(node)]
        piece = self._core(node, guards, refuted=refuted)
        piece = Piece(_guarded(guards, _constant(None), piece.code), open=bool(guards) or piece.open)
        if not missing:
            return piece
        return Piece(_guarded(missing, _constant(refuted), piece.code), piece.open)

    def _core(self, node: Compare | In | Between, guards: list[ast.expr], *, refuted: bool) -> Piece:
        """The comparison itself; `guards` collects what makes it unknown."""
        except_closed = frozenset(closed(node))
        if isinstance(node, Between):
            return self._between(node, except_closed, refuted=refuted)
        if isinstance(node, In):
            value = self.value(node.operand, guards, except_closed)
            test: ast.cmpop = ast.NotIn() if refuted else ast.In()
            return Piece(ast.Compare(value, [test], [self._options(node.options)]), open=False)
        left, right = (self.value(one, guards, except_closed) for one in (node.left, node.right))
        operator = _REFUTED[node.operator] if refuted else node.operator
        return Piece(ast.Compare(left, [_ORDERS[operator]()], [right]), open=False)

    def _between(self, node: Between, except_closed: frozenset[str], *, refuted: bool) -> Piece:
        """Both ends in one comparison when nothing is open but the operand; else an `and` of two."""
        ends: list[ast.expr] = []
        low, high = (self.value(one, ends, except_closed) for one in (node.low, node.high))
        if not ends:
            guards: list[ast.expr] = []
            code: ast.expr = ast.Compare(
                low, [ast.LtE(), ast.LtE()], [self.value(node.operand, guards, except_closed), high]
            )
            code = ast.UnaryOp(ast.Not(), code) if refuted else code
            return Piece(_guarded(guards, _constant(None), code), open=bool(guards))
        halves = (Compare("<=", node.low, node.operand, node.span), Compare("<=", node.operand, node.high, node.span))
        pieces = []
        for half in halves:
            guards = []
            piece = self._core_of_half(half, guards, except_closed, refuted=refuted)
            pieces.append(Piece(_guarded(guards, _constant(None), piece), open=bool(guards)))
        return self._joined(pieces, all_of=not refuted)

    def _core_of_half(
        self, half: Compare, guards: list[ast.expr], except_closed: frozenset[str], *, refuted: bool
    ) -> ast.expr:
        left, right = (self.value(one, guards, except_closed) for one in (half.left, half.right))
        return ast.Compare(left, [ast.Gt() if refuted else ast.LtE()], [right])

    # values

    def value(self, node: Node, guards: list[ast.expr], known: frozenset[str] = frozenset()) -> ast.expr:
        """Code for the value of `node` when none of `guards` holds. Fields in `known` are there already."""
        if node.type is Type.BOOLEAN:
            return self._truth(node, guards)
        match node:
            case Literal(value=value):
                return self._literal(value)
            case AsOf():
                return ast.Name("as_of", ast.Load())
            case Field():
                return self._guarded_name(self._field(node), guards, needed=node.name not in known)
            case Parameter():
                return self._guarded_name(self._parameter(node), guards, needed=True)
        return self._worked_out(node, guards, known)

    def _worked_out(  # noqa: PLR0911 — one a kind of node
        self, node: Node, guards: list[ast.expr], known: frozenset[str]
    ) -> ast.expr:
        if isinstance(node, DaysBetween):
            earlier, later = (self._day(one, guards, known) for one in (node.earlier, node.later))
            return ast.BinOp(later, ast.Sub(), earlier)
        values = [self.value(one, guards, known) for one in children(node)]
        match node:
            case Negate(type=Type.DECIMAL):
                return self._call(arithmetic.EXACT.minus, values)
            case Negate():
                return ast.UnaryOp(ast.USub(), values[0])
            case Arithmetic(type=Type.DECIMAL):
                return self._call(getattr(arithmetic.EXACT, _EXACT[node.operator]), values)
            case Arithmetic():
                return ast.BinOp(values[0], _SUMS[node.operator](), values[1])
            case Least():
                return self._call(max if node.greatest else min, values)
        assert isinstance(node, AddDays)
        kept = self._keep(self._call(arithmetic.add_days, values))
        guards.append(_is(kept.stored, None))
        return kept.name

    def _truth(self, node: Node, guards: list[ast.expr]) -> ast.expr:
        """A condition that is compared as a value."""
        piece = self.condition(node, refuted=False)
        if not piece.open:
            return piece.code
        kept = self._keep(piece.code)
        guards.append(_is(kept.stored, None))
        return kept.name

    def _day(self, node: Node, guards: list[ast.expr], known: frozenset[str]) -> ast.expr:
        """The number of a date."""
        if isinstance(node, AsOf):
            self.asks_day = True
            return ast.Name("today", ast.Load())
        if isinstance(node, Literal) and isinstance(node.value, date):
            return _constant(node.value.toordinal())
        return ast.Call(ast.Attribute(self.value(node, guards, known), "toordinal", ast.Load()), [], [])

    def _guarded_name(self, name: ast.expr, guards: list[ast.expr], *, needed: bool) -> ast.expr:
        guard = _is(name, None)
        if needed and not any(ast.dump(guard) == ast.dump(one) for one in guards):
            guards.append(guard)
        return name

    # names

    def _field(self, field: Field) -> ast.expr:
        return self._local(field.name)

    def _local(self, name: str) -> ast.expr:
        return ast.Name(self.fields.setdefault(name, f"field{len(self.fields)}"), ast.Load())

    def _parameter(self, parameter: Parameter) -> ast.expr:
        name = self.parameters.setdefault(parameter.name, f"parameter{len(self.parameters)}")
        return ast.Name(name, ast.Load())

    def _literal(self, value: Value) -> ast.expr:
        if isinstance(value, bool | int | str):
            return _constant(value)
        return ast.Name(self._named(value), ast.Load())

    def _options(self, options: Sequence[Literal]) -> ast.expr:
        """The values after `in`: a set of texts or whole numbers, else a tuple (a decimal is slow to hash)."""
        values = [self._literal(one.value) for one in options]
        if all(one.type in {Type.STRING, Type.INTEGER} for one in options):
            return ast.Set(values)  # Python makes a constant of it
        return ast.Tuple(values, ast.Load())

    def _named(self, value: Value) -> str:
        name = self._constants.setdefault((type(value), value), f"value{len(self._constants)}")
        self.world[name] = value
        return name

    def _call(self, function: Callable[..., Any], values: Sequence[ast.expr]) -> ast.expr:
        name = f"do_{function.__name__}"
        self.world[name] = function
        return ast.Call(ast.Name(name, ast.Load()), list(values), [])

    def _keep(self, code: ast.expr) -> "_Kept":
        """A spare variable for a value that is looked at twice; a name needs none."""
        if isinstance(code, ast.Name):
            return _Kept(code, code)
        self._spare += 1
        name = f"spare{self._spare}"
        return _Kept(ast.NamedExpr(ast.Name(name, ast.Store()), code), ast.Name(name, ast.Load()))

    # the function

    def function(self, answers: Sequence[ast.expr], parameters: Mapping[str, ParameterValues]) -> Rules:
        """The function that gives `answers`."""
        body = [*self._load(), ast.Return(ast.Tuple(list(answers), ast.Load()))]
        arguments = ast.arguments([], [ast.arg("row"), ast.arg("as_of")], None, [], [], None, [])
        module = ast.Module([ast.FunctionDef("rules", arguments, body, [], None)], [])
        days: dict[date, tuple[Answer, ...]] = {}
        self.world |= {"days": days, "on_day": _on_day([parameters[name] for name in self.parameters], days)}
        exec(compile(ast.fix_missing_locations(module), "<rules>", "exec"), self.world)  # noqa: S102 built from checked nodes
        found = self.world["rules"]
        assert callable(found)
        return found

    def _load(self) -> list[ast.stmt]:
        """Take fields and day by subscript, which is fast; from a row that lacks one, or on a new day, with care."""
        row, as_of = ast.Name("row", ast.Load()), ast.Name("as_of", ast.Load())
        quick: list[ast.stmt] = []
        careful: list[ast.stmt] = []
        for name, local in self.fields.items():
            target = ast.Name(local, ast.Store())
            quick.append(ast.Assign([target], ast.Subscript(row, ast.Constant(name), ast.Load())))
            get = ast.Attribute(row, "get", ast.Load())
            careful.append(ast.Assign([target], ast.Call(get, [ast.Constant(name)], [])))
        if self.parameters or self.asks_day:
            names: list[ast.expr] = [ast.Name(one, ast.Store()) for one in ("today", *self.parameters.values())]
            target_of_day = ast.Tuple(names, ast.Store())
            kept = ast.Subscript(ast.Name("days", ast.Load()), as_of, ast.Load())
            quick.append(ast.Assign([target_of_day], kept))
            careful.append(ast.Assign([target_of_day], ast.Call(ast.Name("on_day", ast.Load()), [as_of], [])))
        handler = ast.ExceptHandler(ast.Name("KeyError", ast.Load()), None, careful)
        return [ast.Try(quick, [handler], [], [])] if quick else []


class _Kept(NamedTuple):
    stored: ast.expr  # where it is worked out
    name: ast.expr  # where it is used again


def _on_day(
    parameters: Sequence[ParameterValues], days: dict[date, tuple[Answer, ...]]
) -> Callable[[date], tuple[Answer, ...]]:
    """Works out a day's number and the parameters in force on it, and keeps them in `days`."""

    def on_day(as_of: date) -> tuple[Answer, ...]:
        if len(days) >= _DAYS_KEPT:
            days.clear()
        found = days[as_of] = (as_of.toordinal(), *[one.at(as_of) for one in parameters])
        return found

    return on_day


def _constant(value: bool | int | str | None) -> ast.expr:
    return ast.Constant(value)


def _is(value: ast.expr, other: bool | None, *, refuted: bool = False) -> ast.expr:
    return ast.Compare(value, [ast.IsNot() if refuted else ast.Is()], [ast.Constant(other)])


def _guarded(guards: Sequence[ast.expr], instead: ast.expr, code: ast.expr) -> ast.expr:
    """`code`, or `instead` when one of `guards` holds."""
    if not guards:
        return code
    test = guards[0] if len(guards) == 1 else ast.BoolOp(ast.Or(), list(guards))
    return ast.IfExp(test, instead, code)
