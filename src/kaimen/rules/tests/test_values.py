"""Values and names are checked where they come in."""

import decimal
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kaimen.rules import (
    FieldType,
    ParameterValues,
    Type,
    ValueRefused,
    Vocabulary,
    VocabularyRefused,
    read_row,
    read_value,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (Type.BOOLEAN, False, False),
        (Type.INTEGER, -(10**16) + 1, -(10**16) + 1),
        (Type.DECIMAL, "37.30", Decimal("37.3")),
        (Type.DECIMAL, Decimal("1E+2"), Decimal(100)),
        (Type.DECIMAL, Decimal("0E-30"), Decimal(0)),
        (Type.DECIMAL, Decimal("1.50000000"), Decimal("1.5")),
        (Type.DECIMAL, 37, Decimal(37)),
        (Type.DECIMAL, "-999999999999.999999", Decimal("-999999999999.999999")),
        (Type.STRING, "重点", "重点"),
        (Type.STRING, "", ""),
        (Type.DATE, "0001-01-01", date.min),
        (Type.DATE, date.max, date.max),
        (Type.DATE, None, None),
    ],
)
def test_a_value_of_the_right_type_is_read(kind: Type, value: object, read: object) -> None:
    found = read_value("x", value, kind)
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Type.BOOLEAN, 1),
        (Type.BOOLEAN, "true"),
        (Type.INTEGER, True),
        (Type.INTEGER, 10**16),
        (Type.INTEGER, "3"),
        (Type.INTEGER, Decimal(3)),
        (Type.DECIMAL, 37.3),
        (Type.DECIMAL, True),
        (Type.DECIMAL, Decimal("NaN")),
        (Type.DECIMAL, Decimal("Infinity")),
        (Type.DECIMAL, Decimal("1E+999999")),
        (Type.DECIMAL, Decimal("1E-999999")),
        (Type.DECIMAL, "0.0000001"),
        (Type.DECIMAL, "1000000000000"),
        (Type.DECIMAL, 10**40),
        (Type.DECIMAL, "1e3"),
        (Type.DECIMAL, "３７"),
        (Type.DECIMAL, " 1"),
        (Type.STRING, 1),
        (Type.STRING, "a\x00b"),
        (Type.STRING, "\ud800"),
        (Type.STRING, "x" * 1001),
        (Type.DATE, "2025-02-30"),
        (Type.DATE, "20200316"),
        (Type.DATE, "2020-3-16"),
        (Type.DATE, datetime(2020, 3, 16, tzinfo=UTC)),
        (Type.DATE, [2020]),
    ],
)
def test_a_value_of_another_type_is_refused_by_name_in_both_languages(kind: Type, value: object) -> None:
    with pytest.raises(ValueRefused, match="The value of staff") as caught:
        read_row({"staff": value}, {"staff": kind})
    assert caught.value.name == "staff"
    assert "staff 的值" in caught.value.message.zh
    assert caught.value.remedy.zh


def test_a_row_lacks_what_is_null_or_not_there_and_may_hold_more() -> None:
    types = {"a": Type.BOOLEAN, "b": Type.DATE}
    assert read_row({"a": None, "other": object()}, types) == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("value", "written"),
    [("1E+2", "100"), ("1.50000000", "1.5"), ("37.30", "37.30"), ("-0.0", "-0.0"), ("0E+9", "0"), ("1.2E+3", "1200")],
)
def test_a_decimal_is_kept_with_its_places_and_without_an_exponent(value: str, written: str) -> None:
    with decimal.localcontext(decimal.Context(prec=2)):
        assert str(read_value("x", Decimal(value), Type.DECIMAL)) == written


def test_a_decimal_with_too_many_places_is_not_rounded_into_one() -> None:
    with pytest.raises(ValueRefused, match="6 places at most"):
        read_value("x", "1." + "0" * 39 + "1", Type.DECIMAL)


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.", ".a", "a..b", "体温", "a b", "and", "NULL", "as_of", "x" * 61])
def test_a_name_no_rule_could_write_is_refused(name: str) -> None:
    with pytest.raises(VocabularyRefused, match="cannot be a name"):
        Vocabulary({name: FieldType(Type.BOOLEAN)})


@pytest.mark.parametrize("name", ["a", "_", "firm.insured", "date", "least", "DATE", "x" * 60])
def test_a_name_may_look_like_a_function(name: str) -> None:
    assert Vocabulary({name: FieldType(Type.BOOLEAN)}).types == {name: Type.BOOLEAN}


def test_a_name_stands_for_one_thing() -> None:
    with pytest.raises(VocabularyRefused, match="both a field and a parameter"):
        Vocabulary({"n": FieldType(Type.INTEGER)}, {"n": ParameterValues(Type.INTEGER, ())})


def test_the_values_of_a_parameter_are_of_its_type_and_in_order() -> None:
    first, second = (date(2020, 1, 1), 7, "a"), (date(2020, 2, 1), 14, "b")
    for dated in ((second, first), (first, first)):
        with pytest.raises(VocabularyRefused, match="out of order"):
            Vocabulary({}, {"n": ParameterValues(Type.INTEGER, dated)})
    for kind in (Type.STRING, Type.DATE, Type.BOOLEAN):
        with pytest.raises(ValueRefused, match="n, 7, is not"):
            Vocabulary({}, {"n": ParameterValues(kind, (first,))})
    with pytest.raises(ValueRefused, match="is not a decimal"):
        Vocabulary({}, {"n": ParameterValues(Type.DECIMAL, ((date.min, "1.5", "a"),))})


def test_a_parameter_says_where_its_value_is_written() -> None:
    most = ParameterValues(Type.INTEGER, ((date(2020, 1, 1), 7, "notice 1"), (date(2020, 2, 1), 14, "notice 2")))
    assert [most.source_at(date(2020, month, 1)) for month in (1, 2)] == ["notice 1", "notice 2"]
    assert most.source_at(date(2019, 12, 31)) == ""
