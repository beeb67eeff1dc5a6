"""Due times become rows, a row is taken by one worker, and what fails is tried again.

Two clocks: what is due is asked of `kit.clock`, so that a drill's evening comes at the drill's speed; who holds a row,
and how long to wait after a failure, is real time.

A clock that was wrong comes back. Rows of a time that lies ahead say so: they keep nothing from being done now, and are
deleted, so that their job is done when that time really comes.
"""

import logging
import time
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from kaimen.kit import clock
from kaimen.schedule.jobs import jobs
from kaimen.schedule.models import ScheduleRun

HOLD = timedelta(minutes=1)  # renewed while the work goes on; whoever dies loses it after this
_FIRST_WAIT, _LONGEST_WAIT = 5, 600  # seconds between attempts
KEPT = timedelta(days=30)
AHEAD = timedelta(minutes=5)  # how far the clocks of two workers may stand apart

_log = logging.getLogger(__name__)


def note_due(now: datetime) -> None:
    """Make a row for each time that has come since the last. A job new to this installation begins with the next."""
    ScheduleRun.objects.filter(due_at__gt=now + AHEAD).delete()
    newest = dict(ScheduleRun.objects.values_list("job").annotate(Max("due_at")))
    rows = []
    for one in jobs():
        if one.name in newest:
            rows += [ScheduleRun(job=one.name, due_at=due) for due in one.missed(newest[one.name], now)]
        else:
            passed = ScheduleRun.Outcome.PASSED_OVER
            rows.append(ScheduleRun(job=one.name, due_at=one.last_due(now), ended_at=now, outcome=passed))
    if rows:
        ScheduleRun.objects.bulk_create(rows, ignore_conflicts=True)
    _pass_over(now)


def _pass_over(now: datetime) -> None:
    """Leave out what a later time of the same job has taken the place of, unless it runs just now."""
    later = ScheduleRun.objects.filter(job=OuterRef("job"), due_at__gt=OuterRef("due_at"))
    lasts = [one.name for one in jobs() if one.catch_up == "last"]
    waiting = ScheduleRun.objects.filter(Exists(later), ended_at=None, job__in=lasts).exclude(_running())
    if keys := list(waiting.values_list("pk", flat=True)):
        passed = ScheduleRun.Outcome.PASSED_OVER
        ScheduleRun.objects.filter(pk__in=keys, ended_at=None).update(ended_at=now, outcome=passed)


def take() -> ScheduleRun | None:
    """The next row to do, held by whoever asked; None when there is nothing to do."""
    free = Q(held_until=None) | Q(held_until__lt=_real_now())
    names = [one.name for one in jobs()]
    return next((run for run in ScheduleRun.objects.filter(free, ended_at=None, job__in=names) if _held(run)), None)


def _held(run: ScheduleRun) -> bool:
    """Take hold of a row as it was read; another time of the same job that runs now comes first."""
    beside = ScheduleRun.objects.filter(_running(), job=run.job, ended_at=None).exclude(pk=run.pk)
    unchanged = ScheduleRun.objects.filter(~Exists(beside), pk=run.pk, attempts=run.attempts, ended_at=None)
    run.attempts += 1
    return bool(unchanged.update(attempts=run.attempts, held_until=_real_now() + HOLD, trouble=""))


def hold_on(run: ScheduleRun) -> None:
    """Keep a row whose work still goes on."""
    _mine(run).update(held_until=_real_now() + HOLD)


def do(run: ScheduleRun) -> bool:
    """Do the work of a row that is held; whether it succeeded. What it raises is logged, and it is tried again."""
    work = next(one for one in jobs() if one.name == run.job).work
    try:
        work(run.due_at)
    except (Exception, SystemExit) as error:  # a command that ends its process ends no worker's thread
        _log.exception("The job %s, due at %s, failed; it is tried again", run.job, run.due_at)
        wait = timedelta(seconds=min(_FIRST_WAIT * 2 ** min(run.attempts - 1, 20), _LONGEST_WAIT))
        _mine(run).update(trouble=type(error).__name__[:120], held_until=_real_now() + wait)
        return False
    _mine(run).update(ended_at=clock.now(), outcome=ScheduleRun.Outcome.DONE, trouble="")
    return True


def late(now: datetime, patience: timedelta) -> list[str]:
    """The jobs that were due longer than `patience` (of the clock) ago and are not done.

    Before a worker has ever run here, that is all of them.
    """
    by = now - patience
    come = ScheduleRun.objects.filter(due_at__lte=now + AHEAD)
    ended = dict(come.exclude(ended_at=None).values_list("job").annotate(Max("due_at")))
    stuck = set(ScheduleRun.objects.filter(ended_at=None, due_at__lt=by).values_list("job", flat=True))
    return [
        one.name for one in jobs() if one.name not in ended or one.name in stuck or ended[one.name] < one.last_due(by)
    ]


def forget(now: datetime) -> int:
    """Delete what ended long ago, but never the last of a job; gives how many."""
    newest = ScheduleRun.objects.filter(job=OuterRef("job"), due_at__gt=OuterRef("due_at"))
    old = ScheduleRun.objects.filter(Exists(newest), ended_at__lt=now - KEPT)
    count, _ = ScheduleRun.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:50_000])).delete()
    return count


def _running() -> Q:
    """What somebody works on now: it is held, and not because it failed."""
    return Q(attempts__gt=0, trouble="", held_until__gt=_real_now())


def _mine(run: ScheduleRun) -> QuerySet[ScheduleRun]:
    """The row, unless another worker took it meanwhile."""
    return ScheduleRun.objects.filter(pk=run.pk, attempts=run.attempts, ended_at=None)


def _real_now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
