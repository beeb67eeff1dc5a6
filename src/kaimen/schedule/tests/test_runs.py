"""Each due time is done once, by one worker, in spite of failures, crashes and sleep."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from kaimen.kit import clock
from kaimen.schedule import jobs, runs
from kaimen.schedule.jobs import job
from kaimen.schedule.models import ScheduleRun
from kaimen.schedule.working import Clockwork

pytestmark = pytest.mark.django_db
NOON = datetime(2020, 3, 16, 4, tzinfo=UTC)
Done = list[datetime]


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No jobs but a test's own."""
    monkeypatch.setattr(jobs, "_jobs", {})


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`real(by)`: real time goes on by so much, whatever the clock does."""
    now = [NOON]
    monkeypatch.setattr(runs, "_real_now", lambda: now[0])

    def pass_(by: timedelta) -> None:
        now[0] += by

    return pass_


def _work_at(at: datetime) -> None:
    with clock.frozen(at):
        Clockwork().once()


def _minutes(done: Done, name: str = "minutes", **options: object) -> None:
    job(name, every=60, **options)(done.append)  # type: ignore[arg-type]


def test_a_job_begins_with_its_next_time_not_with_the_past() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    _work_at(NOON + timedelta(seconds=30))
    assert done == []
    _work_at(NOON + timedelta(seconds=60))
    _work_at(NOON + timedelta(seconds=61))
    assert done == [NOON + timedelta(minutes=1)]


def test_times_slept_through_are_done_each_once_the_first_first() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    _work_at(NOON)
    _work_at(NOON + timedelta(minutes=5))
    assert done == [NOON + timedelta(minutes=n) for n in range(1, 6)]


def test_who_wants_the_last_only_gets_the_last() -> None:
    done: Done = []
    _minutes(done)
    _work_at(NOON)
    _work_at(NOON + timedelta(hours=5))
    assert done == [NOON + timedelta(hours=5)]


def test_a_failing_job_is_tried_again_and_stops_nobody(real: Callable[[timedelta], None]) -> None:
    done: Done = []
    fails = [True]

    def first(due_at: datetime) -> None:
        if fails[0]:
            raise OSError("no disk")
        done.append(due_at)

    job("a-first", every=60)(first)
    _minutes(done)
    _work_at(NOON)
    _work_at(NOON + timedelta(minutes=1))
    assert done == [NOON + timedelta(minutes=1)]
    run = ScheduleRun.objects.get(job="a-first", ended_at=None)
    assert (run.attempts, run.trouble) == (1, "OSError")
    fails[0] = False
    _work_at(NOON + timedelta(minutes=1))
    assert len(done) == 1, "it was tried again at once"
    real(timedelta(seconds=6))
    _work_at(NOON + timedelta(minutes=1))
    assert len(done) == 2
    assert not ScheduleRun.objects.filter(ended_at=None).exists()


def test_a_later_time_takes_the_place_of_one_that_fails() -> None:
    def never(_due_at: datetime) -> None:
        raise OSError("no disk")

    job("never", every=60)(never)
    for minute in range(3):
        _work_at(NOON + timedelta(minutes=minute))
    open_ = ScheduleRun.objects.filter(ended_at=None)
    assert [run.due_at for run in open_] == [NOON + timedelta(minutes=2)]


def test_what_a_dead_worker_held_is_taken_by_another(real: Callable[[timedelta], None]) -> None:
    done: Done = []
    _minutes(done)
    _work_at(NOON)
    with clock.frozen(NOON + timedelta(minutes=1)):
        runs.note_due(clock.now())
        dead = runs.take()
    assert dead is not None
    assert runs.take() is None
    real(runs.HOLD - timedelta(seconds=1))
    runs.hold_on(dead)
    real(timedelta(seconds=30))
    assert runs.take() is None, "taken from a worker that lives"
    real(runs.HOLD)
    _work_at(NOON + timedelta(minutes=1))
    assert done == [NOON + timedelta(minutes=1)]
    assert runs.do(dead), "the slow one ends after all"
    assert ScheduleRun.objects.get(pk=dead.pk).attempts == 2, "what the other wrote stays"


def test_a_job_does_not_run_beside_itself() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    _work_at(NOON)
    runs.note_due(NOON + timedelta(minutes=2))
    assert runs.take() is not None
    assert runs.take() is None


def test_a_clock_put_back_does_nothing_twice() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    for minute in (0, 2, 1, 2, 3):
        _work_at(NOON + timedelta(minutes=minute))
    assert done == [NOON + timedelta(minutes=n) for n in (1, 2, 3)]


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_time_once() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    _work_at(NOON)

    def work() -> None:
        try:
            Clockwork().once()
        finally:
            connections.close_all()

    with clock.frozen(NOON + timedelta(minutes=30)):
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sorted(done) == [NOON + timedelta(minutes=n) for n in range(1, 31)]


def test_a_job_that_is_behind_is_named() -> None:
    done: Done = []
    _minutes(done)
    patience = timedelta(minutes=2)
    assert runs.late(NOON, patience) == ["minutes"], "no worker has ever run"
    _work_at(NOON)
    assert runs.late(NOON + timedelta(minutes=2, seconds=59), patience) == []
    assert runs.late(NOON + timedelta(minutes=3), patience) == ["minutes"]
    _work_at(NOON + timedelta(minutes=3))
    assert runs.late(NOON + timedelta(minutes=3), patience) == []


def test_a_missed_time_that_fails_is_named_though_later_ones_were_done() -> None:
    def bad_minute(due_at: datetime) -> None:
        if due_at == NOON + timedelta(minutes=1):
            raise OSError("no disk")

    job("minutes", every=60, catch_up="every")(bad_minute)
    _work_at(NOON)
    _work_at(NOON + timedelta(minutes=1))
    _work_at(NOON + timedelta(minutes=4))
    assert runs.late(NOON + timedelta(minutes=4), timedelta(minutes=2)) == ["minutes"]


def test_what_ended_long_ago_is_forgotten_but_not_the_last() -> None:
    done: Done = []
    _minutes(done, catch_up="every")
    _work_at(NOON)
    _work_at(NOON + timedelta(minutes=3))
    assert runs.forget(NOON + runs.KEPT) == 0
    assert runs.forget(NOON + runs.KEPT + timedelta(minutes=10)) == 3
    _work_at(NOON + timedelta(minutes=3))
    assert len(done) == 3


def test_a_clock_that_was_ahead_keeps_nothing_from_being_done_when_its_time_comes() -> None:
    done: Done = []
    job("evening", at="22:00", catch_up="every")(done.append)
    _work_at(NOON)
    _work_at(NOON + timedelta(days=3))
    ahead = list(done)
    assert len(ahead) == 3
    _work_at(NOON + timedelta(minutes=1))  # it was set right
    assert runs.late(NOON + timedelta(minutes=1), timedelta(minutes=5)) == []
    _work_at(NOON + timedelta(hours=11))
    assert done == [*ahead, ahead[0]]


def test_what_ran_ahead_does_not_hide_that_nothing_is_done() -> None:
    job("evening", at="22:00")(lambda _due_at: None)
    _work_at(NOON)
    _work_at(NOON + timedelta(days=3))
    assert runs.late(NOON + timedelta(days=1), timedelta(minutes=5)) == ["evening"]


def test_a_job_that_wants_to_end_the_process_ends_no_thread() -> None:
    ends: Done = []

    @job("leaves", every=60)
    def leaves(due_at: datetime) -> None:
        ends.append(due_at)
        raise SystemExit(2)

    done: Done = []
    _minutes(done)
    _work_at(NOON)
    _work_at(NOON + timedelta(minutes=1))
    assert (len(ends), len(done)) == (1, 1)
    assert ScheduleRun.objects.get(job="leaves", ended_at=None).trouble == "SystemExit"
