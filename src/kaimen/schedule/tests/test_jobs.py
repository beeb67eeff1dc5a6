"""When a job is due, and which of the times it missed it wants."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaimen.schedule import jobs
from kaimen.schedule.jobs import Job, job

NOON = datetime(2020, 3, 16, 4, tzinfo=UTC)  # twelve in Shanghai


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No jobs but a test's own."""
    monkeypatch.setattr(jobs, "_jobs", {})


def _job(**times: Any) -> Job:
    job("one", **times)(lambda _due_at: None)
    return jobs.jobs()[0]


def test_a_local_time_is_due_once_a_day() -> None:
    evening = _job(at="22:00", catch_up="every")
    assert evening.last_due(NOON) == datetime(2020, 3, 15, 14, tzinfo=UTC)
    assert evening.last_due(NOON.replace(hour=14)) == NOON.replace(hour=14)
    assert evening.missed(NOON, NOON + timedelta(days=3)) == [NOON.replace(day=day, hour=14) for day in (16, 17, 18)]


def test_a_local_time_keeps_to_the_wall_clock_when_summer_time_begins(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    evening = _job(at="22:00", catch_up="every")
    before = datetime(2020, 3, 28, 12, tzinfo=UTC)  # the clocks were put forward in the night to the 29th
    assert [due.hour for due in evening.missed(before, before + timedelta(days=2))] == [21, 20]


def test_a_time_the_wall_clock_leaves_out_still_comes_once_that_day(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    night = _job(at="02:30", catch_up="every")
    assert len(night.missed(datetime(2020, 3, 28, 12, tzinfo=UTC), datetime(2020, 3, 30, 12, tzinfo=UTC))) == 2


def test_a_period_is_due_at_its_multiples() -> None:
    minute = _job(every=60, catch_up="every")
    since = NOON + timedelta(seconds=30)
    assert minute.last_due(since) == NOON
    assert minute.missed(since, since + timedelta(minutes=2)) == [NOON + timedelta(minutes=n) for n in (1, 2)]


def test_who_wants_the_last_time_only_gets_one_after_a_long_sleep() -> None:
    assert _job(every=60).missed(NOON, NOON + timedelta(days=9)) == [NOON + timedelta(days=9)]


def test_nothing_is_missed_when_the_clock_was_put_back() -> None:
    assert _job(every=60, catch_up="every").missed(NOON, NOON - timedelta(hours=1)) == []


@pytest.mark.parametrize("times", [{}, {"every": 60, "at": "22:00"}, {"every": 0.5}, {"at": "25:00"}])
def test_a_job_without_a_time_that_comes_is_refused(times: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs every|hour must be"):
        job("one", **times)


def test_a_name_is_given_once() -> None:
    _job(every=60)
    with pytest.raises(ValueError, match="already"):
        _job(every=60)
