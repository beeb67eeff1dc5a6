"""Clocks of cases: by the calendar, by the clock, by working days and hours of a city."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.cases.spans import Counting, Span, Unit
from kaimen.cases.trials import counting_of
from kaimen.kit.hours import Hours
from kaimen.packs import read_folder

PACK = read_folder(Path(__file__).resolve().parents[4] / "packs/qingdao-2020")
QINGDAO = counting_of(PACK)
SPANS = st.builds(
    lambda n, unit: Span.read(f"{n}{unit}" if unit in {"WD", "WH"} else f"P{n}D" if unit == "D" else f"PT{n}{unit}"),
    st.integers(1, 60), st.sampled_from(["WD", "WH", "D", "H", "M"]),
)  # fmt: skip
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2020, 11, 1)).map(lambda at: at.replace(tzinfo=QINGDAO.zone))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=QINGDAO.zone)


def due(start: str, span: str, counting: Counting = QINGDAO) -> str:
    return counting.due(at(start), Span.read(span)).at.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "span", "last"),
    [
        ("2020-01-23 10:00", "5WD", "2020-02-07 17:30"),  # across the holiday and its extension
        ("2020-03-13 16:00", "5WD", "2020-03-20 17:30"),
        ("2020-03-13 16:00", "1WD", "2020-03-16 17:30"),
        ("2026-09-18 09:00", "5WD", "2026-09-24 17:30"),  # a Sunday in between is worked
        ("2026-09-24 09:00", "20WD", "2026-10-29 17:30"),
        ("2020-02-10 09:00", "P60D", "2020-04-10 23:59"),
        ("2020-03-16 09:00", "PT4H", "2020-03-16 13:00"),
        ("2020-03-16 23:50", "PT30M", "2020-03-17 00:20"),
        ("2020-03-16 10:30", "4WH", "2020-03-16 16:00"),  # the lunch break does not count
        ("2020-03-13 16:40", "2WH", "2020-03-16 10:10"),  # nor the week-end
        ("2020-03-14 08:00", "1WH", "2020-03-16 10:00"),
        ("2020-03-16 09:00", "3WH", "2020-03-16 12:00"),
        ("2020-03-16 09:20", "same working day", "2020-03-16 17:30"),
        ("2020-03-16 17:30", "same working day", "2020-03-17 17:30"),
        ("2020-03-14 09:20", "same working day", "2020-03-16 17:30"),
    ],
)
def test_a_span_ends_when_the_calendar_says(start: str, span: str, last: str) -> None:
    assert due(start, span) == last


def test_a_period_of_law_runs_in_full_before_the_day_that_may_follow_it() -> None:
    earliest = QINGDAO.over(at("2020-03-12 10:00"), Span.read("P20D"))
    assert earliest.at == at("2020-04-01 00:00")


def test_a_span_that_runs_into_a_year_nobody_announced_is_provisional() -> None:
    assert not QINGDAO.due(at("2020-03-12 10:00"), Span.read("5WD")).provisional
    assert QINGDAO.due(at("2031-03-12 10:00"), Span.read("5WD")).provisional
    assert QINGDAO.due(at("2031-03-12 10:00"), Span.read("5WH")).provisional


def test_working_hours_without_office_hours_are_refused() -> None:
    nobody_said = Counting(QINGDAO.calendar, Hours(), QINGDAO.zone)
    with pytest.raises(ValueError, match="names no hours"):
        due("2020-03-16 10:30", "4WH", nobody_said)
    assert due("2020-03-16 10:30", "1WD", nobody_said) == "2020-03-17 23:59"


@pytest.mark.parametrize("text", ["", "20D", "P0D", "0WD", "P1M", "PT1S", "P1.5D", "5 WD", "Same working day", "P1D\n"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        Span.read(text)


@given(start=STARTS, span=SPANS)
def test_nothing_is_due_before_it_began_and_a_working_clock_ends_in_working_time(start: datetime, span: Span) -> None:
    end = QINGDAO.due(start, span).at
    assert end > start
    if span.unit in {Unit.WORKDAYS, Unit.WORKHOURS}:
        assert QINGDAO.calendar.is_workday(end.date())
        assert time(9) < end.time() <= time(17, 30)


@given(start=STARTS, later=st.timedeltas(timedelta(0), timedelta(31)), span=SPANS)
def test_who_begins_later_is_never_due_earlier(start: datetime, later: timedelta, span: Span) -> None:
    assert QINGDAO.due(start + later, span).at >= QINGDAO.due(start, span).at
