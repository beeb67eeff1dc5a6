"""Text to tokens, each with its exact place. What is no sign of the language is refused with what was meant."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kaimen.kit.words import Words
from kaimen.rules.limits import DEEPEST, LONGEST_STRING, LONGEST_TEXT, MOST_REFUSALS, MOST_TOKENS
from kaimen.rules.refusals import Refusal, RuleRefused, refusal
from kaimen.rules.tree import Span
from kaimen.rules.wording import shown

Kind = Literal["word", "number", "string", "sign", "end"]
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9][0-9A-Za-z_.]*|\.[0-9][0-9A-Za-z_.]*)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<string>'(?:[^'\r\n]|'')*')
      | (?P<comment>--|/\*|//)
      | (?P<sign><=|>=|<>|!=|==(?!=)|[=<>+*(),]|-)
      | (?P<wide>[^\x00-\x7f]+)
      | (?P<strange>\|\||&&|:=|::|=>|->|[\x00-\x7f])""",
    re.VERBOSE,
)
_MEANT = str.maketrans(
    {
        "≥": ">=", "≤": "<=", "≠": "<>", "×": "*", "✕": "*", "·": "*", "−": "-", "–": "-", "—": "-", "、": ",",
        "‘": "'", "’": "'", "“": "'", "”": "'", "「": "'", "」": "'", "《": "<", "》": ">", "〈": "<", "〉": ">",
        "【": "(", "】": ")", "〔": "(", "〕": ")",
    }
)  # fmt: skip
_QUOTES = Words("文字写在单引号里：'…'", "Text goes in single quotes: '…'")
_COMMENT = Words(
    "规则里不写注释；减去负数写成 a - -1", "A rule has no comments; to take away a negative number write a - -1"
)
_DIVISION = Words(
    "没有除法和取余；把除数乘到另一边，例如 a >= 3 * b",
    "There is no division and no remainder; multiply the other side, for example a >= 3 * b",
)
_POWER = Words("没有这种运算；可用 + - *", "There is no such operation; + - * there are")
_STRANGE = {
    '"': _QUOTES, "`": _QUOTES, "--": _COMMENT, "/*": _COMMENT, "//": _COMMENT, "#": _COMMENT,
    "/": _DIVISION, "%": _DIVISION, "^": _POWER, "~": _POWER,
    "&&": Words("写 and", "Write and"), "&": Words("写 and", "Write and"),
    "||": Words("写 or", "Write or"), "|": Words("写 or", "Write or"),
    "!": Words("写 not；不等于写 <>", "Write not; for “is not equal” write <>"),
    ";": Words("一处只写一条规则；请删去", "Write one rule at a time; take it out"),
    "::": Words("值不能换类型；日期写 DATE '2020-03-16'", "No value changes its type; a date is DATE '2020-03-16'"),
    "'": _QUOTES, ":=": Words("写 =", "Write ="), "=>": Words("写 >=", "Write >="),
    "[": Words("写 ( )", "Write ( )"), "]": Words("写 ( )", "Write ( )"),
    "{": Words("写 ( )", "Write ( )"), "}": Words("写 ( )", "Write ( )"),
}  # fmt: skip
_OTHERWISE = Words("请删去", "Take it out")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, text or sign. `end` stands behind the last."""

    kind: Kind
    text: str
    span: Span

    @property
    def key(self) -> str:
        """What the grammar looks at: the sign, or the word in small letters; empty for everything else."""
        return self.text.lower() if self.kind in {"word", "sign"} else ""


def tokens(text: str, known: str) -> list[Token]:
    """The tokens of `text`, `end` last. `known` is said where a name cannot be read.

    Raises RuleRefused when the text is too long, too deep, or holds what is no sign of the language.
    """
    if len(text) > LONGEST_TEXT:
        span = Span(LONGEST_TEXT, len(text))
        raise RuleRefused((refusal(text, span, "too-long", length=len(text), most=LONGEST_TEXT),))
    found: list[Token] = []
    wrong: list[Refusal] = []
    for kind, piece, span in _pieces(text):
        complaint = _complaint(text, kind, piece, span, known)
        if complaint:
            wrong.append(complaint)
        elif kind in {"word", "number", "string", "sign"}:
            found.append(Token(kind, piece, span))  # type: ignore[arg-type]
    if wrong:
        raise RuleRefused(tuple(wrong[:MOST_REFUSALS]))
    if len(found) > MOST_TOKENS:
        span = Span(found[MOST_TOKENS].span.start, len(text))
        raise RuleRefused((refusal(text, span, "too-many-tokens", most=MOST_TOKENS),))
    _check_nesting(text, found)
    return [*found, Token("end", "", Span(len(text), len(text)))]


def _pieces(text: str) -> Iterator[tuple[str, str, Span]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        assert kind is not None
        if kind != "space":
            yield kind, match.group(), Span(*match.span())


def _complaint(text: str, kind: str, piece: str, span: Span, known: str) -> Refusal | None:
    match kind:
        case "wide":
            return _wide(text, piece, span, known)
        case "strange" | "comment":
            if piece == "'":
                return refusal(text, span, "unclosed")
            return refusal(text, span, "strange", text=shown(piece), remedy=_STRANGE.get(piece, _OTHERWISE))
        case "string":
            return _string(text, piece, span)
    return None


def _wide(text: str, piece: str, span: Span, known: str) -> Refusal:
    meant = unicodedata.normalize("NFKC", piece.translate(_MEANT))
    if meant.isascii() and meant.isprintable():
        remedy = meant if meant.strip() else Words("半角空格", "a plain space")
        return refusal(text, span, "wide", text=shown(piece), remedy=remedy)
    return refusal(text, span, "unknown-letters", text=shown(piece), known=known)


def _string(text: str, piece: str, span: Span) -> Refusal | None:
    if len(piece) - 2 > LONGEST_STRING:
        return refusal(text, span, "string-too-long", most=LONGEST_STRING)
    for at, letter in enumerate(piece, span.start):
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            return refusal(text, Span(at, at + 1), "invisible", text=f"U+{ord(letter):04X}")
    return None


def _check_nesting(text: str, found: list[Token]) -> None:
    open_at: list[Span] = []
    for token in found:
        if token.kind != "sign" or token.text not in "()":
            continue
        if token.text == "(":
            open_at.append(token.span)
            if len(open_at) > DEEPEST:
                raise RuleRefused((refusal(text, token.span, "too-deep", most=DEEPEST),))
        elif not open_at:
            raise RuleRefused((refusal(text, token.span, "unopened"),))
        else:
            open_at.pop()
    if open_at:
        raise RuleRefused((refusal(text, open_at[-1], "unclosed-parenthesis"),))
