"""The generated function and the explanation answer as a plain reading of the tree does, whatever the rule and row."""

import decimal
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.rules import (
    Expression,
    FieldType,
    ParameterValues,
    Type,
    Vocabulary,
    compile_rules,
    digest,
    explain,
    formatted,
    parse,
    tree,
)  # fmt: skip
from kaimen.rules.tree import Value

Texts = st.SearchStrategy[str]
DAY = date(2020, 3, 16)
VOCABULARY = Vocabulary(
    {f"{kind[0]}{absent[0]}": FieldType(kind, absent) for kind in Type for absent in ("unknown", "false")},
    {
        "p_rate": ParameterValues(Type.DECIMAL, ((date(2020, 1, 1), Decimal("37.3"), "notice 1"),)),
        "p_days": ParameterValues(Type.INTEGER, ((date(2020, 1, 1), 7, "a"), (date(2020, 3, 1), 14, "b"))),
        "p_late": ParameterValues(Type.BOOLEAN, ((date(2021, 1, 1), True, "not yet"),)),
    },
)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.BOOLEAN: st.booleans(),
    Type.INTEGER: st.sampled_from([0, 1, -1, 7, 14, 15, 10**16 - 1, 1 - 10**16]),
    Type.DECIMAL: st.sampled_from(
        [Decimal(one) for one in ("0", "37.3", "37.30", "-0.000001", "14", "999999999999.5")]
    ),
    Type.STRING: st.sampled_from(["H1", "h1", "", "O'Neil", "重点"]),
    Type.DATE: st.sampled_from([DAY, DAY - timedelta(14), DAY - timedelta(15), date.min, date.max, date(2020, 2, 29)]),
}
ROWS = st.fixed_dictionaries(
    {}, optional={name: st.none() | VALUES[field.type] for name, field in VOCABULARY.fields.items()}
)


# Texts of rules at random, of any type, so that reading them is tried as well.


def _written(kind: Type) -> st.SearchStrategy[str]:
    def text(value: Value) -> str:
        match value:
            case bool():
                return str(value).lower()
            case str():
                return "'" + value.replace("'", "''") + "'"
            case date():
                return f"DATE '{value}'"
            case Decimal():
                return f"{value:f}" if "." in f"{value:f}" else f"{value:f}.0"
        return str(value)

    names = [name for name, one in VOCABULARY.fields.items() if one.type is kind]
    names += [name for name, one in VOCABULARY.parameters.items() if one.type is kind]
    return VALUES[kind].map(text) | st.sampled_from(names)


_DATES: Texts = st.deferred(
    lambda: (
        _written(Type.DATE)
        | st.just("as_of")
        | _joined("add_days({}, {})", _DATES, _COUNTS)
        | _joined("least({}, {})", _DATES, _DATES)
    )
)
_COUNTS: Texts = st.deferred(lambda: _written(Type.INTEGER) | _joined("days_between({}, {})", _DATES, _DATES))
_NUMBERS: Texts = st.deferred(
    lambda: (
        _COUNTS
        | _written(Type.DECIMAL)
        | _joined("{} + {}", _SMALL, _SMALL)
        | _joined("{} - ({})", _SMALL, _SMALL)
        | _joined("({}) * {}", _SMALL, _COUNTS)
        | _joined("-({})", _NUMBERS)
        | _joined("greatest({}, {}, {})", _NUMBERS, _NUMBERS, _NUMBERS)
    )
)
_SMALL: Texts = _COUNTS | _written(Type.DECIMAL)
_ORDERS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_ALIKE = st.sampled_from(["=", "<>"])
_RULES: Texts = st.deferred(
    lambda: (
        _written(Type.BOOLEAN)
        | _joined("{} {} {}", _NUMBERS, _ORDERS, _NUMBERS)
        | _joined("{} {} {}", _DATES, _ORDERS, _DATES)
        | _joined("{} {} {}", _written(Type.STRING), _ALIKE, _written(Type.STRING))
        | _joined("({}) {} ({})", _RULES, _ALIKE, _RULES)
        | _joined("{} in ('H1', '重点')", _written(Type.STRING))
        | _joined("{} not in (1, 14, 37.3)", _NUMBERS)
        | _joined("{} between {} and {}", _NUMBERS, _NUMBERS, _NUMBERS)
        | _joined("{} not between {} and {}", _DATES, _DATES, _DATES)
        | _joined("{} is null", st.sampled_from(sorted(VOCABULARY.fields)))
        | _joined("not ({})", _RULES)
        | _joined("({}) and ({})", _RULES, _RULES)
        | _joined("({}) or ({}) or ({})", _RULES, _RULES, _RULES)
    )
)


def _joined(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: form.format(*values))


# A plain reading of the tree, which shares nothing with the two: yes is 1, no is 0, unknown is a half; `and` is the
# smallest, `or` the largest, `not` the rest to 1; numbers are fractions, dates are day numbers.

HALF = Fraction(1, 2)


def plainly(rule: Expression, row: Mapping[str, Value | None], as_of: date) -> bool | None:
    """The answer of a rule by the naive reading."""
    return {0: False, HALF: None, 1: True}[_truth(rule.tree, rule, row, as_of)]


def _truth(node: tree.Node, *asked: Any) -> Any:  # noqa: PLR0911 — one a kind of node
    values = [_truth(one, *asked) if one.type is Type.BOOLEAN else _value(one, *asked) for one in tree.children(node)]
    match node:
        case tree.And():
            return min(values)
        case tree.Or():
            return max(values)
        case tree.Not():
            return 1 - values[0]
        case tree.IsAbsent(operand=field):
            return int(asked[1].get(field.name) is None)
        case tree.Compare() | tree.In() | tree.Between() if _reads_nothing(node, asked[1]):
            return 0
        case tree.Compare(operator=operator):
            return _test(operator, *values)
        case tree.In():
            return max(_test("=", values[0], one) for one in values[1:])
        case tree.Between():
            return min(_test("<=", values[1], values[0]), _test("<=", values[0], values[2]))
    held = _value(node, *asked)
    if held is None and isinstance(node, tree.Field) and node.absent == "false":
        return 0
    return HALF if held is None else int(held)


def _test(operator: str, left: Any, right: Any) -> Any:
    if None in (left, right) or HALF in (left, right):
        return HALF
    signs = {"=": (0,), "<>": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[operator]
    sign = 0 if left == right else -1 if left < right else 1
    return int(sign in signs)


def _reads_nothing(node: tree.Node, row: Mapping[str, Value | None]) -> bool:
    """Whether a comparison reads an absent field of a closed world, other than inside a condition."""
    return any(
        below.absent == "false" and row.get(below.name) is None
        if isinstance(below, tree.Field)
        else _reads_nothing(below, row)
        for below in tree.children(node)
        if below.type is not Type.BOOLEAN
    )


def _value(node: tree.Node, rule: Expression, row: Mapping[str, Value | None], as_of: date) -> Any:
    """A fraction, a text, or None."""
    match node:
        case tree.Literal(value=value):
            return _plain(value)
        case tree.Field(name=name):
            return _plain(row.get(name))
        case tree.Parameter(name=name):
            held = [value for since, value, _ in rule.vocabulary.parameters[name].dated if since <= as_of]
            return _plain(held[-1]) if held else None
        case tree.AsOf():
            return _plain(as_of)
    values = [_value(one, rule, row, as_of) for one in tree.children(node)]
    return None if None in values else _reckoned(node, values)


def _reckoned(node: tree.Node, values: list[Any]) -> Any:
    match node:
        case tree.Negate():
            return 0 - values[0]
        case tree.DaysBetween():
            return values[1] - values[0]
        case tree.AddDays():
            found = values[0] + values[1]
            return found if 1 <= found <= date.max.toordinal() else None
        case tree.Least(greatest=greatest):
            return sorted(values)[-1 if greatest else 0]
        case tree.Arithmetic(operator=operator):
            left, right = values
            return {"+": left + right, "-": left - right, "*": left * right}[operator]
    raise AssertionError(node)


def _plain(value: Value | None) -> Any:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if value is None or isinstance(value, str) else Fraction(value)


@settings(max_examples=400, deadline=None)
@given(texts=st.lists(_RULES, min_size=1, max_size=3), row=ROWS, as_of=VALUES[Type.DATE])
def test_function_and_explanation_answer_as_a_plain_reading_does(
    texts: list[str], row: dict[str, Value | None], as_of: date
) -> None:
    rules = [parse(text, VOCABULARY) for text in texts]
    expected = tuple(plainly(one, row, as_of) for one in rules)
    assert compile_rules(rules)(row, as_of) == expected
    assert tuple(explain(one, row, as_of).value for one in rules) == expected


@settings(max_examples=200, deadline=None)
@given(text=_RULES)
def test_the_one_form_of_a_rule_means_the_same(text: str) -> None:
    rule = parse(text, VOCABULARY)
    again = parse(formatted(rule), VOCABULARY)
    assert formatted(again) == formatted(rule)
    assert digest(again) == digest(rule)


_TRUTHS = {"unknown": None, "yes": True, "no": False}


@pytest.mark.parametrize(("left", "right"), list(product(_TRUTHS, _TRUTHS)))
def test_the_tables_of_and_or_and_not_are_those_of_kleene(left: str, right: str) -> None:
    vocabulary = Vocabulary({"a": FieldType(Type.BOOLEAN), "b": FieldType(Type.BOOLEAN)})
    function = compile_rules([parse(text, vocabulary) for text in ("a and b", "a or b", "not a", "a = b")])
    values = [_TRUTHS[left], _TRUTHS[right]]
    both = False if False in values else None if None in values else True
    either = True if True in values else None if None in values else False
    alike = None if None in values else values[0] is values[1]
    refuted = None if values[0] is None else not values[0]
    assert function({"a": values[0], "b": values[1]}, DAY) == (both, either, refuted, alike)


def test_a_long_chain_is_answered_like_a_short_one() -> None:
    vocabulary = Vocabulary({"a": FieldType(Type.BOOLEAN), "b": FieldType(Type.BOOLEAN)})
    function = compile_rules([parse(" or ".join(["a"] * 300 + ["b"]), vocabulary)])
    assert [function(row, DAY)[0] for row in ({}, {"a": False}, {"a": False, "b": True}, {"a": False, "b": False})] == [
        None, None, True, False,
    ]  # fmt: skip


def test_numbers_are_exact_whatever_the_callers_context() -> None:
    vocabulary = Vocabulary({"a": FieldType(Type.DECIMAL), "b": FieldType(Type.DECIMAL)})
    texts = ("a * 0.001 > 999999999.999999", "-a = -999999999999.999999", "a + b - b = a", "a - 0.000001 < a")
    function = compile_rules([parse(text, vocabulary) for text in texts])
    with decimal.localcontext(decimal.Context(prec=3)):
        assert function({"a": Decimal("999999999999.999999"), "b": Decimal("0.000001")}, DAY) == (True,) * 4


def test_a_parameter_has_the_value_of_its_day_and_is_unknown_before_the_first() -> None:
    vocabulary = Vocabulary(
        {"n": FieldType(Type.INTEGER)},
        {"most": ParameterValues(Type.INTEGER, ((date(2020, 2, 1), 7, "a"), (date(2020, 3, 1), 14, "b")))},
    )
    function = compile_rules([parse("n <= most", vocabulary)])
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 29), date(2020, 3, 1)]
    assert [function({"n": 10}, day)[0] for day in days] == [None, False, False, True]


def test_many_days_are_asked_without_keeping_them_all() -> None:
    vocabulary = Vocabulary({"onset": FieldType(Type.DATE)})
    function = compile_rules([parse("days_between(onset, as_of) <= 14", vocabulary)])
    answers = [function({"onset": DAY}, DAY + timedelta(after))[0] for after in range(200)]
    assert answers == [after <= 14 for after in range(200)]
    assert len(function.__globals__["days"]) <= 64


def test_two_rules_of_one_set_do_not_disagree_about_a_parameter() -> None:
    rules = [
        parse("most > 1", Vocabulary({}, {"most": ParameterValues(Type.INTEGER, ((date.min, value, "a"),))}))
        for value in (7, 14)
    ]
    with pytest.raises(ValueError, match="most"):
        compile_rules(rules)


def test_an_amount_is_answered_too() -> None:
    vocabulary = Vocabulary({"months": FieldType(Type.INTEGER, "false")})
    function = compile_rules([parse("months * 1000.50", vocabulary, wants=Type.DECIMAL)])
    assert function({"months": 3}, DAY) == (Decimal("3001.50"),)
    assert function({}, DAY) == (None,)
