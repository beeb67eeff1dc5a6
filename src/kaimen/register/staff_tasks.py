"""Forgetting: what a list said goes after a day, whether or not anybody comes back to it."""

import time
from datetime import UTC, datetime, timedelta

from django_tasks import task

from kaimen.kit import clock
from kaimen.register.staff_models import KEPT, StaffList


def forget_old() -> int:
    """Delete lists nobody confirmed within a day, and the wrong rows that taken ones left. How many."""
    old = StaffList.objects.filter(made_at__lte=clock.now() - KEPT, content__isnull=False)
    dropped, _by_model = old.filter(taken=None).delete()
    return dropped + old.update(content=None)


@task()
def forget() -> int:
    """The worker's turn."""
    return forget_old()


def forget_in_time() -> None:
    """Have the worker look again when what was brought now is a day old. A drill's day is shorter: its clock runs."""
    day = timedelta(seconds=KEPT.total_seconds() / clock.speed()) + timedelta(minutes=1)
    forget.using(run_after=datetime.fromtimestamp(time.time(), UTC) + day).enqueue()
