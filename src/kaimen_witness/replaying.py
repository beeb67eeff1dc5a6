"""The replay witness: every new leaf is fetched with its opening, and every colour is worked out once more."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Protocol

from kaimen.colours.leaves import Opening
from kaimen.colours.replay import SKEW, Logged, Replay
from kaimen.kit import canonical, clock
from kaimen.proofs.checkpoints import Cosigned
from kaimen.proofs.merkle import Frontier, leaf_hash
from kaimen.proofs.tiles import ENTRIES, NotATile, Tile, changed, read_entries
from kaimen_witness.following import Alarm
from kaimen_witness.published import PublishedLists


class OpenLog(Protocol):
    """A log that gives this witness openings and public objects too. Everything may raise Unreachable."""

    def tile(self, tile: Tile) -> bytes:
        """An entry bundle."""

    def openings(self, tile: Tile) -> bytes:
        """The openings of the same leaves."""

    def object(self, digest: bytes) -> bytes | None:
        """A public object."""


class Replayer:
    """Follows with all it has heard; after a start it hears the whole log again."""

    def __init__(self, log: OpenLog, genesis: bytes, published: PublishedLists | None = None) -> None:
        self._log, self._published = log, published
        self._replay = Replay(genesis, log.object)
        self._heard = Frontier()
        self._seen: int | None = None  # when this witness saw what it has heard

    def check(self, shown: Cosigned) -> None:
        """Hear what is new under this checkpoint. Raises Alarm, Unreachable; what was not heard is asked for again."""
        now = int(clock.now().timestamp() * 1000)
        slack = int(SKEW * (clock.speed() - 1))  # a drill's clock runs ahead of what machines can do; elsewhere none
        after = None if self._seen is None else self._seen - slack
        size, fresh = self._heard.size, deepcopy(self._heard)
        new = [Logged(index, data, opening, after, now + slack) for index, data, opening in self._fetched(shown)]
        fresh.extend([leaf_hash(one.data) for one in new])
        if (fresh.size, fresh.root()) != (shown.checkpoint.size, shown.checkpoint.root):
            raise Alarm(f"the leaves from {size} on are not those the log has signed", str(shown.note).encode())
        self._replay.take_all(new)
        self._heard, self._seen = fresh, now
        report = self._replay.report()
        if report.alarms:
            first = "; ".join(str(alarm) for alarm in report.alarms[:20])
            raise Alarm(f"{len(report.alarms)} alarms in the replay: {first}", str(shown.note).encode())
        if self._published is not None:
            self._published.check(self._replay, now)

    def _fetched(self, shown: Cosigned) -> Iterator[tuple[int, bytes, Opening | None]]:
        for tile in changed(self._heard.size, shown.checkpoint.size):
            if tile.level != ENTRIES:
                return
            first = tile.index * 256
            try:
                leaves = list(read_entries(self._log.tile(tile)))
                openings = list(read_entries(self._log.openings(tile)))
            except NotATile as error:
                raise Alarm(f"{tile.path}: {error}") from error
            if min(len(leaves), len(openings)) < tile.width:
                raise Alarm(f"{tile.path}: fewer leaves or openings than the log has signed")
            for number in range(max(self._heard.size - first, 0), tile.width):
                yield first + number, leaves[number], _opening(openings[number])


def _opening(data: bytes) -> Opening | None:
    """What is no opening opens nothing: the replay says which leaf it is missing from."""
    try:
        parts = canonical.decode(data) if data else None
    except canonical.NotCanonical:
        return None
    if not isinstance(parts, list) or [type(part) for part in parts] != [bytes, bytes]:
        return None
    return Opening(parts[0], parts[1])
