"""One node: its lists, its journal, its line to the centre, and the way of a scan through them."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen_gate.answers import answer
from kaimen_gate.centre import Centre
from kaimen_gate.colour_proof import Pins
from kaimen_gate.colours import Colours
from kaimen_gate.decide import Held, decide, remember
from kaimen_gate.enrolment import JOURNAL, LISTS, PINS, Enrolment
from kaimen_gate.journal import Journal
from kaimen_gate.lists import Lists
from kaimen_gate.memory import Memory
from kaimen_gate.outbox import Outbox
from kaimen_gate.override import NotOverridden, decide_override
from kaimen_gate.place_list import PlaceList
from kaimen_gate.reports import NotReported, decide_report
from kaimen_gate.scan import ByCard, ByCode, Decision, Overriding, Reporting, Scan
from kaimen_gate.scans import BadScan, read_scan
from kaimen_gate.service import Service
from kaimen_gate.sync import Holds, Sync
from kaimen_gate.wire import Entry
from kaimen_gate.writer import Writer

_LOG = logging.getLogger(__name__)
_MEASURED_FOR = 5.0  # seconds that a measure waits for its scan
_REMEMBERED = 4096  # scans; more than a gate sees in the time somebody goes back to a page

_UNREAD = {"no-list", "unknown-key", "left"}  # a list that came since may tell whose pass it is


class OtherScan(ValueError):
    """The id belongs to another scan than this one."""


class OutOfService(Exception):
    """The centre revoked this node: it decides nothing any more."""


class Node:
    """Decides. Everything it needs for that is on its own disk."""

    def __init__(self, data: Path, enrolment: Enrolment, key: SigningKey) -> None:
        """Read what is on disk. Raises sqlite3.Error, OSError, BadPins."""
        self.id = enrolment.node
        fresh = Event()
        self._lists = Lists(data / LISTS, enrolment.centre_key, enrolment.places)
        self._colours = Colours(data, Pins.kept_at(data / PINS), enrolment.centre_key)
        self._service = Service(data, self.id, enrolment.centre_key)
        self._journal = Journal.opened(data / JOURNAL, self.id)
        self._writer = Writer(self._journal, fresh.set)
        self._outbox = Outbox(self._journal, self._writer, self.id, key)
        self._memory, self._told = Memory(), 0
        self._measures: dict[str, tuple[int, float]] = {}  # place → tenths of a degree, and when, by the machine
        self.told: Callable[[Entry], None] | None = None  # whoever else wants to know what was decided
        for entry in self._journal.latest():
            self._remember(entry)
        self._named: dict[UUID, int] = {}  # whom each of the last scans named, as a hash that tells nobody's name
        holds = Holds(self._outbox, self._lists, self._colours, self._service)
        self._sync = Sync(self.id, Centre(enrolment.centre, key), holds, fresh)

    def start(self) -> None:
        """Begin to write and to speak to the centre."""
        self._writer.start()
        self._sync.start()

    def stop(self) -> None:
        """Write what is queued, then let go of the disk."""
        self._sync.stop()
        self._writer.stop()
        self._journal.close()

    async def scan(self, body: bytes) -> bytes:
        """The answer to a scan, once it is on disk.

        Raises OutOfService, BadScan, OtherScan, writer.Busy, journal.JournalFailed; then nothing was recorded.
        """
        if self._service.ended is not None:
            raise OutOfService
        scan = read_scan(body)
        if not self._lists.serves(scan.place):
            raise BadScan("This node does not stand at that place.", f"It stands at: {', '.join(self._lists.all())}.")
        decision = self._decided(self._measured_just_now(scan))
        entry = await self._writer.record(decision)
        if not _same(entry, decision) or not self._same_name(scan):
            raise OtherScan(str(scan.id))
        self._remember(entry)
        self._tell(entry)
        return answer(entry, self._lists.of(scan.place))

    def _tell(self, entry: Entry) -> None:
        """What is recorded is answered, whatever becomes of the word to a door."""
        if self.told is not None:
            try:
                self.told(entry)
            except Exception:
                _LOG.exception("the door was not told")

    def lift_gone(self, place: str) -> None:
        """A lift's controller says that it left: whoever boards now boards an empty one."""
        self._memory.lift_gone(place)

    def measured(self, place: str, temperature: int) -> None:
        """A thermometer measured whoever stands at `place`: tenths of a degree Celsius, for the next scan there."""
        self._measures[place] = temperature, monotonic()

    def _measured_just_now(self, scan: Scan) -> Scan:
        """The scan with the temperature that was measured for it, if one was: each measure is one person's."""
        measure = self._measures.get(scan.place)
        if measure is None or scan.temperature is not None or isinstance(scan.shown, Overriding | Reporting):
            return scan
        if scan.direction == "out" or self._journal.stored(scan.id) is not None:  # asked again: not the next person's
            return scan
        temperature, at = self._measures.pop(scan.place)
        return replace(scan, temperature=temperature) if monotonic() - at < _MEASURED_FOR else scan

    def _decided(self, scan: Scan) -> Decision:
        here, now = self._lists.of(scan.place), clock.now()
        if isinstance(scan.shown, Overriding):
            try:
                return decide_override(scan, self._journal.stored(scan.shown.after), here, now)
            except NotOverridden as error:
                raise BadScan(error.error, error.remedy) from error
        if isinstance(scan.shown, Reporting):
            first = self._journal.stored(scan.shown.after) if scan.shown.after else None
            try:
                return decide_report(scan, first, here, now)
            except NotReported as error:
                raise BadScan(error.error, error.remedy) from error
        others = [one for one in self._lists.all().values() if one is not None and one is not here]
        return decide(scan, Held(here, self._colours.held, others), now, self._memory)

    def _remember(self, entry: Entry) -> None:
        """Keep in mind what was recorded, once: an id that is sent again gets an entry of before."""
        if entry.seq > self._told:
            self._told = entry.seq
            remember(self._memory, entry, self._lists.of(entry.place))

    def _same_name(self, scan: Scan) -> bool:
        """Whether an id names whom it named before: a form sent again from an old page may hold another name."""
        if isinstance(scan.shown, ByCode | ByCard):
            return True
        first = self._named.setdefault(scan.id, hash(scan.shown))
        if len(self._named) > _REMEMBERED:
            del self._named[next(iter(self._named))]
        return first == hash(scan.shown)

    @property
    def places(self) -> list[str]:
        """The codes of the places it stands at."""
        return list(self._lists.all())

    def state(self) -> dict[str, Any]:
        """How this node is: what it holds, what it has not sent, whether the centre hears it."""
        return {
            "node": str(self.id),
            "now": clock.now().isoformat(timespec="milliseconds"),
            "places": [_place(code, held) for code, held in sorted(self._lists.all().items())],
            "colours": self._colours.state(clock.now()),
            "entries": self._journal.last,
            "unsent": self._outbox.unsent,
            "online": self._sync.online,
            "last_sync": self._sync.last.isoformat(timespec="milliseconds") if self._sync.last else None,
            "trouble": "; ".join(filter(None, (self._sync.trouble, self._colours.trouble(clock.now())))),
            "writing": self.writing,
            "revoked": self._service.ended.isoformat(timespec="milliseconds") if self._service.ended else None,
        }

    @property
    def writing(self) -> bool:
        """Whether the journal took the last thing it was given."""
        return not self._writer.failing


def _same(entry: Entry, decision: Decision) -> bool:
    """Whether a stored entry can be this scan's: its list may have changed since, what was asked may not."""
    scan = decision.scan
    asked = (entry.place, entry.direction, entry.how) == (scan.place, scan.direction, decision.how)
    if entry.override != decision.override:
        return False
    if scan.how in {"name", "manual"} or entry.index == decision.index:
        return asked
    unread = None in (entry.index, decision.index) and bool({entry.reason, decision.reason} & _UNREAD)
    return asked and unread


def _place(code: str, held: PlaceList | None) -> dict[str, Any]:
    if held is None:
        return {"code": code, "version": None, "made_at": None, "people": 0}
    made_at = held.made_at.isoformat(timespec="milliseconds")
    return {"code": code, "version": held.version, "made_at": made_at, "people": len(held)}
