"""What a gate remembers of the last hours: who came in and did not leave, which phone codes were shown, who boarded.

All of it is of this node alone. Whoever left by another node's door is still inside here: so what follows from it is
for the rules to say, and how long ago it was is a fact of its own.
"""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

INSIDE_FOR = 12 * 3600  # seconds after which nobody is taken to be inside any more: people leave by other doors
_CODE_FOR = 120  # seconds a phone's code is remembered: it is good for 60, and for 30 before its moment
_TIDY = 4096  # things remembered between one look for what is too old and the next


class CameIn(NamedTuple):
    """The last time a pass was let in at a gate."""

    at: float  # epoch seconds
    gate: str  # the place's code
    scan: UUID


class Shown(NamedTuple):
    """The last phone code of a pass."""

    moment: float  # when the phone signed it
    scan: UUID


@dataclass
class Memory:
    """Of one node; asked and told by one thread."""

    _inside: dict[tuple[str, int], dict[str, CameIn]] = field(default_factory=dict)  # building and pass → by gate
    _shown: dict[int, Shown] = field(default_factory=dict)
    _boarded: dict[str, dict[UUID, tuple[float, int | None]]] = field(default_factory=dict)  # by lift, then scan
    _told: int = 0

    def came_in(self, building: str, index: int, scan: UUID, now: float) -> list[CameIn]:
        """How this pass came into the building since it left, the latest first; this very scan does not count."""
        found = self._inside.get((building, index))
        if found is None:
            return []
        counted = [one for one in found.values() if one.scan != scan and 0 <= now - one.at < INSIDE_FOR]
        return sorted(counted, reverse=True)

    def was_shown(self, index: int, moment: float, scan: UUID) -> bool:
        """Whether another scan read the code that this phone signed at `moment`. From now on, this one did."""
        found = self._shown.get(index)
        if found is not None and found.moment == moment:
            return found.scan != scan
        self._shown[index] = Shown(moment, scan)
        return False

    def riders(self, lift: str, trip: int, scan: UUID, now: float) -> int:
        """How many others stand in a lift that boards; none when it has gone, or must have."""
        boarded = self._boarded.get(lift)
        if not boarded:
            return 0
        if now - min(at for at, _ in boarded.values()) >= trip:
            boarded.clear()
        return len(boarded) - (scan in boarded)

    def lift_gone(self, lift: str) -> None:
        """A lift's controller says that it left."""
        self._boarded.pop(lift, None)

    def enters(self, building: str, gate: str, index: int | None, scan: UUID, now: float) -> None:
        """Somebody was let in."""
        if index is not None:
            self._inside.setdefault((building, index), {})[gate] = CameIn(now, gate, scan)
        self._told += 1
        if self._told % _TIDY == 0:
            self._forget(now)

    def leaves(self, building: str, index: int | None) -> None:
        """Somebody left a building, whichever gate that was."""
        if index is not None:
            self._inside.pop((building, index), None)

    def boards(self, lift: str, index: int | None, scan: UUID, now: float) -> None:
        """Somebody was let into a lift."""
        self._boarded.setdefault(lift, {})[scan] = (now, index)

    def steps_out(self, lift: str, index: int | None) -> None:
        """Somebody stepped out of a lift before it went."""
        boarded = self._boarded.get(lift, {})
        for scan, (_, who) in list(boarded.items()):
            if who is not None and who == index:
                del boarded[scan]

    def _forget(self, now: float) -> None:
        self._inside = {
            who: gates for who, gates in self._inside.items()
            if any(now - one.at < INSIDE_FOR for one in gates.values())
        }  # fmt: skip
        self._shown = {index: one for index, one in self._shown.items() if now - one.moment < _CODE_FOR}
