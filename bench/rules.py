"""Nine rules asked of one row: the generated function, and two engines of the field with the same rules and answers.

The peers are given every help: dates as day numbers and decimals as tenths, made beforehand; Cedar answers all nine in
one call, over a batch, with its policies parsed; casbin has each rule as the matcher of an enforcer of its own. They
know yes and no only, so the rules compared have fields of a closed world.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import casbin
import cedarpy
from casbin.model import Model

from bench.table import Row
from kaimen.rules import FieldType, Type, Vocabulary, compile_rules, explain, parse
from kaimen.rules.tree import Absence, Value

GOAL, TIMES_BETTER = 1_000_000, 50
_TODAY = date(2020, 3, 16)
_ROWS, _FOR_PEERS, _PASSES = 5_000, 500, 20
_FIELDS = {
    "confirmed": Type.BOOLEAN, "symptoms": Type.BOOLEAN, "test_result": Type.STRING, "arrived_from": Type.STRING,
    "temperature": Type.DECIMAL, "missing_days": Type.INTEGER, "onset": Type.DATE, "contact": Type.DATE,
    "arrived": Type.DATE,
}  # fmt: skip
_RULES = (  # ours · Cedar · casbin
    ("confirmed", "c.confirmed", "r.row.confirmed"),
    ("test_result = 'positive'", 'c.test_result == "positive"', "r.row.test_result == 'positive'"),
    ("temperature >= 37.3", "c.temperature >= 373", "r.row.temperature >= 373"),
    ("temperature >= 38.0 and symptoms", "c.temperature >= 380 && c.symptoms",
     "r.row.temperature >= 380 && r.row.symptoms"),
    ("days_between(contact, as_of) <= 14", "c.today - c.contact <= 14", "r.row.today - r.row.contact <= 14"),
    ("symptoms and days_between(onset, as_of) <= 14", "c.symptoms && c.today - c.onset <= 14",
     "r.row.symptoms && r.row.today - r.row.onset <= 14"),
    ("arrived_from in ('high', 'medium') and days_between(arrived, as_of) <= 14",
     '["high", "medium"].contains(c.arrived_from) && c.today - c.arrived <= 14',
     "r.row.arrived_from in ('high', 'medium') && r.row.today - r.row.arrived <= 14"),
    ("missing_days >= 3", "c.missing_days >= 3", "r.row.missing_days >= 3"),
    ("not confirmed and missing_days between 1 and 2", "!c.confirmed && c.missing_days >= 1 && c.missing_days <= 2",
     "!r.row.confirmed && r.row.missing_days >= 1 && r.row.missing_days <= 2"),
)  # fmt: skip
_MATCHER = """
[request_definition]
r = row
[policy_definition]
p = rule
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = {}
"""
Record = dict[str, Value | None]


def run() -> list[Row]:
    """Measure ours and the peers on the same rows, and fail when one answer differs."""
    chance = random.Random(1)
    whole = [_record(chance) for _ in range(_ROWS)]
    two_valued, ours = _ours("false", whole)
    cedar, said_by_cedar = _cedar(whole[:_FOR_PEERS])
    policies, said_by_casbin = _casbin(whole[:_FOR_PEERS])
    assert ours[:_FOR_PEERS] == said_by_cedar == said_by_casbin, "the engines do not answer alike"
    gaps = [{name: value if chance.random() < 0.6 else None for name, value in row.items()} for row in whole]
    three_valued, _ = _ours("unknown", gaps)
    return [
        Row("nine rules on one row, generated function", two_valued, "/s", GOAL, "more"),
        Row("cedarpy, the same rules, rows and answers", cedar, "/s"),
        Row("casbin, the same rules, rows and answers", policies, "/s"),
        Row("times the better of the two", two_valued / max(cedar, policies), "×", TIMES_BETTER, "more"),
        Row("nine rules on rows with gaps, three-valued", three_valued, "/s"),
        *_once(),
    ]


def _record(chance: random.Random) -> Record:
    ago = [_TODAY - timedelta(chance.randint(0, 40)) for _ in range(3)]
    return {
        "confirmed": chance.random() < 0.02, "symptoms": chance.random() < 0.1,
        "test_result": chance.choice(["positive", "negative", "negative"]),
        "arrived_from": chance.choice(["high", "medium", "low", "low"]),
        "temperature": Decimal(chance.randint(360, 390)) / 10, "missing_days": chance.randint(0, 5),
        "onset": ago[0], "contact": ago[1], "arrived": ago[2],
    }  # fmt: skip


def _vocabulary(absent: Absence) -> Vocabulary:
    return Vocabulary({name: FieldType(kind, absent) for name, kind in _FIELDS.items()})


def _ours(absent: Absence, rows: Sequence[Record]) -> tuple[float, list[tuple[Any, ...]]]:
    function = compile_rules([parse(text, _vocabulary(absent)) for text, _, _ in _RULES])

    def ask() -> None:
        for row in rows:
            function(row, _TODAY)

    return len(rows) / _best(ask), [function(row, _TODAY) for row in rows]


def _plain(row: Record) -> dict[str, Any]:
    """A row as the peers read it: dates as day numbers, the temperature in tenths."""
    found: dict[str, Any] = {"today": _TODAY.toordinal()}
    for name, value in row.items():
        match value:
            case date():
                found[name] = value.toordinal()
            case Decimal():
                found[name] = int(value * 10)
            case _:
                found[name] = value
    return found


def _cedar(rows: Sequence[Record]) -> tuple[float, list[tuple[bool, ...]]]:
    texts = [rule.replace("c.", "context.") for _, rule, _ in _RULES]
    permits = "\n".join(f"permit(principal, action, resource) when {{ {text} }};" for text in texts)
    policies, entities = cedarpy.PolicySet.from_str(permits), cedarpy.Entities.from_json_str("[]")
    asked = {"principal": 'Person::"1"', "action": 'Action::"ask"', "resource": 'Rule::"all"'}
    requests = [asked | {"context": _plain(row)} for row in rows]
    found = cedarpy.is_authorized_batch(requests, policies, entities)
    answers = [tuple(f"policy{at}" in one.diagnostics.reasons for at in range(len(texts))) for one in found]
    return len(rows) / _best(lambda: cedarpy.is_authorized_batch(requests, policies, entities)), answers


class _Attributes:
    """What casbin reads a row's values from."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _casbin(rows: Sequence[Record]) -> tuple[float, list[tuple[bool, ...]]]:
    enforcers = []
    for _, _, matcher in _RULES:
        model = Model()
        model.load_model_from_text(_MATCHER.format(matcher))
        enforcers.append(casbin.Enforcer(model))
    requests = [_Attributes(_plain(row)) for row in rows]

    def ask() -> list[tuple[bool, ...]]:
        return [tuple(enforcer.enforce(one) for enforcer in enforcers) for one in requests]

    return len(rows) / _best(ask), ask()


def _once() -> list[Row]:
    """What is done once a rule, or once for somebody who asks why."""
    vocabulary, text = _vocabulary("unknown"), _RULES[6][0]
    expressions = [parse(rule, vocabulary) for rule, _, _ in _RULES]
    record = _record(random.Random(2))
    return [
        Row("reading and checking one rule", _best(lambda: parse(text, vocabulary)) * 1e6, "µs"),
        Row("making the function of nine rules", _best(lambda: compile_rules(expressions)) * 1e3, "ms"),
        Row("explaining one rule", _best(lambda: explain(expressions[6], record, _TODAY)) * 1e6, "µs"),
    ]


def _best(ask: Callable[[], object]) -> float:
    """Seconds of the quickest of some passes: what else the machine did meanwhile is not counted."""
    taken = []
    for _ in range(_PASSES):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return min(taken)
