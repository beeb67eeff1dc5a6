"""Small counts in public: nothing that is shown, added or subtracted, comes to fewer people than it may."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.status.counted_apart import apart, more_than

counts = st.lists(st.integers(1, 8) | st.integers(1, 2000), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("cells", "told", "together"),
    [
        ([5, 4, 3], (5, 4, 3), 0),
        ([40, 1], (), 41),
        ([40, 6, 1], (40,), 7),
        ([40, 1, 1, 1], (40,), 3),
        ([40, 2, 1], (40,), 3),
        ([1], (), 1),
        ([1, 1], (), 2),
        ([], (), 0),
    ],
)
def test_what_is_few_stands_with_the_next_smallest(cells: list[int], told: tuple[int, ...], together: int) -> None:
    parted = apart(cells, int, 3)
    assert (parted.cells, parted.together) == (told, together)


@given(counts, st.integers(1, 9))
def test_totals_stay_exact(cells: list[int], least: int) -> None:
    parted = apart(cells, int, least)
    assert sum(parted.cells) + parted.together == sum(cells)
    assert apart(cells, int, 1).cells == tuple(sorted(cells, reverse=True))


@given(counts, st.integers(2, 9))
def test_no_sum_and_no_difference_of_what_is_shown_says_less_than_it_may(cells: list[int], least: int) -> None:
    """Where the total itself is fewer, the total is all there is."""
    parted = apart(cells, int, least)
    shown = [*parted.cells, *([parted.together] if parted.together else [])]
    if sum(cells) < least:
        assert shown == [sum(cells)]
        return
    for size in range(1, len(shown)):
        for some in combinations(shown, size):
            assert sum(some) >= least
            assert sum(cells) - sum(some) >= least


@given(counts, st.integers(2, 9))
def test_what_stands_together_is_several_or_all(cells: list[int], least: int) -> None:
    parted = apart(cells, int, least)
    assert not parted.together or len(cells) - len(parted.cells) > 1 or not parted.cells


@given(st.integers(20, 100_000), st.integers(1, 100), st.integers(2, 20))
def test_a_round_number_beside_a_total_leaves_room_for_more_than_a_few(big: int, small: int, least: int) -> None:
    """`small` was put together with `big`; whoever knows that big is more than the round number learns no `small`."""
    total = big + small
    at_most = total - (more_than(big, least) + 1)
    assert at_most >= min(small, total) + least - 1
    assert more_than(big, least) % 10 == 0
