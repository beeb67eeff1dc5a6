"""Pieces of a text to typed nodes. Every node is checked as it is made; what is refused is told once, where it stands.

No value is ever converted: an integer may stand where a decimal may, and that is all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kaimen.kit.words import Words
from kaimen.rules import functions, sizes
from kaimen.rules.hints import AS_CONDITION, NOTHING, NUMBERS, meant, names_of, number_remedy, remedy_between
from kaimen.rules.limits import DAY_COUNT_DIGITS, DEEPEST, MOST_OPTIONS
from kaimen.rules.refusals import Refusal, refusal
from kaimen.rules.tokens import Token
from kaimen.rules.tree import (
    AddDays,
    And,
    Arithmetic,
    AsOf,
    Between,
    Compare,
    Comparison,
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
    Span,
    Sum,
    Type,
)  # fmt: skip
from kaimen.rules.values import day
from kaimen.rules.vocabulary import Vocabulary
from kaimen.rules.wording import Part, shown

RANKED = {*NUMBERS, Type.DATE}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text and its node; None when it was refused, which has been told already.

    `span` takes in the parentheses around it, the node's own does not.
    """

    node: Node | None
    span: Span
    depth: int = 1


class Building:
    """Makes the nodes of one text, and keeps what was refused."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.refusals: list[Refusal] = []

    def refuse(self, span: Span, code: str, /, **parts: Part) -> Piece:
        """Note a mistake; what is returned stands for the part that has no node."""
        self.refusals.append(refusal(self.text, span, code, **parts))
        return Piece(None, span)

    def shown(self, span: Span) -> str:
        """A piece of the text, to repeat in a message."""
        return shown(" ".join(self.text[span.start : span.end].split()))

    # values

    def number(self, token: Token, minus: Span | None = None) -> Piece:
        """`37.3`, `14`; with `minus`, its negative."""
        span = Span((minus or token.span).start, token.span.end)
        remedy = number_remedy(token.text)
        if remedy:
            return self.refuse(span, "number-form", text=shown(token.text), remedy=remedy)
        whole, point, places = token.text.partition(".")
        wide = sizes.DECIMAL_DIGITS if point else sizes.INTEGER_DIGITS
        if len(whole) > wide or len(places) > sizes.MOST_PLACES:
            return self.refuse(span, "number-too-large", text=shown(token.text))
        value = Decimal(token.text) if point else int(whole)
        if minus:
            value = value.copy_negate() if isinstance(value, Decimal) and value else -value if value else value
        return Piece(Literal(value, Type.DECIMAL if point else Type.INTEGER, span), span)

    def string(self, token: Token) -> Piece:
        """`'H1'`; a quote inside is written twice."""
        return Piece(Literal(token.text[1:-1].replace("''", "'"), Type.STRING, token.span), token.span)

    def date(self, word: Token, token: Token) -> Piece:
        """`DATE '2020-03-16'`."""
        span = Span(word.span.start, token.span.end)
        found = day(token.text[1:-1])
        if found is None:
            return self.refuse(token.span, "no-such-day", text=shown(token.text))
        return Piece(Literal(found, Type.DATE, span), span)

    def truth(self, token: Token) -> Piece:
        """`true`, `false`."""
        return Piece(Literal(token.key == "true", Type.BOOLEAN, token.span), token.span)

    def name(self, token: Token) -> Piece:
        """A field, a parameter, or `as_of`."""
        name, span = token.text, token.span
        if token.key == "as_of":
            return Piece(AsOf(span), span)
        field, parameter = self.vocabulary.fields.get(name), self.vocabulary.parameters.get(name)
        if field:
            return Piece(Field(name, field.type, field.absent, span), span)
        if parameter:
            return Piece(Parameter(name, parameter.type, span), span)
        if token.key in functions.BY_NAME:
            return self.refuse(span, "function-without-call", name=name, example=functions.BY_NAME[token.key].example)
        hint = meant(name, (*self.vocabulary.fields, *self.vocabulary.parameters, "as_of"))
        return self.refuse(span, "no-such-name", name=shown(name), hint=hint, known=names_of(self.vocabulary))

    # arithmetic

    def negate(self, sign: Span, operand: Piece) -> Piece:
        """`-n`."""
        span = Span(sign.start, operand.span.end)
        if operand.node is None or not self._number(operand):
            return Piece(None, span)
        return self._made(Negate(operand.node, operand.node.type, span), (operand,))

    def arithmetic(self, operator: Sum, left: Piece, right: Piece) -> Piece:
        """`+`, `-`, `*`."""
        span = Span(left.span.start, right.span.end)
        numbers = [self._number(one) for one in (left, right)]
        if left.node is None or right.node is None or not all(numbers):
            return Piece(None, span)
        exact = Type.DECIMAL if Type.DECIMAL in {left.node.type, right.node.type} else Type.INTEGER
        return self._made(Arithmetic(operator, left.node, right.node, exact, span), (left, right))

    def call(self, word: Token, arguments: Sequence[Piece], span: Span) -> Piece:
        """A function and its values."""
        name = word.key
        function = functions.BY_NAME.get(name)
        if function is None:
            known = ", ".join(functions.BY_NAME)
            hint = meant(name, functions.BY_NAME)
            return self.refuse(word.span, "no-such-function", name=shown(word.text), hint=hint, known=known)
        if not function.least <= len(arguments) <= function.most:
            return self.refuse(span, "argument-count", name=name, wanted=function.count, found=len(arguments),
                               example=function.example)  # fmt: skip
        return _CALLS[name](self, name, arguments, span)

    def days_between(self, name: str, arguments: Sequence[Piece], span: Span) -> Piece:
        """`days_between(earlier, later)`."""
        dates = [self._date(name, one) for one in arguments]
        earlier, later = (one.node for one in arguments)
        if earlier is None or later is None or not all(dates):
            return Piece(None, span)
        return self._made(DaysBetween(earlier, later, span), arguments)

    def add_days(self, name: str, arguments: Sequence[Piece], span: Span) -> Piece:
        """`add_days(start, days)`."""
        start, days = arguments
        right = [self._date(name, start), self._days(name, days)]
        if start.node is None or days.node is None or not all(right):
            return Piece(None, span)
        return self._made(AddDays(start.node, days.node, span), arguments)

    def least(self, name: str, arguments: Sequence[Piece], span: Span) -> Piece:
        """`least(…)`, `greatest(…)`."""
        operands = [one.node for one in arguments if one.node is not None]
        ranked = [self._ranked(name, one) for one in arguments]
        if len(operands) < len(arguments) or not all(ranked):
            return Piece(None, span)
        alike = [self._alike(arguments[0], one) for one in arguments[1:]]
        if not all(alike):
            return Piece(None, span)
        kinds = {one.type for one in operands}
        kind = Type.DECIMAL if Type.DECIMAL in kinds else operands[0].type
        return self._made(Least(tuple(operands), name == "greatest", kind, span), arguments)

    # conditions

    def compare(self, operator: Comparison, left: Piece, right: Piece) -> Piece:
        """`=`, `<>`, `<`, `<=`, `>`, `>=`."""
        span = Span(left.span.start, right.span.end)
        if left.node is None or right.node is None or not self._alike(left, right):
            return Piece(None, span)
        if operator not in {"=", "<>"} and left.node.type not in RANKED:
            return self._no_order(span, left.node.type)
        return self._made(Compare(operator, left.node, right.node, span), (left, right))

    def between(self, operand: Piece, low: Piece, high: Piece) -> Piece:
        """`x between low and high`."""
        span = Span(operand.span.start, high.span.end)
        alike = [self._alike(operand, end) for end in (low, high)]
        if operand.node is None or low.node is None or high.node is None or not all(alike):
            return Piece(None, span)
        if operand.node.type not in RANKED:
            return self._no_order(span, operand.node.type)
        return self._made(Between(operand.node, low.node, high.node, span), (operand, low, high))

    def among(self, operand: Piece, options: Sequence[Piece], span: Span) -> Piece:
        """`x in ('H1', 'H2')`."""
        if len(options) > MOST_OPTIONS:
            return self.refuse(options[MOST_OPTIONS].span, "too-many-options", most=MOST_OPTIONS)
        written = [self._option(operand, one) for one in options]
        literals = tuple(one for one in written if one is not None)
        if operand.node is None or len(literals) < len(options):
            return Piece(None, span)
        if operand.node.type is Type.BOOLEAN:
            return self.refuse(span, "no-list-of")
        return self._made(In(operand.node, literals, span), (operand, *options))

    def absent(self, operand: Piece, span: Span) -> Piece:
        """`x is null`."""
        if operand.node is None:
            return Piece(None, span)
        if not isinstance(operand.node, Field):
            return self.refuse(operand.span, "null-of", known=", ".join(self.vocabulary.fields) or NOTHING)
        return self._made(IsAbsent(operand.node, span), (operand,))

    def negation(self, operand: Piece, span: Span) -> Piece:
        """`not x`."""
        if operand.node is None or not self.condition(operand):
            return Piece(None, span)
        return self._made(Not(operand.node, span), (operand,))

    def joined(self, word: str, operands: Sequence[Piece]) -> Piece:
        """`x and y and z`, `x or y or z`."""
        span = Span(operands[0].span.start, operands[-1].span.end)
        nodes = tuple(one.node for one in operands if one.node is not None and self.condition(one))
        if len(nodes) < len(operands):
            return Piece(None, span)
        return self._made(And(nodes, span) if word == "and" else Or(nodes, span), operands)

    def condition(self, piece: Piece) -> bool:
        """Whether a piece is yes or no; what is not is refused."""
        if piece.node is None:
            return False
        if piece.node.type is Type.BOOLEAN:
            return True
        remedy = AS_CONDITION[piece.node.type]
        self.refuse(piece.span, "not-boolean", text=self.shown(piece.span), type=piece.node.type, remedy=remedy)
        return False

    def wanted(self, piece: Piece, wants: Type) -> None:
        """Refuse a whole rule that answers with something else than what is wanted."""
        if wants is Type.BOOLEAN:
            self.condition(piece)
        elif (
            piece.node is not None
            and piece.node.type is not wants
            and not (wants is Type.DECIMAL and piece.node.type is Type.INTEGER)
        ):
            self.refuse(piece.span, "not-wanted", wanted=wants, type=piece.node.type)

    # checks

    def _made(self, node: Node, parts: Sequence[Piece]) -> Piece:
        """The piece of a node, when it is neither too deep nor too large."""
        depth = 1 + max(part.depth for part in parts)
        if depth > DEEPEST:
            return self.refuse(node.span, "too-deep", most=DEEPEST)
        if isinstance(node, Arithmetic | Least | Compare | In | Between) and not self._fits(node, parts):
            return Piece(None, node.span)
        if isinstance(node, AddDays) and not self._few_days(node):
            return Piece(None, node.span)
        return Piece(node, node.span, depth)

    def _fits(self, node: Node, parts: Sequence[Piece]) -> bool:
        """Whether an engine holds the result and, to compare them, all the numbers at one scale."""
        below = [one.node for one in parts if one.node is not None and one.node.type in RANKED]
        if not below:
            return True
        size = sizes.together([self._size(one) for one in below])
        if isinstance(node, Arithmetic):
            size = self._size(node)
        return self._told(node.span, size, sizes.MOST_DIGITS)

    def _few_days(self, node: AddDays) -> bool:
        return self._told(node.days.span, self._size(node.days), DAY_COUNT_DIGITS)

    def _told(self, span: Span, size: sizes.Size, most: int) -> bool:
        if size.digits <= most and size.scale <= sizes.MOST_PLACES:
            return True
        self.refuse(span, "result-too-large", text=self.shown(span), digits=size.digits, places=size.scale, most=most,
                    most_places=sizes.MOST_PLACES)  # fmt: skip
        return False

    def _size(self, node: Node) -> sizes.Size:
        largest = {name: one.size for name, one in self.vocabulary.parameters.items()}
        return sizes.size_of(node, largest)

    def _number(self, piece: Piece) -> bool:
        if piece.node is None or piece.node.type in NUMBERS:
            return piece.node is not None
        self.refuse(piece.span, "not-a-number", text=self.shown(piece.span), type=piece.node.type)
        return False

    def _date(self, name: str, piece: Piece) -> bool:
        if piece.node is None or piece.node.type is Type.DATE:
            return piece.node is not None
        self.refuse(piece.span, "not-a-date", name=name, text=self.shown(piece.span), type=piece.node.type)
        return False

    def _days(self, name: str, piece: Piece) -> bool:
        if piece.node is None or piece.node.type is Type.INTEGER:
            return piece.node is not None
        self.refuse(piece.span, "not-days", name=name, text=self.shown(piece.span), type=piece.node.type)
        return False

    def _ranked(self, name: str, piece: Piece) -> bool:
        if piece.node is None or piece.node.type in RANKED:
            return piece.node is not None
        self.refuse(piece.span, "not-rankable", name=name, text=self.shown(piece.span), type=piece.node.type)
        return False

    def _option(self, operand: Piece, option: Piece) -> Literal | None:
        if option.node is None:
            return None
        if not isinstance(option.node, Literal):
            self.refuse(option.span, "not-an-option")
            return None
        if operand.node is None or not self._alike(operand, option):
            return None
        kind, value = operand.node.type, option.node.value
        if kind is Type.DECIMAL and isinstance(value, int):
            return replace(option.node, value=Decimal(value), type=kind)
        return option.node

    def _alike(self, left: Piece, right: Piece) -> bool:
        """Whether two pieces hold values of one type."""
        if left.node is None or right.node is None:
            return False
        if left.node.type is right.node.type or {left.node.type, right.node.type} == NUMBERS:
            return True
        self.refuse(
            Span(left.span.start, right.span.end), "types-differ",
            left=self.shown(left.span), left_type=left.node.type,
            right=self.shown(right.span), right_type=right.node.type, remedy=remedy_between(left.node, right.node),
        )  # fmt: skip
        return False

    def _no_order(self, span: Span, kind: Type) -> Piece:
        also = Words("（文字还可用 in）", "(and in) ") if kind is Type.STRING else ""
        return self.refuse(span, "no-order", type=kind, also=also)


_CALLS: dict[str, Callable[[Building, str, Sequence[Piece], Span], Piece]] = {
    "days_between": Building.days_between,
    "add_days": Building.add_days,
    "least": Building.least,
    "greatest": Building.least,
}
