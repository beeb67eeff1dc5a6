"""Numbers of the sample hold in every check, and can be nobody's."""

import re
from datetime import date

import pytest

from kaimen.demo import numbers
from kaimen.register import identifiers

# What libphonenumber knew as Chinese mobile numbers: no range begins with 154.
ASSIGNED = re.compile(r"1740[0-5]\d{6}|1(?:[38]\d|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])\d{8}")


@pytest.mark.parametrize("drawn", [0, 1, 498, 499, 123_456, numbers.ID_ROOM - 1])
@pytest.mark.parametrize("man", [True, False])
def test_an_id_number_has_the_right_check_character_and_no_district(drawn: int, man: bool) -> None:
    number = numbers.national_id("370299", drawn, man=man)
    read = identifiers.national_id(number, today=date(2020, 3, 16))
    assert read.number == number
    assert number.startswith("370299")
    assert int(number[16]) % 2 == man  # odd for men, as on every card
    assert 18 <= (date(2020, 3, 16) - read.birth_date).days / 365.25 <= 60


def test_every_draw_is_another_number() -> None:
    some = range(0, numbers.ID_ROOM, 997)
    assert len({numbers.national_id("370299", drawn, man=True) for drawn in some}) == len(some)


@pytest.mark.parametrize("drawn", [0, 31, 987_654, numbers.USCC_ROOM - 1])
def test_a_credit_code_has_the_right_check_character(drawn: int) -> None:
    code = numbers.uscc("370299", drawn)
    assert identifiers.uscc(code) == code
    assert code[2:8] == "370299"


@pytest.mark.parametrize("drawn", [0, 5, numbers.PHONE_ROOM - 1])
def test_a_phone_number_reads_well_and_no_operator_has_it(drawn: int) -> None:
    number = numbers.phone("154", drawn)
    assert identifiers.phone(number, mobile_only=True) == number
    assert not ASSIGNED.fullmatch(number)
