"""From what is known of a place to its colour: the first rule that holds. A pure function of rules, facts and the day.

A place is well only when every other rule certainly does not hold. Where none holds and one is unknown, nobody can
say: it has no colour. (A person is the usual colour until evidence says otherwise: that is `judging`.) The board, its
frozen pictures and a pack's own tests all ask here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kaimen.colours.rules_of import expressions_of, read_by
from kaimen.colours.terms import StatusDefinition
from kaimen.rules import compile_rules
from kaimen.rules.tree import Value

UNKNOWN = ""  # no colour: nothing was known that a rule could answer by
Facts = Mapping[str, Value | None]


@dataclass(frozen=True)
class Judged:
    """A colour and the rule that gave it, counted from 1; no colour and rule 0 where nobody can say."""

    colour: str
    rule: int


Judge = Callable[[Facts, date], Judged]


def judge_of(definition: StatusDefinition) -> Judge:
    """The function a definition's rules make. Raises RuleRefused when a rule does not read."""
    asked = compile_rules(expressions_of(definition))

    def judge(facts: Facts, as_of: date) -> Judged:
        answers = asked(facts, as_of)
        if True in answers:
            first = answers.index(True)
            return Judged(definition.rules[first].colour, first + 1)
        if None in answers:
            return Judged(UNKNOWN, 0)
        return Judged(definition.usual, len(definition.rules))

    return judge


def fields_read(definition: StatusDefinition) -> list[tuple[str, ...]]:
    """Which fields each rule depends on, by name; the last reads none."""
    return [*(tuple(sorted(read_by(one))) for one in expressions_of(definition)), ()]
