"""A rule as DuckDB SQL: from the tree only, and so that nothing in it overflows or depends on a setting."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from kaimen.rules import FieldType, ParameterValues, Type, Vocabulary, parse
from kaimen.rules.sql import COLUMNS, Asked, NotSql, name_sql, text_sql, to_sql
from kaimen.rules.tree import Arithmetic, Compare, Field, Literal, Node, Parameter, Span

NOWHERE = Span(0, 0)
DAY = date(2020, 3, 16)
VOCABULARY = Vocabulary(
    {
        "n": FieldType(Type.INTEGER), "x": FieldType(Type.DECIMAL), "code": FieldType(Type.STRING),
        "onset": FieldType(Type.DATE), "flag": FieldType(Type.BOOLEAN), "visits": FieldType(Type.INTEGER, "false"),
    },
    {"fever": ParameterValues(Type.DECIMAL, ((date(2020, 1, 25), Decimal("37.3"), "notice 1"),))},
)  # fmt: skip


def sql_of(when: str, wants: Type = Type.BOOLEAN) -> str:
    return to_sql(parse(when, VOCABULARY, wants).tree, Asked.on(DAY, VOCABULARY.parameters))


def answer(sql: str, *settings: str, **row: object) -> Any:
    """What DuckDB makes of an expression over one row."""
    with duckdb.connect() as database:
        for setting in settings:
            database.execute(setting)
        columns = ", ".join(f"{name_sql(name)} {COLUMNS[one.type]}" for name, one in VOCABULARY.fields.items())
        database.execute(f"CREATE TABLE given ({columns})")
        database.execute(
            f"INSERT INTO given VALUES ({','.join('?' * 6)})", [row.get(name) for name in VOCABULARY.fields]
        )
        [(value,)] = database.execute(f"SELECT {sql} FROM given").fetchall()
    return value


def test_a_rule_reads_like_itself() -> None:
    assert sql_of("x >= fever and flag") == """(("x" >= CAST('37.3' AS DECIMAL(18,6))) AND "flag")"""
    assert sql_of("onset <= as_of") == """("onset" <= DATE '2020-03-16')"""


def test_names_and_texts_are_quoted_whatever_stands_in_them() -> None:
    spoiled = 'n" = 1; DROP TABLE given; --'
    field = Field(spoiled, Type.STRING, "unknown", NOWHERE)
    literal = Literal("'; DROP TABLE given; --", Type.STRING, NOWHERE)
    sql = to_sql(Compare("=", field, literal, NOWHERE), Asked(DAY, {}))
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE given ({name_sql(spoiled)} VARCHAR)")
        database.execute("INSERT INTO given VALUES (?)", ["'; DROP TABLE given; --"])
        assert database.execute(f"SELECT {sql} FROM given").fetchall() == [(True,)]
        assert database.execute("SELECT count(*) FROM given").fetchall() == [(1,)]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_a_text_that_cannot_stand_in_sql_is_refused(text: str) -> None:
    with pytest.raises(NotSql):
        text_sql(text)


def test_the_largest_numbers_do_not_overflow() -> None:
    most, largest = 10**16 - 1, Decimal("999999999999.999999")
    assert answer(sql_of("n * n * 100000", Type.INTEGER), n=most) == most * most * 100_000
    assert answer(sql_of("x * 9999999.999", Type.DECIMAL), x=largest) == Decimal("9999999998999999990.000000001")
    assert answer(sql_of("x * n > 0"), x=largest, n=most) is True
    assert answer(sql_of("x * x", Type.DECIMAL), x=largest) == Decimal("999999999999999998000000.000000000001")
    assert answer(sql_of("n * n > x and n * n + n > x"), x=largest, n=most) is True
    assert answer(sql_of("x * 21474836490.5 < 0"), x=-largest) is True
    assert answer(sql_of("-x - x - x < x"), x=largest) is True


def test_a_number_no_engine_holds_is_refused() -> None:
    field = Field("x", Type.DECIMAL, "unknown", NOWHERE)
    square = Arithmetic("*", field, field, Type.DECIMAL, NOWHERE)  # twelve places
    cube = Arithmetic("*", square, field, Type.DECIMAL, NOWHERE)
    with pytest.raises(NotSql, match="54 digits, 18 of them decimal places"):
        to_sql(cube, Asked(DAY, {}))


@pytest.mark.parametrize("tree", [
    Compare("=", Literal("1", Type.STRING, NOWHERE), Literal(1, Type.INTEGER, NOWHERE), NOWHERE),
    Arithmetic("+", Literal(1, Type.INTEGER, NOWHERE), Literal("1", Type.STRING, NOWHERE), Type.INTEGER, NOWHERE),
    Compare("<", Literal(DAY, Type.DATE, NOWHERE), Field("flag", Type.BOOLEAN, "unknown", NOWHERE), NOWHERE),
])  # fmt: skip
def test_values_that_do_not_meet_are_refused(tree: Node) -> None:
    with pytest.raises((NotSql, TypeError)):
        to_sql(tree, Asked(DAY, {}))


def test_a_parameter_before_its_first_day_is_unknown() -> None:
    tree = Parameter("fever", Type.DECIMAL, NOWHERE)
    early = Asked.on(date(2020, 1, 24), VOCABULARY.parameters)
    assert answer(to_sql(tree, early)) is None
    assert answer(to_sql(tree, Asked.on(date(2020, 1, 25), VOCABULARY.parameters))) == Decimal("37.3")


def test_least_is_unknown_when_one_of_its_values_is() -> None:
    assert answer(sql_of("least(n, visits)", Type.INTEGER), n=3) is None
    assert answer(sql_of("least(n, visits)", Type.INTEGER), n=3, visits=4) == 3


def test_days_past_the_calendar_are_unknown_and_no_error() -> None:
    assert answer(sql_of("add_days(onset, n) > as_of"), onset=DAY, n=10**16 - 1) is None
    assert answer(sql_of("add_days(onset, n)", Type.DATE), onset=date(9999, 12, 30), n=1) == date.max
    assert answer(sql_of("add_days(onset, n)", Type.DATE), onset=date(9999, 12, 30), n=2) is None


def test_text_is_compared_as_it_is_whatever_the_database_is_set_to() -> None:
    for setting in ("SET default_collation = 'nocase'", "SET default_collation = 'noaccent'"):
        assert answer(sql_of("code = 'h1'"), setting, code="H1") is False
        assert answer(sql_of("code in ('h1', 'é')"), setting, code="e") is False


def test_nested_added_days_stay_short() -> None:
    when = "onset"
    for _ in range(20):
        when = f"add_days({when}, n)"
    assert len(sql_of(f"{when} > as_of")) < 60_000
    assert answer(sql_of(f"{when} > as_of"), onset=DAY, n=1) is True
