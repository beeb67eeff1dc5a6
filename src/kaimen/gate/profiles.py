"""A gate profile as its city published it: hours, rules with their dated values, reasons and their words. Pure data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from kaimen.packs import Words
from kaimen.rules import Expression, ParameterValues, Vocabulary, parse
from kaimen.rules.as_json import to_json
from kaimen.rules.tree import Compare, Field, In, Literal, Node, walk
from kaimen_gate import wire
from kaimen_gate.facts import FACTS

NOTE = "note"  # the answer of a rule that only notes its reason


@dataclass(frozen=True)
class Reason:
    """Why an entry is decided so, in words for the two who stand at the gate."""

    code: str
    guard: Words
    person: Words


@dataclass(frozen=True)
class Source:
    """Where a rule was published."""

    title: str
    published: date


@dataclass(frozen=True)
class GateRule:
    """One published rule: the first that holds and answers decides."""

    reason: str
    answer: str  # enter, desk or refuse; or NOTE
    when: str | None  # None: always


@dataclass(frozen=True)
class OverrideReason:
    """Why somebody may be let in all the same, what the guard has to give, and which reasons it answers."""

    title: Words
    asks: wire.Asks
    lifts: tuple[str, ...]


@dataclass(frozen=True)
class GateProfile:
    """How the gates of a kind of place work."""

    slug: str
    title: Words
    source: Source
    opens: time
    closes: time  # leaving is never bound to it
    roster_due: time  # of the day before
    pass_valid: timedelta
    reasons: Mapping[str, Reason]
    rules: tuple[GateRule, ...]
    values: Mapping[str, ParameterValues] = field(default_factory=dict)
    manual: Mapping[str, Words] = field(default_factory=dict)
    overrides: Mapping[str, OverrideReason] = field(default_factory=dict)
    posts: Mapping[str, wire.Post] = field(default_factory=dict)  # place → what kind of post; others are entrances
    lift: wire.Lift | None = None  # at every post that is a lift

    @property
    def vocabulary(self) -> Vocabulary:
        """What the rules may read."""
        return Vocabulary(FACTS, self.values)

    def expressions(self) -> tuple[Expression | None, ...]:
        """The condition of each rule, None where there is none. Raises rules.RuleRefused."""
        vocabulary = self.vocabulary
        return tuple(None if rule.when is None else parse(rule.when, vocabulary) for rule in self.rules)

    def wire_rules(self) -> tuple[wire.Rule, ...]:
        """The rules as a node is sent them."""
        written = zip(self.rules, self.expressions(), strict=True)
        return tuple(
            wire.Rule(rule.reason, _verdict(rule.answer), None if one is None else to_json(one.tree))
            for rule, one in written
        )

    def wire_parameters(self) -> dict[str, dict[str, object]]:
        """The dated values as a node is sent them, without their sources."""
        return {
            name: {"type": str(one.type), "dated": [[since.isoformat(), str(value)] for since, value, _ in one.dated]}
            for name, one in self.values.items()
        }

    def colours_named(self) -> Iterator[tuple[int, str]]:
        """Each colour a rule names, with the rule's position."""
        for at, one in enumerate(self.expressions()):
            for name, value in () if one is None else named_values(one.tree):
                if name == "colour":
                    yield at, str(value)

    def words(self) -> dict[str, tuple[str, str, str, str]]:
        """The words as a node wants them: reason → guard zh, guard en, person zh, person en."""
        return {
            code: (reason.guard.zh, reason.guard.en, reason.person.zh, reason.person.en)
            for code, reason in self.reasons.items()
        }

    def answers(self) -> dict[str, str]:
        """Each reason that a rule gives, in order, with the answer of the first that does."""
        found: dict[str, str] = {}
        for rule in self.rules:
            found.setdefault(rule.reason, rule.answer)
        return found


def named_values(tree: Node) -> Iterator[tuple[str, object]]:
    """Every value that a rule compares a fact with by name."""
    for node in walk(tree):
        match node:
            case Compare(left=Field(name=name), right=Literal(value=value)):
                yield name, value
            case Compare(left=Literal(value=value), right=Field(name=name)):
                yield name, value
            case In(operand=Field(name=name), options=options):
                yield from ((name, option.value) for option in options)


def _verdict(answer: str) -> wire.Verdict | None:
    return next((verdict for verdict in wire.VERDICTS if verdict == answer), None)
