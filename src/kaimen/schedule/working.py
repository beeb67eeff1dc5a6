"""The two threads of a worker beside its tasks: one for what is done each second, one for jobs, which may take long."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from kaimen.kit import clock
from kaimen.schedule import runs
from kaimen.schedule.beats import beats
from kaimen.schedule.models import ScheduleRun

_SECOND = 1.0
_PATIENCE = 5.0  # seconds a job gets to end when the worker is asked to stop; then it is done again by the next

_log = logging.getLogger(__name__)


@contextmanager
def clockwork() -> Iterator[None]:
    """Beats and jobs, for as long as the context lasts."""
    works = Clockwork()
    threads = [threading.Thread(target=each, name=each.__name__, daemon=True) for each in (works.beat, works.jobs)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        works.stop.set()
        for thread in threads:
            thread.join(_PATIENCE)


class Clockwork:
    """What the two threads share."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.running: ScheduleRun | None = None
        self._said: dict[str, str] = {}

    def beat(self) -> None:
        """Each second: every beat, and a hold on the job that runs."""
        while not self.stop.wait(_SECOND):
            for name, work in beats().items():
                self._guarded(name, work)
            self._guarded("hold", self._hold_on)
        connections.close_all()

    def jobs(self) -> None:
        """Each second: note what is due, then do what there is, one after another."""
        while not self.stop.wait(_SECOND):
            self._guarded("jobs", self.once)
        connections.close_all()

    def once(self) -> None:
        """Do everything that is due now."""
        runs.note_due(clock.now())
        while not self.stop.is_set() and (run := runs.take()) is not None:
            self.running = run
            try:
                runs.do(run)
            finally:
                self.running = None

    def _hold_on(self) -> None:
        if (running := self.running) is not None:
            runs.hold_on(running)

    def _guarded(self, name: str, work: Callable[[], object]) -> None:
        """Nothing that fails stops the rest; the same trouble is said once, not every second."""
        try:
            work()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            if self._said.get(name) != said:
                _log.exception("%s failed; it is tried again", name)
            self._said[name] = said
            connections.close_all()  # the next attempt opens a fresh one
        else:
            self._said.pop(name, None)
