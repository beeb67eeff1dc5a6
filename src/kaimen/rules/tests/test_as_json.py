"""The tree as JSON: there and back, one text, and nothing read that the checker would not have let through."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kaimen.rules import FieldType, ParameterValues, Type, Vocabulary, parse
from kaimen.rules.as_json import KINDS, canonical, from_json, parameters_from_json, to_json
from kaimen.rules.tree import Node, walk
from kaimen.rules.well_formed import NotATree

VOCABULARY = Vocabulary(
    {
        "temperature": FieldType(Type.DECIMAL), "symptoms": FieldType(Type.BOOLEAN, "false"),
        "onset": FieldType(Type.DATE), "code": FieldType(Type.STRING), "visits": FieldType(Type.INTEGER, "false"),
    },
    {
        "fever": ParameterValues(Type.DECIMAL, ((date(2020, 1, 25), Decimal("37.3"), "notice 1"),)),
        "strict": ParameterValues(Type.BOOLEAN, ((date(2020, 1, 25), True, "notice 2"),)),
    },
)  # fmt: skip
EVERYTHING = (
    "(temperature >= fever or not symptoms) and strict and code in ('H1', 'H2') and visits between -1 and 2 * 3 "
    "and add_days(onset, 14) > as_of and onset is not null and least(days_between(onset, as_of), -visits) < 14"
)


def document() -> dict[str, Any]:
    return to_json(parse(EVERYTHING, VOCABULARY).tree, VOCABULARY.parameters)


def test_a_tree_comes_back_as_it_was() -> None:
    tree = parse(EVERYTHING, VOCABULARY).tree
    assert from_json(json.loads(canonical(document()))) == tree
    assert {type(node) for node in walk(tree)} == set(KINDS.values())


def test_one_tree_has_one_text() -> None:
    shuffled = json.loads(canonical(document()), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert canonical(shuffled) == canonical(document())


def test_numbers_leave_as_text() -> None:
    tree = parse("visits > 999999999999999 and temperature > 37.30", VOCABULARY).tree
    assert b'"value":"999999999999999"' in canonical(to_json(tree))
    assert b'"value":"37.30"' in canonical(to_json(tree))


def test_only_the_parameters_a_rule_reads_go_with_it_and_not_their_sources() -> None:
    written = to_json(parse("temperature >= fever", VOCABULARY).tree, VOCABULARY.parameters)
    assert written["parameters"] == {"fever": {"type": "decimal", "dated": [["2020-01-25", "37.3"]]}}
    assert parameters_from_json(written)["fever"].at(date(2020, 3, 16)) == Decimal("37.3")
    assert "parameters" not in to_json(parse("symptoms", VOCABULARY).tree, VOCABULARY.parameters)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a document."""
    yield path
    if isinstance(data, dict | list):
        for key in list(data) if isinstance(data, dict) else range(len(data)):
            yield from places(data[key], (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another value at a place."""
    if not path:
        return value
    fresh = copy.deepcopy(data)
    inner = fresh
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return fresh


STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**400, "", "x", "1e400", "NaN", "2020-02-30", "\ud800", "\0", "x" * 5000, [], [1], [[]],
    {}, {"node": "literal"}, {"node": "window", "at": [0, 1]}, {"node": "field", "name": "__class__"}, float("nan"),
)  # fmt: skip


def test_whatever_is_put_anywhere_it_is_read_as_a_tree_or_refused() -> None:
    whole = document()
    refused = read = 0
    for path in places(whole):
        for value in STRANGE:
            try:
                tree = from_json(changed(whole, path, value))
            except NotATree:
                refused += 1
            else:
                read += 1
                assert isinstance(tree, Node)
    assert read > 0
    assert refused > 10 * read


def test_a_key_too_many_or_too_few_is_refused() -> None:
    whole = document()
    for path in places(whole):
        found: Any = whole
        for key in path:
            found = found[key]
        if isinstance(found, dict) and path != ("parameters",):
            with pytest.raises(NotATree):
                from_json(changed(whole, path, {**found, "also": 1}))
            with pytest.raises(NotATree):
                from_json(changed(whole, path, dict(list(found.items())[1:])))


@pytest.mark.parametrize(("old", "new"), [
    ('"operator":">="', '"operator":"~"'),
    ('"operator":"*"', '"operator":"/"'),
    ('"absent":"false"', '"absent":"true"'),
    ('"version":1', '"version":2'),
    ('"version":1', '"version":true'),
    ('"name":"visits","node":"field","type":"integer"', '"name":"visits","node":"field","type":"string"'),
    ('"name":"fever","node":"parameter","type":"decimal"', '"name":"strict","node":"parameter","type":"decimal"'),
    ('"name":"fever","node":"parameter"', '"name":"fewer","node":"parameter"'),
    ('"node":"and"', '"node":"exec"'),
    ('"value":"3"', '"value":"99999999999999999999999999999999999999"'),
    ('"value":"14"', '"value":"1000000000000000000"'),
])  # fmt: skip
def test_a_tree_no_text_could_have_made_is_refused(old: str, new: str) -> None:
    text = canonical(document()).decode()
    assert old in text
    with pytest.raises(NotATree):
        from_json(json.loads(text.replace(old, new)))


def test_what_is_too_deep_or_too_large_is_refused_before_it_costs_anything() -> None:
    field = document()["tree"]
    deep: Any = {"node": "literal", "type": "boolean", "value": True, "at": [0, 1]}
    for _ in range(5_000):
        deep = {"node": "not", "operand": deep, "at": [0, 1]}
    with pytest.raises(NotATree, match="inside each other"):
        from_json({"version": 1, "tree": deep})
    with pytest.raises(NotATree):
        from_json({"version": 1, "tree": {"node": "and", "operands": [field] * 100_000, "at": [0, 1]}})
