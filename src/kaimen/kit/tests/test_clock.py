"""Time comes from one place, and a drill runs on its own."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from kaimen.kit import clock

MONDAY = datetime(2020, 3, 16, 7, 30, tzinfo=timezone(timedelta(hours=8)))


def test_a_frozen_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.frozen(MONDAY):
        assert clock.now() == MONDAY
        with clock.frozen(MONDAY + timedelta(hours=1)):
            assert clock.now() == MONDAY + timedelta(hours=1)
        assert clock.now() == MONDAY
    assert clock.now() > MONDAY + timedelta(days=365)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2020, 3, 16)):
        pass


def test_the_local_date_is_the_date_where_the_city_lies() -> None:
    with clock.frozen(datetime(2020, 3, 15, 16, 0, tzinfo=UTC)):
        assert clock.today(ZoneInfo("Asia/Shanghai")) == date(2020, 3, 16)
        assert clock.today(ZoneInfo("UTC")) == date(2020, 3, 15)


def test_a_drill_runs_as_many_times_as_fast_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    drill = clock.read_drill("2020-03-16T07:30:00+08:00@1000x20")
    assert drill is not None
    monkeypatch.setattr("time.time", lambda: 1060.0)
    assert drill.now() == MONDAY + timedelta(minutes=20)


def test_a_drill_reads_what_it_writes() -> None:
    drill = clock.Drill(MONDAY.astimezone(UTC), 1700000000.5, 20)
    assert clock.read_drill(drill.text()) == drill


def test_no_drill_is_real_time() -> None:
    assert clock.read_drill("") is None


@pytest.mark.parametrize("text", ["monday", "2020-03-16T07:30:00+08:00", "@1x2", "2020-03-16@xx", "2020-03-16@1xfast"])
def test_a_wrong_drill_says_how_it_should_read(text: str) -> None:
    with pytest.raises(ValueError, match="2020-03-16T07:30:00"):
        clock.read_drill(text)
