"""Tokens to pieces, by precedence: `or`, `and`, `not`, comparison, sum, product, minus. One token is looked ahead."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from kaimen.kit.words import Words
from kaimen.rules.building import Building, Piece
from kaimen.rules.limits import DEEPEST
from kaimen.rules.refusals import RuleRefused
from kaimen.rules.tokens import Token
from kaimen.rules.tree import Comparison, Span, Sum
from kaimen.rules.wording import Part, shown

_COMPARISONS: dict[str, Comparison] = {
    "=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_SUMS: dict[str, Sum] = {"+": "+", "-": "-"}
_PRODUCTS: dict[str, Sum] = {"*": "*"}
_VALUE = Words("一个值", "A value")
_AND = Words("and", "and")
_NOT_VALUES = {"and", "or", "in", "between", "is", "not", "null"}
_MISSING = Words("请补上漏写的部分", "Write what is missing")


class Grammar:
    """Reads the tokens of one text, left to right."""

    def __init__(self, tokens: Sequence[Token], building: Building) -> None:
        self._tokens, self._at, self._build = tokens, 0, building

    def whole(self) -> Piece:
        """The one expression the text is. Raises RuleRefused at the first token that cannot stand where it does."""
        if len(self._tokens) == 1:
            self._stop(self._now.span, "empty", example="body_temperature >= 37.3")
        piece = self._either()
        if self._at < len(self._tokens) - 1:
            self._stop(self._now.span, "unexpected", found=self._found())
        return piece

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._now
        self._at += 1
        return token

    def _take(self, *keys: str) -> Token | None:
        """The token that stands here when it is one of `keys`."""
        return self._next() if self._now.key in keys else None

    def _need(self, key: str, wanted: Words, remedy: Part = _MISSING) -> Token:
        return self._take(key) or self._wanted(wanted, remedy)

    def _wanted(self, wanted: Words, remedy: Part = _MISSING) -> NoReturn:
        self._stop(self._now.span, "wanted", wanted=wanted, found=self._found(), remedy=remedy)

    def _found(self) -> Part:
        return shown(self._now.text) or Words("结尾", "the end")

    def _stop(self, span: Span, code: str, /, **parts: Part) -> NoReturn:
        self._build.refuse(span, code, **parts)
        raise RuleRefused(tuple(self._build.refusals))

    def _either(self) -> Piece:
        return self._chain("or", self._both)

    def _both(self) -> Piece:
        return self._chain("and", self._negation)

    def _chain(self, word: str, operand: Callable[[], Piece]) -> Piece:
        found = [operand()]
        while self._take(word):
            found.append(operand())
        return found[0] if len(found) == 1 else self._build.joined(word, found)

    def _negation(self) -> Piece:
        words: list[Token] = []
        while word := self._take("not"):
            words.append(word)
            if len(words) > DEEPEST:
                self._stop(word.span, "too-deep", most=DEEPEST)
        piece = self._comparison()
        for word in reversed(words):
            piece = self._build.negation(piece, Span(word.span.start, piece.span.end))
        return piece

    def _comparison(self) -> Piece:
        left = self._sum()
        if operator := self._take(*_COMPARISONS):
            self._not_null(left)
            piece = self._build.compare(_COMPARISONS[operator.text], left, self._sum())
        elif self._take("is"):
            piece = self._is(left)
        else:
            refuted = self._take("not")
            if self._take("in"):
                piece = self._among(left)
            elif self._take("between"):
                piece = self._between(left)
            elif refuted:
                self._wanted(Words("in 或 between", "in or between"))
            else:
                return left
            piece = self._build.negation(piece, piece.span) if refuted else piece
        if self._now.key in {*_COMPARISONS, "in", "between", "is", "not"}:
            self._stop(self._now.span, "chained")
        return piece

    def _not_null(self, left: Piece) -> None:
        """`x = null` is met so often that its message names x."""
        if self._now.key == "null":
            self._stop(self._now.span, "null", name=self._build.shown(left.span))

    def _is(self, left: Piece) -> Piece:
        refuted = self._take("not")
        word = self._take("null")
        if word is None:
            self._stop(self._now.span, "is-what")
        span = Span(left.span.start, word.span.end)
        piece = self._build.absent(left, span)
        return self._build.negation(piece, span) if refuted else piece

    def _among(self, left: Piece) -> Piece:
        self._need("(", Words("(", "("), Words("写 in ('H1', 'H2')", "Write in ('H1', 'H2')"))
        if closing := self._take(")"):
            self._stop(closing.span, "empty-list")
        options, closing = self._list()
        return self._build.among(left, options, Span(left.span.start, closing.span.end))

    def _between(self, left: Piece) -> Piece:
        low = self._sum()
        self._need("and", _AND, Words("写 x between 1 and 14", "Write x between 1 and 14"))
        return self._build.between(left, low, self._sum())

    def _list(self) -> tuple[list[Piece], Token]:
        """Values between commas and the `)` behind them."""
        found = [self._either()]
        while self._take(","):
            found.append(self._either())
        closing = Words(", 或 )", ", or )")
        return found, self._need(")", closing)

    def _sum(self) -> Piece:
        return self._arithmetic(_SUMS, self._product)

    def _product(self) -> Piece:
        return self._arithmetic(_PRODUCTS, self._minus)

    def _arithmetic(self, operators: dict[str, Sum], operand: Callable[[], Piece]) -> Piece:
        piece = operand()
        while sign := self._take(*operators):
            piece = self._build.arithmetic(operators[sign.text], piece, operand())
        return piece

    def _minus(self) -> Piece:
        signs: list[Token] = []
        while sign := self._take("-"):
            signs.append(sign)
            if len(signs) > DEEPEST:
                self._stop(sign.span, "too-deep", most=DEEPEST)
        if signs and self._now.kind == "number":
            piece = self._build.number(self._next(), signs.pop().span)
        else:
            piece = self._value()
        for sign in reversed(signs):
            piece = self._build.negate(sign.span, piece)
        return piece

    def _value(self) -> Piece:
        token = self._now
        if token.kind == "number":
            return self._build.number(self._next())
        if token.kind == "string":
            return self._build.string(self._next())
        if token.kind == "word":
            return self._word()
        return self._inside(token) if self._take("(") else self._wanted(_VALUE)

    def _word(self) -> Piece:
        token = self._now
        if token.key == "null":
            self._stop(token.span, "null", name="x")
        if token.key in _NOT_VALUES:
            remedy = Words("not 放进括号：a = (not b)", "Put not into parentheses: a = (not b)")
            self._wanted(_VALUE, remedy if token.key == "not" else _MISSING)
        self._next()
        if token.key in {"true", "false"}:
            return self._build.truth(token)
        if token.key == "date" and self._now.kind == "string":
            return self._build.date(token, self._next())
        if self._take("("):
            return self._call(token)
        return self._build.name(token)

    def _call(self, word: Token) -> Piece:
        closing = self._take(")")
        arguments: list[Piece] = []
        if closing is None:
            arguments, closing = self._list()
        return self._build.call(word, arguments, Span(word.span.start, closing.span.end))

    def _inside(self, opening: Token) -> Piece:
        piece = self._either()
        closing = self._need(")", Words(")", ")"))
        return Piece(piece.node, Span(opening.span.start, closing.span.end), piece.depth)
