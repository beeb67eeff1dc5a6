"""A name list made ready to be asked: who is expected here, by pass or by name. Pure; never changes once made.

People stand in columns sorted by index, not as objects: a hundred thousand of them take twenty megabytes, and a new
list takes the place of the old one by a single reference.
"""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.passes import IssuerKey, keyring
from kaimen_gate.reasons import WORDS, Reason, Words
from kaimen_gate.wire import NotWire, Snapshot


@dataclass(frozen=True, slots=True)
class Person:
    """What a guard may read of somebody expected."""

    index: int
    name: str
    organisation: tuple[str, str]  # zh-Hans, en
    floor: str


class PlaceList:
    """The name list of one place."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises NotWire when the snapshot names a zone, an hour or a key that is none."""
        self.place = snapshot.place
        self.version = snapshot.version
        self.made_at = snapshot.made_at
        try:
            self.keys: Mapping[bytes, IssuerKey] = keyring(
                *(IssuerKey(PublicKey.from_raw(key.raw), key.begins, key.ends) for key in snapshot.keys)
            )
            self._zone = ZoneInfo(snapshot.zone)
            self._opens, self._closes = _minute(snapshot.opens), _minute(snapshot.closes)
        except (NotAKey, LookupError, ValueError, OSError) as error:
            raise NotWire(f"the list of {snapshot.place} cannot be used: {error}") from error
        self.colour_rule = snapshot.colours
        self._words = snapshot.words
        self._revoked = snapshot.revoked
        self._organisations = [(zh, en) for zh, en, _renewed in snapshot.organisations]
        people = sorted(snapshot.people, key=lambda person: person.index)
        self._indexes = array("Q", (person.index for person in people))
        self._names = [person.name for person in people]
        self._firms = array("L", (person.organisation for person in people))
        floors: dict[str, str] = {}
        self._floors = [floors.setdefault(person.floor, person.floor) for person in people]
        asked = [as_asked(person.name, person.id_tail) for person in people]
        by_name = sorted(range(len(asked)), key=asked.__getitem__)
        self._asked = [asked[at] for at in by_name]
        self._by_name = array("L", by_name)

    def __len__(self) -> int:
        return len(self._indexes)

    def expects(self, index: int) -> Person | None:
        """Whoever carries the pass `index`, if expected here."""
        at = bisect_left(self._indexes, index)
        return self._person(at) if at < len(self) and self._indexes[at] == index else None

    def named(self, name: str, tail: str) -> list[Person]:
        """Everybody of this name and these last four; several rows of one person's passes come one after another."""
        return [self._person(at) for at in self._positions(as_asked(name, tail))]

    def has_revoked(self, index: int) -> bool:
        """Whether the pass was taken back."""
        return index in self._revoked

    def is_open(self, at: datetime) -> bool:
        """Whether people may come in at `at`. Closing before opening is over midnight; the same hour is always."""
        local = at.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        if self._opens < self._closes:
            return self._opens <= minute < self._closes
        return minute >= self._opens or minute < self._closes

    def words(self, reason: Reason) -> Words:
        """What guard and person are told."""
        return self._words.get(reason) or WORDS[reason]

    def _positions(self, asked: str) -> Iterator[int]:
        at = bisect_left(self._asked, asked)
        while at < len(self._asked) and self._asked[at] == asked:
            yield self._by_name[at]
            at += 1

    def _person(self, at: int) -> Person:
        return Person(self._indexes[at], self._names[at], self._organisations[self._firms[at]], self._floors[at])


def as_asked(name: str, tail: str) -> str:
    """A name and last four as they compare: blanks, dots, width and case make no difference."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
    return f"{letters} {unicodedata.normalize('NFKC', tail).upper()}"


def _minute(text: str) -> int:
    """ "06:00" → 360; "24:00" is the end of the day. Raises ValueError."""
    if text == "24:00":
        return 24 * 60
    if len(text) != 5:
        raise ValueError(f"{text!r} is no hour; write it like 06:00")
    hour = time.fromisoformat(text)
    return hour.hour * 60 + hour.minute
