"""The name lists a node holds: swapped by a single reference, kept on disk so that a restart in the dark decides on."""

import logging
from pathlib import Path
from urllib.parse import quote

from kaimen.kit.keys import PublicKey
from kaimen.kit.whole_file import write_whole
from kaimen_gate.place_list import PlaceList
from kaimen_gate.wire import NotWire, read_snapshot

_LOG = logging.getLogger(__name__)


class Lists:
    """One list for each place, the newest that came with a signature that holds."""

    def __init__(self, folder: Path, centre: PublicKey, places: list[str]) -> None:
        """Read what is on disk; a file that is damaged counts as not there."""
        self._folder, self._centre = folder, centre
        self._held: dict[str, PlaceList | None] = dict.fromkeys(places)
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.list")):
            try:
                made = PlaceList(read_snapshot(path.read_bytes(), centre))
            except (NotWire, OSError) as error:
                _LOG.error("the list in %s cannot be used: %s", path.name, error)
            else:
                self._held[made.place] = made

    def serves(self, place: str) -> bool:
        """Whether this node stands at `place`."""
        return place in self._held

    def of(self, place: str) -> PlaceList | None:
        """The list in force there, or None while none has come."""
        return self._held.get(place)

    def all(self) -> dict[str, PlaceList | None]:
        """Every place, with its list if one has come."""
        return dict(self._held)

    def asks_for_colours(self) -> bool | None:
        """Whether any place does; None while a list is missing and nobody can tell."""
        if any(held is not None and held.colours for held in self._held.values()):
            return True
        return None if None in self._held.values() else False

    def stands_at(self, place: str) -> None:
        """The centre says that this node serves `place` too."""
        self._held.setdefault(place, None)

    def take(self, place: str, data: bytes) -> None:
        """Put a list in force that came from the centre.

        Raises NotWire when it is not signed by the centre, is another place's, or older than the one in force.
        """
        snapshot = read_snapshot(data, self._centre)
        held = self._held.get(place)
        if snapshot.place != place:
            raise NotWire(f"asked for the list of {place}, got that of {snapshot.place}")
        if held and snapshot.version < held.version:
            raise NotWire(f"version {snapshot.version} of {place} is older than {held.version}, which is in force")
        taken = PlaceList(snapshot)
        try:  # before it is in force, so that a power cut brings no older one back
            write_whole(self._folder / f"{quote(place, safe='')}.list", data)
        except OSError as error:  # in force all the same, until the next start
            _LOG.error("the list of %s is not on disk: %s", place, error)
        self._held[place] = taken

    def forget(self) -> None:
        """Hold none any more, here and on disk: the node is out of service."""
        self._held = dict.fromkeys(self._held)
        for path in self._folder.glob("*.list"):
            try:
                path.unlink()
            except OSError as error:  # forgotten again at the next start
                _LOG.error("the list in %s is still on disk: %s", path.name, error)
