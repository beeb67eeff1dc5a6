"""A rule that is refused: where, why, and what would be right."""

from dataclasses import dataclass

from kaimen.kit.words import Words
from kaimen.rules.tree import Span
from kaimen.rules.wording import Part, say


@dataclass(frozen=True, slots=True)
class Refusal:
    """One mistake. `line` and `column` count from 1, in characters; `code` is a key of `wording.WORDINGS`."""

    span: Span
    line: int
    column: int
    message: Words
    remedy: Words
    code: str

    def to(self, language: str) -> str:
        """The mistake and its remedy in one text."""
        message, remedy = self.message.to(language), self.remedy.to(language)
        return f"{message}. {remedy}." if language.lower().startswith("en") else f"{message}。{remedy}。"


class RuleRefused(ValueError):
    """Raised for a text that is no rule: every mistake that was found, in the order of the text; at least one."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        assert refusals
        super().__init__("\n".join(f"line {one.line}, column {one.column}: {one.to('en')}" for one in refusals))
        self.refusals = refusals


def refusal(text: str, span: Span, code: str, /, **parts: Part) -> Refusal:
    """The complaint `code` about a piece of `text`."""
    before = text[: span.start]
    message, remedy = say(code, **parts)
    return Refusal(span, before.count("\n") + 1, span.start - (before.rfind("\n") + 1) + 1, message, remedy, code)
