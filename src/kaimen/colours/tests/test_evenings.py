"""Every evening has its picture, and no colour of a building is kept back for long."""

import pytest

from kaimen.colours.moments import DAY, MINUTE
from kaimen.colours.tests.board import DUE, SERIOUS, alarms, lived


def test_an_evening_that_was_left_out_is_found_at_the_next_picture() -> None:
    board = lived()
    board.freeze()
    board.freeze(evening=2)
    assert alarms(board) == ["picture-missing"]


def test_the_first_evening_may_not_be_left_out_either() -> None:
    board = lived()
    board.freeze(evening=1)
    assert alarms(board) == ["picture-missing"]


def test_a_machine_that_slept_makes_up_for_its_evenings_in_their_order() -> None:
    board = lived()
    board.now += 5 * DAY
    for evening in range(5):
        board.freeze(evening=evening)
    board.recolour()
    board.hours(2)
    assert alarms(board) == []


@pytest.mark.parametrize("frozen", [0, 1])
def test_a_log_that_goes_on_for_a_day_without_the_picture_of_an_evening_is_found(frozen: int) -> None:
    board = lived()
    for evening in range(frozen):
        board.freeze(evening=evening)
    board.now = board.beginning + DUE + frozen * DAY  # slept until then
    board.recolour()
    board.hours(23)
    assert alarms(board) == []
    board.hours(2)
    assert alarms(board) == ["picture-missing"]


def test_a_colour_that_is_kept_back_is_found_within_two_hours_though_no_other_changes() -> None:
    board = lived()
    board.inspect("lamp-tower", SERIOUS)
    board.now += 50 * MINUTE
    board.publish()
    assert alarms(board) == []
    board.hours(2, judging=False)
    assert alarms(board) == ["colour-missing"]


def test_a_colour_that_is_kept_back_while_another_changes_is_found_in_a_quarter_of_an_hour() -> None:
    board = lived()
    board.inspect("lamp-tower", SERIOUS)
    board.held["lamp-tower"] = ("red", 2, board.rules.digest)  # as if it had been logged
    board.inspect("ferry-house")
    board.recolour()
    board.now += 16 * MINUTE
    board.publish()
    assert alarms(board) == ["colour-missing"]
