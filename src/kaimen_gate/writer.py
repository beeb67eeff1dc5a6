"""One thread that writes, one commit for everything that queued while the last one was on its way to the disk."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from kaimen_gate.journal import Journal, JournalFailed
from kaimen_gate.scan import Decision
from kaimen_gate.wire import Entry

_LOG = logging.getLogger(__name__)
CAPACITY = 2048  # scans that may wait; beyond it a gate is told at once to try again
_TOGETHER = 512  # scans in one commit


class Busy(Exception):
    """More scans wait than the disk takes in good time."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    decision: Decision
    answer: "asyncio.Future[Entry]"


@dataclass(frozen=True, slots=True)
class _Acknowledged:
    seq: int


class Writer:
    """Takes decisions from an event loop and gives entries back once they are on disk."""

    def __init__(self, journal: Journal, written: Callable[[], None], capacity: int = CAPACITY) -> None:
        """`written` is called on the writer's thread after each commit of new entries."""
        self._journal, self._written, self._capacity = journal, written, capacity
        self._queue: SimpleQueue[list[_Waiting] | _Acknowledged | None] = SimpleQueue()
        self._waiting = 0  # this and the next only touched on the event loop
        self._gathered: list[_Waiting] = []
        self._thread = Thread(target=self._work, name="journal", daemon=True)
        self.failing = False

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued, then end."""
        self._queue.put(None)
        self._thread.join()

    async def record(self, decision: Decision) -> Entry:
        """The entry of `decision`, on disk. Raises Busy, JournalFailed; then nothing was recorded."""
        if self._waiting >= self._capacity:
            raise Busy(f"{self._waiting} scans wait for the disk")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Entry] = loop.create_future()
        self._waiting += 1
        self._gathered.append(_Waiting(decision, answer))
        if len(self._gathered) == 1:
            loop.call_soon(self._hand_over)
        try:
            return await answer
        finally:
            self._waiting -= 1

    def _hand_over(self) -> None:
        """Whoever came in one turn of the loop shares a commit: one by one, commits would eat the time of decisions."""
        gathered, self._gathered = self._gathered, []
        self._queue.put(gathered)

    def acknowledge(self, seq: int) -> None:
        """Note, with the next commit, that the centre holds everything up to `seq`."""
        self._queue.put(_Acknowledged(seq))

    def _work(self) -> None:
        going = True
        while going:
            together = self._next()
            going = None not in together
            waiting = [one for gathered in together if isinstance(gathered, list) for one in gathered]
            if waiting:
                self._write(waiting)
            seqs = [one.seq for one in together if isinstance(one, _Acknowledged)]
            if seqs:
                self._note(seqs[-1])

    def _next(self) -> list[list[_Waiting] | _Acknowledged | None]:
        together = [self._queue.get()]
        while together[-1] is not None and len(together) < _TOGETHER:
            try:
                together.append(self._queue.get_nowait())
            except Empty:
                break
        return together

    def _write(self, waiting: list[_Waiting]) -> None:
        outcome: list[Entry] | Exception
        try:
            outcome = self._journal.append([one.decision for one in waiting])
        except Exception as error:  # whatever it was, the door gets an answer and the thread goes on
            outcome = error
        self._tell(isinstance(outcome, Exception), outcome)
        loop = waiting[0].answer.get_loop()
        loop.call_soon_threadsafe(_settle, [one.answer for one in waiting], outcome)
        if not self.failing:
            self._written()

    def _note(self, seq: int) -> None:
        try:
            self._journal.acknowledge(seq)
        except JournalFailed as error:  # the centre will say it again
            _LOG.warning("not noted that the centre holds %d entries: %s", seq, error)

    def _tell(self, failing: bool, outcome: object) -> None:
        if failing and not self.failing:
            _LOG.error("the journal takes nothing: %s", outcome)
        elif self.failing and not failing:
            _LOG.warning("the journal writes again")
        self.failing = failing


def _settle(answers: "list[asyncio.Future[Entry]]", outcome: list[Entry] | Exception) -> None:
    for at, answer in enumerate(answers):
        if answer.done():  # the gate hung up
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(JournalFailed(str(outcome)))
        else:
            answer.set_result(outcome[at])
