"""The colours a node holds: the last list that proved itself, on disk, until a newer one does. It grows old, in sight.

What does not prove itself is refused with its reason, and never takes the place of a good one. A node that nobody told
whom to believe (`kaimen-gate trust`) holds no colours, and decides without.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from kaimen.kit.keys import PublicKey
from kaimen.kit.whole_file import write_whole
from kaimen_gate.colour_proof import ColourList, NotProved, Pins, proved

_LOG = logging.getLogger(__name__)
_BEHIND = 120  # seconds: as far apart as the clocks of a log and its witnesses may be
_LIST, _MARK = "colours.list", "colours.newest"


class Colours:
    """One list for the whole city, swapped by a single reference."""

    def __init__(self, folder: Path, pins: Pins | None, centre: PublicKey) -> None:
        """Read what is on disk; what does not prove itself any more counts as not there."""
        self._folder, self._centre = folder, centre
        self.pins = pins
        self.held: ColourList | None = None
        self.refused = ""  # why the last one that came was not taken; empty when it was
        self._newest = self._marked()
        if pins is not None:
            self._held_before(pins)

    def take(self, data: bytes) -> None:
        """Put a list in force. Raises NotProved; then the one before stays."""
        assert self.pins is not None, "a node without pins asks for no colours"
        try:
            taken = proved(data, self.pins, self._centre)
            if taken.as_of < self._newest:
                raise NotProved(f"it is of {taken.as_of:%Y-%m-%d %H:%M:%S} UTC, older than one that was in force")
        except NotProved as error:
            self.refused = str(error)
            raise
        try:  # before it is in force, so that a power cut brings no older one back
            write_whole(self._folder / _LIST, data)
            write_whole(self._folder / _MARK, taken.as_of.isoformat().encode())
        except OSError as error:  # in force all the same, until the next start
            _LOG.error("the list of colours is not on disk: %s", error)
        self.held, self._newest, self.refused = taken, taken.as_of, ""

    def let_go(self) -> None:
        """No gate asks for colours any more: hold none. How new the last one was is remembered."""
        if self.held is None:
            return
        self.held = None
        try:
            (self._folder / _LIST).unlink(missing_ok=True)
        except OSError as error:  # held again after the next start, and let go again
            _LOG.error("the list of colours is still on disk: %s", error)

    def state(self, at: datetime) -> dict[str, Any] | None:
        """For `/v1/state`; None when nobody told this node whom to believe."""
        if self.pins is None:
            return None
        held = self.held
        return {
            "as_of": held.as_of.isoformat(timespec="milliseconds") if held else None,
            "age": held.age(at) if held else None,
            "clock_behind": held.ahead(at) if held else None,
            "log_size": held.log_size if held else None,
            "witnessed": sorted(held.witnessed) if held else [],
            "refused": self.refused,
        }

    def trouble(self, at: datetime) -> str:
        """What the list tells about this node's own clock, in one line; empty when nothing is wrong with it."""
        behind = self.held.ahead(at) if self.held else 0
        if behind <= _BEHIND:
            return ""
        return f"the clock here is at least {behind} seconds behind that of the log and its witnesses: put it right"

    def _held_before(self, pins: Pins) -> None:
        try:
            self.held = proved((self._folder / _LIST).read_bytes(), pins, self._centre)
            self._newest = max(self._newest, self.held.as_of)
        except FileNotFoundError:
            return
        except (NotProved, OSError) as error:
            _LOG.error("the list of colours on disk is not used: %s", error)

    def _marked(self) -> datetime:
        """How new the newest list was that was ever in force here."""
        never = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
        try:
            mark = datetime.fromisoformat((self._folder / _MARK).read_text("ascii"))
        except (OSError, ValueError):
            return never
        return mark if mark.tzinfo else never
