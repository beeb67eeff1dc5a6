"""Entries by quarter hour are drawn to scale."""

from hypothesis import given
from hypothesis import strategies as st

from kaimen.board.chart import BOTTOM, HEIGHT, chart

NINE = 9 * 4


def test_a_day_without_entries_still_has_a_scale_and_four_hours() -> None:
    drawn = chart([0] * 96, NINE)
    assert [row.text for row in drawn.rows] == ["0", "1", "2", "3", "4"]
    assert len(drawn.bars) == 16


def test_the_tallest_bar_never_leaves_the_drawing() -> None:
    quarters = [0] * 96
    quarters[NINE - 4] = 6_391
    drawn = chart(quarters, NINE)
    assert drawn.rows[-1].text == "8,000"
    assert max(bar.height for bar in drawn.bars) <= HEIGHT - BOTTOM - 12


@given(st.lists(st.integers(0, 10_000), min_size=96, max_size=96), st.integers(0, 95))
def test_bars_are_in_proportion_and_lose_nobody(quarters: list[int], now: int) -> None:
    quarters = [n if index <= now else 0 for index, n in enumerate(quarters)]
    drawn = chart(quarters, now)
    assert sum(bar.n for bar in drawn.bars) == sum(quarters)
    top = int(drawn.rows[-1].text.replace(",", ""))
    for bar in drawn.bars:
        assert abs(bar.height * top - bar.n * (HEIGHT - BOTTOM - 12)) < 0.01 * top
