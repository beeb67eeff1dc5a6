"""From facts to a colour: the first rule that holds. Pure: the board, the freezing and the replay share it.

A building is well only when every other rule certainly does not hold. Where none holds and one is unknown, nobody can
say: it has no colour, and the map says that there is no report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kaimen.board.rollup import UNKNOWN
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.rules_of import expressions_of, read_by
from kaimen.rules import compile_rules
from kaimen.rules.tree import Value

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
        for number, (rule, answer) in enumerate(zip(definition.rules, answers, strict=False), 1):
            if answer:
                return Judged(rule.colour, number)
        if None in answers:
            return Judged(UNKNOWN, 0)
        return Judged(definition.usual, len(definition.rules))

    return judge


def reads(definition: StatusDefinition) -> list[tuple[str, ...]]:
    """Which facts each rule depends on, by name; the last reads none."""
    return [*(tuple(sorted(read_by(one))) for one in expressions_of(definition)), ()]
