"""The one form of a rule, and the digest of what it means."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kaimen.rules import Expression, FieldType, ParameterValues, Type, Vocabulary, digest, formatted, parse

VOCABULARY = Vocabulary(
    {
        **{name: FieldType(Type.BOOLEAN) for name in "abc"},
        "n": FieldType(Type.INTEGER),
        "x": FieldType(Type.DECIMAL),
        "d": FieldType(Type.DATE),
        "code": FieldType(Type.STRING),
    },
    {"most": ParameterValues(Type.INTEGER, ((date(2020, 1, 1), 14, "notice 1"),))},
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a  AND\n( b )", "a and b"),
        ("((a)) or (b and c)", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a and (b and c)", "a and (b and c)"),
        ("a or (b or c)", "a or (b or c)"),
        ("not(a)", "not a"),
        ("not (a and b)", "not (a and b)"),
        ("not not a", "not not a"),
        ("not n in (1,2)", "n not in (1, 2)"),
        ("not n not between 1 and 2", "not n not between 1 and 2"),
        ("not d is null", "d is not null"),
        ("n==1", "n = 1"),
        ("n!=1", "n <> 1"),
        ("n-(1-2)*3>=-(-1)", "n - (1 - 2) * 3 >= -(-1)"),
        ("(n-1)-2 > 0", "n - 1 - 2 > 0"),
        ("n-(n-1) > n+(n*2)", "n - (n - 1) > n + n * 2"),
        ("- n * 2 > n - -1", "-n * 2 > n - -1"),
        ("-(n * 2) > -(-n)", "-(n * 2) > -(-n)"),
        ("(a = b) = (c or a)", "(a = b) = (c or a)"),
        ("x>37.30", "x > 37.30"),
        ("x in (37)", "x in (37.0)"),
        ("d<Date'2020-03-16'", "d < DATE '2020-03-16'"),
        ("code='O''Neil'", "code = 'O''Neil'"),
        ("LEAST(n,most,3)>Days_Between(d,AS_OF)", "least(n, most, 3) > days_between(d, as_of)"),
        ("a = TRUE", "a = true"),
    ],
)
def test_a_rule_has_one_form(text: str, form: str) -> None:
    assert formatted(parse(text, VOCABULARY)) == form
    assert formatted(parse(form, VOCABULARY)) == form


def test_layout_does_not_change_the_digest() -> None:
    assert digest(parse("n>most AND(a)", VOCABULARY)) == digest(parse("n > most and a", VOCABULARY))


def _with(**changes: object) -> Expression:
    return parse("n > most and a", replace(VOCABULARY, **changes))  # type: ignore[arg-type]


def test_whatever_can_change_an_answer_changes_the_digest() -> None:
    def most(*dated: tuple[date, int, str]) -> dict[str, ParameterValues]:
        return {"most": ParameterValues(Type.INTEGER, dated)}

    fields = VOCABULARY.fields
    first = (date(2020, 1, 1), 14, "notice 1")
    rules = [
        _with(),
        parse("n >= most and a", VOCABULARY),
        parse("a and n > most", VOCABULARY),
        _with(fields={**fields, "a": FieldType(Type.BOOLEAN, "false")}),
        _with(fields={**fields, "n": FieldType(Type.DECIMAL)}),
        _with(parameters=most((date(2020, 1, 1), 15, "notice 1"))),
        _with(parameters=most((date(2020, 1, 2), 14, "notice 1"))),
        _with(parameters=most((date(2020, 1, 1), 14, "notice 2"))),
        _with(parameters=most(first, (date(2020, 2, 1), 7, "notice 3"))),
        _with(parameters={"most": ParameterValues(Type.DECIMAL, ((date(2020, 1, 1), Decimal(14), "notice 1"),))}),
    ]
    assert len({digest(one) for one in rules}) == len(rules)


def test_what_the_rule_does_not_read_makes_no_difference() -> None:
    assert digest(_with(fields={**VOCABULARY.fields, "more": FieldType(Type.DATE)})) == digest(_with())
