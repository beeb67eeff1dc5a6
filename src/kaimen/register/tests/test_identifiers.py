"""Identifiers: what is read, what is refused, and in which words."""

import string
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kaimen.register import identifiers
from kaimen.register.identifiers import NotAnIdentifier, given_name, national_id, person_name, phone, uscc

DAY = date(2020, 3, 16)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _with_check(body: str) -> str:
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize(
    "number",
    [
        "370202199001011237", "370213199001011236", "370214199001011232", "370215199001011239",
        "370282199001011239", "11010519491231002X", "370299199001011236",
    ],
)  # fmt: skip
def test_numbers_whose_checksum_holds_are_read_whatever_their_district(number: str) -> None:
    assert national_id(number, DAY).number == number
    assert national_id(number, DAY).warnings == ()


@pytest.mark.parametrize(
    "typed",
    [
        "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x", "\u200b110105\u00a019491231\u3000002X\ufeff",
        "110105194912\t31002x\n",
    ],
)  # fmt: skip
def test_full_width_digits_spaces_invisible_characters_and_a_small_x_do_not_matter(typed: str) -> None:
    assert national_id(typed, DAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", "checksum"),
        ("37029919900101123", "length"),
        ("3702991990010112366", "length"),
        ("370299900101123", "old-form"),
        ("37029919900101123O", "characters"),
        ("3702991990O1011236", "characters"),
        ("3.70299199001011E+17", "lost-digits"),
        ("", "length"),
        ("三七〇二九九", "characters"),
        (_with_check("37029919900230123"), "birth-date"),
        (_with_check("37029920200317123"), "birth-date"),
        (_with_check("37029900000101123"), "birth-date"),
    ],
)
def test_what_is_no_id_number_is_refused_with_what_would_be_right(typed: str, reason: str) -> None:
    with pytest.raises(NotAnIdentifier) as refusal:
        national_id(typed, DAY)
    assert refusal.value.reason == reason
    with translation.override("en"):
        assert len(str(refusal.value.message)) > 10
        assert len(str(refusal.value.remedy)) > 10


def test_somebody_born_today_is_read_and_somebody_born_tomorrow_is_not() -> None:
    assert national_id(_with_check("37029920200316123"), DAY).birth_date == DAY
    with pytest.raises(NotAnIdentifier) as refusal:
        national_id(_with_check("37029920200317123"), DAY)
    assert refusal.value.reason == "birth-date"


def test_an_area_code_of_no_province_is_a_doubt_and_not_an_error() -> None:
    read = national_id(_with_check("99990119900101123"), DAY)
    assert "999901" in str(read.warnings[0])


def test_somebody_older_than_120_is_a_doubt_and_not_an_error() -> None:
    assert "1890" in str(national_id(_with_check("37029918900101123"), DAY).warnings[0])


@given(st.dates(date(1900, 1, 1), date(2020, 3, 1)), st.integers(0, 999), st.integers(0, 17), st.data())
def test_a_single_changed_character_is_always_caught(born: date, serial: int, at: int, data: st.DataObject) -> None:
    number = _with_check(f"370299{born:%Y%m%d}{serial:03}")
    other = data.draw(st.sampled_from([c for c in ("0123456789X" if at == 17 else string.digits) if c != number[at]]))
    with pytest.raises(NotAnIdentifier):
        national_id(number[:at] + other + number[at + 1 :], DAY)


@given(st.dates(date(1900, 1, 1), date(2020, 3, 1)), st.integers(0, 999), st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_always_caught(born: date, serial: int, at: int) -> None:
    number = _with_check(f"370299{born:%Y%m%d}{serial:03}")
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        with pytest.raises(NotAnIdentifier):
            national_id(swapped, DAY)


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    for read in (national_id, uscc, phone, person_name):
        try:
            read(text)
        except NotAnIdentifier as refusal:
            assert str(refusal)  # noqa: PT017 — either answer is right, an answer there must be


def test_a_credit_code_is_read_and_its_letter_o_for_a_zero_is_named() -> None:
    assert uscc("91350100m000100y43") == "91350100M000100Y43"
    with pytest.raises(NotAnIdentifier) as refusal:
        uscc("9135010OM000100Y43")
    assert "O" in str(refusal.value.message)


@given(st.integers(0, 17), st.data())
def test_a_changed_character_of_a_credit_code_is_always_caught(at: int, data: st.DataObject) -> None:
    code, alphabet = "91350100M000100Y43", "0123456789ABCDEFGHJKLMNPQRTUWXY"
    other = data.draw(st.sampled_from([c for c in alphabet if c != code[at]]))
    with pytest.raises(NotAnIdentifier):
        uscc(code[:at] + other + code[at + 1 :])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800000000", "13800000000"), ("138 0000 0000", "13800000000"), ("138-0000-0000", "13800000000"),
        ("+86 138 0000 0000", "13800000000"), ("008613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0532-88880000", "053288880000"), ("(010) 66660000", "01066660000"),
    ],
)  # fmt: skip
def test_phones_are_read_as_people_write_them(typed: str, number: str) -> None:
    assert phone(typed) == number


@pytest.mark.parametrize(
    "typed", ["1380000000", "138000000000", "12800000000", "88880000", "+1 202 555 0100", "", "电话"]
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(NotAnIdentifier):
        phone(typed)


def test_where_a_text_message_must_arrive_a_landline_is_refused_by_name() -> None:
    with pytest.raises(NotAnIdentifier) as refusal:
        phone("0532-88880000", mobile_only=True)
    assert refusal.value.reason == "landline"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 王芳 ", "王芳"), ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Anna  Müller-Lüdenscheidt", "Anna Müller-Lüdenscheidt"),
        ("O’Neil", "O’Neil"), ("𠮷田", "𠮷田"), ("王\u200b芳", "王芳"), ("〇一", "〇一"),
    ],
)  # fmt: skip
def test_names_of_every_kind_are_read(typed: str, name: str) -> None:
    assert person_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "王芳1", "王芳😀", "<b>王芳</b>", "'; DROP TABLE person; --", "王\x00芳", "", "  ", "···", "王" * 61,
        "王芳=1+1", "王/芳",
    ],
)  # fmt: skip
def test_what_belongs_in_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NotAnIdentifier) as refusal:
        person_name(typed)
    assert "\x00" not in str(refusal.value)


def test_a_letter_turned_around_by_an_invisible_mark_is_the_letter() -> None:
    assert person_name("王\u202e芳") == "王芳"


@pytest.mark.parametrize(
    ("name", "given_"), [("王芳", "芳"), ("欧阳震华", "震华"), ("欧阳", "阳"), ("Wang Fang", "Fang"), ("王", "")]
)
def test_a_given_name_is_what_follows_the_family_name(name: str, given_: str) -> None:
    assert given_name(name) == given_


def test_a_refusal_speaks_the_language_of_its_reader_even_when_read_later() -> None:
    with translation.override("en"), pytest.raises(NotAnIdentifier) as refusal:
        national_id("37029919900101123", DAY)
    with translation.override("en"):
        assert "17 characters" in str(refusal.value)
    with translation.override("zh-hans"):
        assert "17" in str(refusal.value.message)


def test_normalising_twice_changes_nothing() -> None:
    assert identifiers.normalise(identifiers.normalise(" １x ")) == "1X"
