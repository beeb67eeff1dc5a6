"""The published rules of a place, compiled once for each list into one function. Pure.

The first rule that holds and has an answer decides. Every other reason that held is kept behind it, but for those that
would have let somebody in. A rule whose answer is unknown does not hold.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

from kaimen.rules import Expression, Type, Vocabulary, compile_rules
from kaimen.rules.as_json import VERSION, canonical, from_json, parameters_from_json
from kaimen.rules.compiling import Rules
from kaimen.rules.tree import And, Compare, Field, In, Literal, Node, Or, children, walk
from kaimen.rules.well_formed import NotATree
from kaimen_gate.facts import FACTS
from kaimen_gate.wire import NotWire, Rule, Verdict

Facts = Mapping[str, Any]
_ALWAYS = {"version": VERSION, "tree": {"node": "literal", "type": "boolean", "value": True, "at": [0, 0]}}
_SETS_KEPT = 64  # a city has few profiles; fifty gates of one have the same rules


class Answer(NamedTuple):
    """What the rules say of one scan."""

    reason: str
    verdict: Verdict
    reasons: tuple[str, ...]  # every reason that held, the one that decided first


class _Asked(NamedTuple):
    """What is left of a rule once it is compiled: fifty lists of one profile need not keep its tree fifty times."""

    reason: str
    verdict: Verdict | None
    depends: bool  # on facts; the last one does not


class RuleBook:
    """Rules in order, ready to be asked."""

    def __init__(self, rules: Sequence[Rule], parameters: Mapping[str, Any]) -> None:
        """Raises NotWire for rules that cannot be read, speak of anything but facts, shut a door by the usual colour,
        or leave somebody without an answer.
        """
        if not rules or rules[-1].when is not None or rules[-1].verdict is None:
            raise NotWire("the last rule answers whatever is the case")
        try:
            given = canonical({"rules": [_ALWAYS if rule.when is None else rule.when for rule in rules],
                               "parameters": parameters})  # fmt: skip
            self._holds = _compiled(given)
        except (NotATree, TypeError, ValueError, RecursionError) as error:
            raise NotWire(f"rules that cannot be read: {error}") from error
        self._rules = tuple(_Asked(rule.reason, rule.verdict, rule.when is not None) for rule in rules)
        self.noted = frozenset(rule.reason for rule in rules if rule.verdict is None)

    def ask(self, facts: Facts, day: date) -> Answer:
        """The answer about `facts` (every one of FACTS, None where absent) on a local day."""
        held = list(compress(self._rules, self._holds(facts, day)))
        for rule in held:
            if rule.verdict is not None:
                break
        also = [one.reason for one in held if one.verdict != "enter" and one.depends]
        if not also:
            return Answer(rule.reason, rule.verdict, (rule.reason,))  # type: ignore[arg-type]  # the last one answers
        return Answer(rule.reason, rule.verdict, tuple(dict.fromkeys((rule.reason, *also))))  # type: ignore[arg-type]


@lru_cache(_SETS_KEPT)
def _compiled(given: bytes) -> Rules:
    """One function for rules in JSON. Raises NotATree."""
    said = json.loads(given)
    documents = [_document(rule, said["parameters"]) for rule in said["rules"]]
    vocabulary = Vocabulary(FACTS, parameters_from_json(documents[0]))
    return compile_rules([Expression("", _checked(from_json(one)), vocabulary) for one in documents])


def _document(rule: dict[str, Any], parameters: Any) -> dict[str, Any]:
    return {**rule, "parameters": parameters}


def _checked(tree: Node) -> Node:
    if tree.type is not Type.BOOLEAN:
        raise NotATree("a rule holds or does not hold")
    for node in walk(tree):
        if isinstance(node, Field):
            fact = FACTS.get(node.name)
            if fact is None or (fact.type, fact.absent) != (node.type, node.absent):
                raise NotATree(f"{node.name} is no fact of a gate, or of another type")
    if not names_colours(tree):
        raise NotATree("the usual colour never shuts a door: ask for colours by = and in only, and never for others")
    return tree


def names_colours(tree: Node) -> bool:
    """Whether a rule asks for the colour only by naming some: so it can never hold because somebody has none of them.

    The usual colour is no fact. Without this, “not red” would shut the door to everybody.
    """
    if not any(isinstance(node, Field) and node.name == "colour" for node in walk(tree)):
        return True
    match tree:
        case And() | Or():
            return all(names_colours(below) for below in children(tree))
        case Compare(operator="=", left=left, right=right):
            return {type(left), type(right)} == {Field, Literal}
        case In(operand=Field()):
            return True
    return False
