"""A rate is computed, never typed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kaimen.kit.rates import Rate

AT = datetime(2020, 3, 15, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [(8327, 10083, "82.58"), (523, 523, "100.00"), (43, 48, "89.58"), (77, 111, "69.37"), (0, 7, "0.00")],
)
def test_the_figures_of_the_page_come_out_as_they_should(numerator: int, denominator: int, percent: str) -> None:
    assert Rate(numerator, denominator, AT).percent() == Decimal(percent)


def test_a_population_of_nobody_has_no_rate() -> None:
    assert Rate(0, 0, AT).percent() is None


def test_halves_are_rounded_up_not_to_the_even_digit() -> None:
    assert Rate(1, 8, AT).percent() == Decimal("12.50")
    assert Rate(125, 1000, AT).percent(0) == Decimal("13")
