"""What is a rule, what is none, and what is said about it."""

from datetime import date
from decimal import Decimal

import pytest

from kaimen.rules import FieldType, ParameterValues, RuleRefused, Type, Vocabulary, explain, parse, tree
from kaimen.rules.limits import DEEPEST, LONGEST_TEXT, MOST_OPTIONS, MOST_REFUSALS, MOST_TOKENS
from kaimen.rules.wording import WORDINGS

VOCABULARY = Vocabulary(
    {
        "fever": FieldType(Type.BOOLEAN),
        "n": FieldType(Type.INTEGER),
        "temperature": FieldType(Type.DECIMAL),
        "onset": FieldType(Type.DATE),
        "contact": FieldType(Type.DATE, "false"),
        "code": FieldType(Type.STRING),
        "firm.insured": FieldType(Type.BOOLEAN, "false"),
        "date": FieldType(Type.DATE),
    },
    {"most": ParameterValues(Type.INTEGER, ((date(2020, 1, 1), 14, "notice 1"),))},
)


def refused(text: str, wants: Type = Type.BOOLEAN) -> RuleRefused:
    """How a text is refused."""
    with pytest.raises(RuleRefused) as caught:
        parse(text, VOCABULARY, wants)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "temperature >= 37.3 or (fever and days_between(onset, as_of) <= 14)",
        "n = 1",
        "fever",
        "NOT fever AND n IN (1, 2) Or code Not In ('H1')",
        "n == 1 and n != 2 and n <> 3",
        "temperature > 37",
        "n < 37.5",
        "n in (1, 1.5)",
        "temperature in (37, -1)",
        "n between -1 and most",
        "onset not between DATE '2020-01-01' and as_of",
        "date is null or date = date '2020-02-29'",
        "firm.insured = true and fever <> false",
        "add_days(onset, 14) > as_of",
        "least(n, most, 3) * 2 - -1 = 5",
        "greatest(onset, contact) <= as_of",
        "- n + (-3) * -(n) <= 0",
        "code = 'O''Neil 重点'",
        "(n > 3) = fever",
        " \n\tfever\r\n ",
        "true",
    ],
)
def test_what_a_pack_writer_writes_is_a_rule(text: str) -> None:
    assert parse(text, VOCABULARY).tree.type is Type.BOOLEAN


# text · the part that is refused · code
REFUSED = [
    ("'1' < n", "'1' < n", "types-differ"),
    ("onset = DATE '2025-02-30'", "'2025-02-30'", "no-such-day"),
    ("onset = DATE '0000-01-01'", "'0000-01-01'", "no-such-day"),
    ("onset > '2020-03-16'", "onset > '2020-03-16'", "types-differ"),
    ("n = NULL", "NULL", "null"),
    ("code in ('H1', NULL)", "NULL", "null"),
    ("null is null", "null", "null"),
    ("n < 1e400", "1e400", "number-form"),
    ("n < 10000000000000000", "10000000000000000", "number-too-large"),
    ("temperature < 0.1234567890123", "0.1234567890123", "number-too-large"),
    ("n < .5", ".5", "number-form"),
    ("n < 5.", "5.", "number-form"),
    ("code = 007", "007", "number-form"),
    ("n", "n", "not-boolean"),
    ("n + 1", "n + 1", "not-boolean"),
    ("fever and code", "code", "not-boolean"),
    ("not onset", "onset", "not-boolean"),
    ("fever > true", "fever > true", "no-order"),
    ("code <= 'H1'", "code <= 'H1'", "no-order"),
    ("code between 'a' and 'b'", "code between 'a' and 'b'", "no-order"),
    ("fever = 1", "fever = 1", "types-differ"),
    ("code + 1 > 2", "code", "not-a-number"),
    ("-fever", "fever", "not-a-number"),
    ("onset - 1 < as_of", "onset", "not-a-number"),
    ("days_between(onset, n) > 1", "n", "not-a-date"),
    ("add_days(onset, 1.5) > as_of", "1.5", "not-days"),
    ("least(n, onset) > 1", "n, onset", "types-differ"),
    ("least(code, 'a') = 'a'", "code", "not-rankable"),
    ("least(n) > 1", "least(n)", "argument-count"),
    ("days_between() > 1", "days_between()", "argument-count"),
    ("days_between > 1", "days_between", "function-without-call"),
    ("random() > 1", "random", "no-such-function"),
    ("coalesce(n, 0) > 1", "coalesce", "no-such-function"),
    ("temprature > 1", "temprature", "no-such-name"),
    ("N > 1", "N", "no-such-name"),
    ("n is 3", "3", "is-what"),
    ("fever is true", "true", "is-what"),
    ("most is null", "most", "null-of"),
    ("n in ()", ")", "empty-list"),
    ("n in (most)", "most", "not-an-option"),
    ("n in (n + 1)", "n + 1", "not-an-option"),
    ("n in (1, 'x')", "n in (1, 'x'", "types-differ"),
    ("fever in (true)", "fever in (true)", "no-list-of"),
    ("1 < n < 5", "<", "chained"),
    ("fever = fever = fever", "=", "chained"),
    ("n between 1 and 2 between 3 and 4", "between", "chained"),
    ("fever = not fever", "not", "wanted"),
    ("n >", "", "wanted"),
    ("n not 3", "3", "wanted"),
    ("(fever", "(", "unclosed-parenthesis"),
    ("fever)", ")", "unopened"),
    ("fever fever", "fever", "unexpected"),
    ("fever; drop table person", ";", "strange"),
    ("n--1 = 2", "--", "strange"),
    ("n / 2 > 1", "/", "strange"),
    ('code = "H1"', '"', "strange"),
    ("code = 'H1", "'", "unclosed"),
    ("code = 'a\u200bb'", "\u200b", "invisible"),
    ("temperature＞＝３７．３", "＞＝３７．３", "wide"),
    ("体温 > 1", "体温", "unknown-letters"),
    ("", "", "empty"),
    (" \n ", "", "empty"),
    ("add_days(onset, n * 10000) > as_of", "n * 10000", "result-too-large"),
    ("n * n * n > 1", "n * n * n", "result-too-large"),
    ("temperature * temperature * 0.1 > 1", "temperature * temperature * 0.1", "result-too-large"),
    ("n * n * 999999 in (1.5, 2)", "n * n * 999999 in (1.5, 2)", "result-too-large"),
    ("code = '" + "x" * 201 + "'", "'" + "x" * 201 + "'", "string-too-long"),
    ("x" * (LONGEST_TEXT + 1), "x", "too-long"),
    ("n " * (MOST_TOKENS + 1), "n ", "too-many-tokens"),
    ("(" * (DEEPEST + 1) + "fever" + ")" * (DEEPEST + 1), "(", "too-deep"),
    ("not " * (DEEPEST + 1) + "fever", "not", "too-deep"),
    ("-" + " -" * DEEPEST + " n > 1", "-", "too-deep"),
    ("+".join(["n"] * (DEEPEST + 2)) + " > 1", "+".join(["n"] * (DEEPEST + 1)), "too-deep"),
    (f"n in ({', '.join(['1'] * (MOST_OPTIONS + 1))})", "1", "too-many-options"),
]


@pytest.mark.parametrize(("text", "part", "code"), REFUSED, ids=lambda value: value[:30])
def test_what_is_no_rule_is_refused_where_it_goes_wrong(text: str, part: str, code: str) -> None:
    first = refused(text).refusals[0]
    assert (first.code, text[first.span.start : first.span.end]) == (code, part)


def test_every_complaint_about_a_text_is_met() -> None:
    of_edges = {
        "wrong-name",
        "name-twice",
        "dates-of-parameter",
        "wrong-value",
        "day-needed",
        "wrong-line",
        "not-wanted",
    }
    assert {code for _, _, code in REFUSED} == WORDINGS.keys() - of_edges


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("'1' < n", "数不加引号", "Write the number without quotes"),
        ("onset > '2020-03-16'", "DATE '2020-03-16'", "Write DATE '2020-03-16'"),
        ("n = null", "n is null", "n is null"),
        ("temprature > 1", "是不是要写 temperature？", "Do you mean temperature?"),
        ("Fever", "是不是要写 fever？", "Do you mean fever?"),
        ("days_betwen(onset, as_of) > 1", "是不是要写 days_between？", "Do you mean days_between?"),
        ("temperature＞＝３７．３", "写成 >=37.3", "Write >=37.3"),
        ("n　> 1", "半角空格", "a plain space"),
        ("code = 007", "'007'", "'007'"),
        ("n > .5", "0.5", "0.5"),
        ("fever && fever", "写 and", "Write and"),
        ("onset + 14 > as_of", "add_days", "add_days"),
    ],
)
def test_a_refusal_says_what_would_be_right_in_both_languages(text: str, zh: str, en: str) -> None:
    first = refused(text).refusals[0]
    assert zh in first.to("zh-hans")
    assert en in first.to("en")


def test_all_mistakes_of_meaning_are_told_at_once_in_the_order_of_the_text() -> None:
    found = refused("temprature > 1 and code\nand '1' < n and fever > true").refusals
    assert [(one.code, one.line, one.column) for one in found] == [
        ("no-such-name", 1, 1), ("not-boolean", 1, 20), ("types-differ", 2, 5), ("no-order", 2, 17),
    ]  # fmt: skip
    assert str(refused("\n  n")).startswith("line 2, column 3: ")


def test_one_mistake_is_not_told_as_many() -> None:
    assert [one.code for one in refused("not (days_between(unset, as_of) + 1 > 3 and fever) or fever").refusals] == [
        "no-such-name"
    ]


def test_not_more_mistakes_are_told_than_anybody_reads() -> None:
    assert len(refused(" and ".join(["n"] * 100)).refusals) == MOST_REFUSALS


def test_a_message_repeats_nothing_that_commands_a_terminal() -> None:
    assert str(refused("fever \x1b[2J \u202e").refusals[0].message.en).isprintable()


def test_an_amount_may_be_asked_for() -> None:
    assert parse("n + 1", VOCABULARY, wants=Type.DECIMAL).tree.type is Type.INTEGER
    assert refused("temperature", Type.INTEGER).refusals[0].code == "not-wanted"
    assert refused("fever", Type.DATE).refusals[0].code == "not-wanted"


def test_the_places_of_parts_are_exact() -> None:
    text = "( fever and n > -1 ) or code not in ('a', 'b')"
    part = explain(parse(text, VOCABULARY), {}, date(2020, 3, 16))
    texts = []

    def collect(one: object) -> None:
        texts.append(one.text)  # type: ignore[attr-defined]
        for below in one.parts:  # type: ignore[attr-defined]
            collect(below)

    collect(part)
    assert texts == [
        text, "fever and n > -1", "fever", "n > -1", "n", "-1",
        "code not in ('a', 'b')", "code not in ('a', 'b')", "code", "'a'", "'b'",
    ]  # fmt: skip


def test_a_minus_before_a_number_is_its_sign_and_decimals_keep_their_places() -> None:
    assert parse("temperature = -37.30", VOCABULARY).tree == tree.Compare(
        "=",
        tree.Field("temperature", Type.DECIMAL, "unknown", tree.Span(0, 11)),
        tree.Literal(Decimal("-37.30"), Type.DECIMAL, tree.Span(14, 20)),
        tree.Span(0, 20),
    )


def test_whole_numbers_in_a_list_for_a_decimal_are_decimals() -> None:
    found = parse("temperature in (37)", VOCABULARY).tree
    assert isinstance(found, tree.In)
    assert found.options[0].type is Type.DECIMAL


def test_a_parameter_is_as_large_as_its_values() -> None:
    rate = ParameterValues(Type.DECIMAL, ((date.min, Decimal("0.8"), "notice 2"),))
    fields = {"wage": FieldType(Type.DECIMAL)}
    assert parse("wage * rate * rate >= 1000", Vocabulary(fields, {"rate": rate})).tree.type is Type.BOOLEAN
    rate = ParameterValues(Type.DECIMAL, (*rate.dated, (date(2020, 1, 1), Decimal("0.812345"), "notice 3")))
    with pytest.raises(RuleRefused, match="18 of them places"):
        parse("wage * rate * rate >= 1000", Vocabulary(fields, {"rate": rate}))
