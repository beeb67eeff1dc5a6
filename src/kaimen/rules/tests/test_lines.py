"""Rules asked line by line: every line is answered, and none stops the others."""

import json
from typing import Any

import pytest

from kaimen.rules.lines import answer, form


def asked(when: object, fields: object = None, row: object = None, **more: object) -> Any:
    """The answer to one question, without its id."""
    line = {"id": 1, "when": when, "fields": fields or {}, "row": row or {}, "as_of": "2020-03-16"} | more
    found = json.loads(answer(json.dumps(line).encode()))
    assert found.pop("id") == 1
    return found


def field(kind: str, absent: object = "unknown") -> dict[str, object]:
    """A vocabulary of one field, x."""
    return {"x": {"type": kind, "absent": absent}}


def test_a_rule_is_answered() -> None:
    fields = {
        "body_temperature": {"type": "decimal", "absent": "unknown"},
        "symptoms": {"type": "boolean", "absent": "false"},
        "onset": {"type": "date", "absent": "unknown"},
    }
    when = "body_temperature >= 37.3 or (symptoms and days_between(onset, as_of) <= 14)"
    assert asked(when, fields, {"body_temperature": 37.3}) == {"value": True}
    assert asked(when, fields, {"body_temperature": 37.2}) == {"value": False}
    assert asked(when, fields, {"symptoms": True, "onset": "2020-03-02"}) == {"value": True}
    assert asked(when, fields, {"symptoms": None}) == {"value": None}


@pytest.mark.parametrize("value", [37.3, "37.3", "37.30"])
def test_a_decimal_is_a_number_or_text_and_exact(value: object) -> None:
    assert asked("x = 37.3", field("decimal"), {"x": value}) == {"value": True}


def test_numbers_a_float_cannot_hold_are_exact() -> None:
    for when in ("x = 9007199254740993", "x <> 9007199254740992", "x - 9007199254740992 = 1"):
        assert asked(when, field("integer"), {"x": 9007199254740993}) == {"value": True}
    assert asked("x > 37.299999999999", field("decimal"), {"x": 37.3}) == {"value": True}
    assert asked("x * x = 1391.29 and x * x < 1391.290000000001", field("decimal"), {"x": 37.3}) == {"value": True}


def test_a_tenth_is_a_tenth() -> None:
    assert asked("x + 0.2 = 0.3", field("decimal"), {"x": 0.1}) == {"value": True}


@pytest.mark.parametrize(("absent", "value"), [("unknown", None), ("false", False), (False, False), (None, None)])
def test_a_missing_key_is_absent_as_declared(absent: object, value: object) -> None:
    assert asked("x > 1", field("integer", absent)) == {"value": value}


@pytest.mark.parametrize(
    "most",
    [
        14,
        {"type": "integer", "value": 14},
        {"value": 14, "type": "decimal"},
        {"type": "integer", "value": 14, "from": "2020-03-01", "source": "page 3"},
        {"type": "integer", "values": {"2020-01-01": 7, "2020-03-01": 14, "2020-04-01": 21}},
        {"type": "integer", "values": [{"from": "2020-03-01", "value": 14}, {"from": "2020-01-01", "value": 7}]},
        {"2020-01-01": 7, "2020-03-01": 14, "2020-04-01": 21},
        {"2020-01-01": {"value": 7, "source": "page 2"}, "2020-03-01": {"value": 14, "source": "page 3"}},
        {"2020-01-01": 7.5, "2020-03-01": 14},
        [{"from": "2020-01-01", "value": 7, "source": "page 2"}, {"from": "2020-03-01", "value": 14}],
    ],
)
def test_a_parameter_may_be_written_in_several_ways(most: object) -> None:
    parameters = {"parameters": {"most": most}}
    assert [asked("x <= most", field("integer"), {"x": x}, **parameters)["value"] for x in (14, 15)] == [True, False]


@pytest.mark.parametrize(("kind", "value"), [("date", "2020-03-01"), ("string", "2020-03-01"), ("decimal", "37.3")])
def test_a_parameter_without_a_type_is_read_as_the_rule_needs_it(kind: str, value: str) -> None:
    assert asked("x = p", field(kind), {"x": value}, parameters={"p": value}) == {"value": True}


def test_a_parameter_is_unknown_before_its_first_day_however_it_is_written() -> None:
    for late in ({"2020-04-01": 14}, [{"since": "2020-04-01", "value": 14}], {"value": 14, "from": "2020-04-01"}):
        assert asked("x <= p", field("integer"), {"x": 1}, parameters={"p": late}) == {"value": None}


@pytest.mark.parametrize(
    "most",
    [
        [{"from": "2020-01-01", "to": "2020-02-01", "value": 14}], {"from": "2020-02-30", "value": 14}, {}, [],
        [{"from": "2020-01-01", "value": 7}, {"from": "2020-01-01", "value": 14}], {"2020-01-01": [14]},
        {"2020-01-01": {"values": 14}}, {"2020-01-01": 14, "2020-03-01": "many"}, {"values": 14},
        {"from": 3, "value": 1},
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_understood_is_refused_not_guessed(most: object) -> None:
    assert "the parameter p" in asked("x <= p", field("integer"), {"x": 1}, parameters={"p": most})["error"]["message"]


def test_many_parameters_of_text_are_each_read_as_the_rule_needs_them() -> None:
    names = [f"p{number}" for number in range(9)]
    when = " and ".join(f"x >= {name}" for name in names)
    parameters = dict.fromkeys(names, "2020-03-01")
    assert asked(when, field("date"), {"x": "2020-03-01"}, parameters=parameters) == {"value": True}


@pytest.mark.parametrize("much", ["[" * 30 + "]" * 30, "9" * 5_000, "1e99999999999999999999", "NaN"])
def test_a_line_whose_row_cannot_be_read_keeps_its_id(much: str) -> None:
    line = f'{{"id": "a", "when": "x > 1", "fields": {{"x": {{"type": "decimal"}}}}, "row": {{"x": {much}}}}}'
    assert json.loads(answer(line.encode()))["id"] == "a"


def test_the_day_is_needed_only_by_a_rule_that_asks_for_it() -> None:
    assert asked("x = 1", field("integer"), {"x": 1}, as_of=None) == {"value": True}
    assert asked("x = 1 or as_of > DATE '2020-01-01'", field("integer"), as_of=None)["error"]["at"] == 9
    assert asked("as_of = DATE '2020-03-16'", as_of=None, parameters={"as_of": "2020-03-16"}) == {"value": True}


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ({"when": "x > 'a'", "fields": field("integer")}, 0),
        ({"when": "true and y", "fields": field("integer")}, 9),
        ({"when": "true and x > 1", "fields": field("integer"), "row": {"x": "1"}}, 9),
        ({"when": "x > 1", "fields": field("float")}, 0),
        ({"when": "x > 1", "fields": {"x": 3}}, 0),
        ({"when": "x > 1", "fields": {"x": {"type": "integer", "absent": []}}}, 0),
        ({"when": "x > 1", "fields": {"x": {"type": ["integer"]}}}, 0),
        ({"when": "x > 1", "fields": {"and": {"type": "integer"}}}, 0),
        ({"when": "x > 1", "fields": [1]}, 0),
        ({"when": "x > 1", "fields": field("integer"), "row": 3}, 0),
        ({"when": "x > 1", "fields": field("integer"), "row": {"x": float("nan")}}, 0),
        ({"when": "x > 1", "fields": field("integer"), "parameters": {"p": [1]}}, 0),
        ({"when": "x > 1", "fields": field("integer"), "parameters": {"p": {"type": "integer", "value": "a"}}}, 0),
        (
            {"when": "x > 1", "fields": field("integer"), "parameters": {"p": {"type": "integer", "values": {"a": 1}}}},
            0,
        ),
        ({"when": "x > 1", "fields": field("integer"), "parameters": {"x": 1}}, 0),
        ({"when": "x > 1", "fields": field("integer"), "as_of": "2020-02-30"}, 0),
        ({"when": None}, 0),
        ({}, 0),
    ],
)
def test_what_cannot_be_answered_says_where_and_why(line: dict[str, object], at: int) -> None:
    found = json.loads(answer(json.dumps({"id": "a"} | line).encode()))
    assert found["id"] == "a"
    assert found["error"]["at"] == at
    assert found["error"]["message"]


@pytest.mark.parametrize(
    "line",
    [
        b"", b"no", b"[1]", b"\xff\xfe", b"{" * 100_000, b'{"id": ' + b"9" * 5_000 + b"}",
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}", b'{"id": NaN, "when": "true"}',
        b'{"id": "\\ud800", "when": "true"}', b'{"id": 1e400, "when": "true"}',
    ],
)  # fmt: skip
def test_no_line_is_without_an_answer(line: bytes) -> None:
    found = json.loads(answer(line, "zh-hans"))
    assert found.keys() in ({"id", "error"}, {"id", "value"})


def test_an_id_comes_back_as_it_was() -> None:
    for name in ("四", 1.5, None, [1, {"a": 2}], True):
        assert json.loads(answer(json.dumps({"id": name, "when": "true"}).encode())) == {"id": name, "value": True}


def test_messages_come_in_the_language_that_is_asked_for() -> None:
    assert "不能比较" in json.loads(answer(json.dumps({"when": "1 < 'a'"}).encode(), "zh-hans"))["error"]["message"]


def test_a_rule_is_put_in_its_form() -> None:
    line = {"id": 7, "when": "(x==1)  AND true", "fields": field("integer")}
    found = json.loads(form(json.dumps(line).encode()))
    assert (found["id"], found["when"], len(found["digest"])) == (7, "x = 1 and true", 64)
    assert json.loads(form(b'{"when": "x"}'))["error"]["at"] == 0
