"""Entries up, lists down, for as long as it takes. The gate never waits for this thread.

When the centre is away, the node tries again after a while that grows. How old its lists are is a number in every
answer, never an error.
"""

import logging
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic
from uuid import UUID

from kaimen.kit import clock
from kaimen_gate.centre import Centre, Refused, Unreachable
from kaimen_gate.colour_proof import NotProved
from kaimen_gate.colours import Colours
from kaimen_gate.lists import Lists
from kaimen_gate.outbox import Outbox
from kaimen_gate.service import Service
from kaimen_gate.wire import NotWire

_LOG = logging.getLogger(__name__)
POLL = 2.0  # seconds of the machine, not of a drill, between two looks at the centre's lists
GATHER = 0.2  # seconds between two batches, so that one carries a few people
COLOUR_POLL = 10.0  # seconds between two questions for a newer list of colours
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 10.0
_SILENT = 8.0  # seconds without an answer after which nobody should be told that the centre is there


@dataclass(frozen=True)
class Holds:
    """What a node has that goes up or comes down."""

    outbox: Outbox
    lists: Lists
    colours: Colours
    service: Service


class Sync:
    """The thread that speaks to the centre."""

    def __init__(self, node: UUID, centre: Centre, holds: Holds, fresh: Event) -> None:
        """`fresh` is set by whoever wrote new entries."""
        self._node, self._centre, self._fresh = node, centre, fresh
        self._outbox, self._lists, self._colours = holds.outbox, holds.lists, holds.colours
        self._service = holds.service
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="sync", daemon=True)
        self._looked = self._looked_for_colours = float("-inf")
        self._troubles: dict[str, str] = {}
        self._answers, self._answered_at = False, float("-inf")
        self.last: datetime | None = None  # when the centre last answered

    @property
    def online(self) -> bool:
        """Whether the centre answers. A cable that was pulled out says nothing: silence tells it before a question
        under way gives up.
        """
        return self._answers and monotonic() - self._answered_at < _SILENT

    @property
    def trouble(self) -> str:
        """What keeps this node from being up to date, in one line; empty when nothing does."""
        return "; ".join(self._troubles.values())

    def start(self) -> None:
        """Begin; a node that is out of service has nothing to say to the centre."""
        if self._service.ended is None:
            self._thread.start()
        else:
            self._end()

    def stop(self) -> None:
        """End soon; what was not sent is sent after the next start."""
        self._stopping.set()
        self._fresh.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=5)

    def _work(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            self._fresh.clear()
            if self._went_well(self._exchange):
                wait = _FIRST_WAIT
                if self._fresh.wait(POLL):
                    self._stopping.wait(GATHER)
            else:
                self._answers = False
                self._stopping.wait(wait * (0.5 + secrets.randbelow(500) / 1000))
                wait = min(wait * 2, _LONGEST_WAIT)
        self._centre.close()

    def _exchange(self) -> None:
        """Send everything; look for newer lists if it is time."""
        while not self._stopping.is_set() and (batch := self._outbox.batch()) is not None:
            self._send(batch)
        if monotonic() - self._looked >= POLL:
            self._look()
            self._looked = monotonic()

    def _send(self, batch: bytes) -> None:
        try:
            self._outbox.acknowledged(self._centre.take(batch))
        except Refused as refused:
            acknowledged = refused.said.get("acknowledged")
            if refused.status != 409 or type(acknowledged) is not int or not self._outbox.missing(acknowledged):
                raise
        self._heard()

    def _look(self) -> None:
        standing = self._centre.standing(self._node)
        self._outbox.centre_holds(standing.acknowledged)
        for place, version in standing.lists.items():
            self._lists.stands_at(place)
            held = self._lists.of(place)
            if held is None or held.version != version:
                self._fetch(place)
        self._heard()
        if monotonic() - self._looked_for_colours >= COLOUR_POLL:
            self._look_for_colours()
            self._looked_for_colours = monotonic()

    def _look_for_colours(self) -> None:
        """A newer list, where a place asks for colours and this node knows whom to believe."""
        pins, held, wanted = self._colours.pins, self._colours.held, self._lists.asks_for_colours()
        if wanted is False:
            self._colours.let_go()
        if pins is None or not wanted:
            return
        try:
            if data := self._centre.colours(self._node, held.as_of if held else None, pins):
                self._colours.take(data)
        except (NotProved, Refused) as error:
            self._is_ill("colours", f"the list of colours is refused: {error}")
        else:
            self._is_well("colours")

    def _fetch(self, place: str) -> None:
        """One list that cannot be had keeps no other back."""
        try:
            self._lists.take(place, self._centre.list_of(self._node, place))
        except (NotWire, Refused) as error:
            self._is_ill(place, f"no newer list of {place}: {error}")
        else:
            self._is_well(place)

    def _heard(self) -> None:
        self._answers, self._answered_at, self.last = True, monotonic(), clock.now()

    def _went_well(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Unreachable as error:
            self._is_ill("centre", f"the centre cannot be reached: {error}")
        except (Refused, sqlite3.Error) as error:
            self._is_ill("centre", str(error))
            if isinstance(error, Refused) and self._service.ends(error.said):
                self._end()
        except Exception as error:  # this thread must outlive a mistake of ours
            _LOG.exception("the exchange with the centre went wrong")
            self._is_ill("centre", f"{type(error).__name__}: {error}")
        else:
            self._is_well("centre")
            return True
        return False

    def _end(self) -> None:
        """Out of service: names go at once; what was not sent stays in the journal, for whoever fetches the machine."""
        self._stopping.set()
        self._lists.forget()
        self._colours.let_go()
        self._is_ill("centre", f"taken out of service by the centre; {self._outbox.unsent} entries are not there yet")

    def _is_ill(self, what: str, trouble: str) -> None:
        """Told once, when it begins or changes; shown until it is over."""
        if self._troubles.get(what) != trouble:
            _LOG.warning("%s", trouble)
        self._troubles = self._troubles | {what: trouble}

    def _is_well(self, what: str) -> None:
        if what in self._troubles:
            _LOG.warning("%s: well again", what)
            self._troubles = {other: trouble for other, trouble in self._troubles.items() if other != what}
