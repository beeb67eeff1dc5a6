"""A name list made ready to be asked: who is expected here, by pass, card or name. Pure; never changes once made.

People stand in columns sorted by index, not as objects, and names are asked for by a hash of 64 bits that is keyed
anew with each start; texts that several lists have in common are kept once. A new list takes the place of the old one
by a single reference.
"""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from sys import intern
from zoneinfo import ZoneInfo

from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.passes import IssuerKey, keyring
from kaimen_gate.reasons import UNKNOWN, WORDS, Words
from kaimen_gate.rule_book import RuleBook
from kaimen_gate.standard_rules import standard_rules
from kaimen_gate.wire import ComesAs, Expected, NotWire, Snapshot, card_digest


@dataclass(frozen=True, slots=True)
class Person:
    """What a guard may read of somebody expected, and what the rules ask of their row."""

    index: int
    name: str
    organisation: tuple[str, str]  # zh-Hans, en
    floor: str
    renewed: bool = True  # whether the organisation confirmed its list for the day
    comes_as: ComesAs = "staff"
    begins: int | None = None  # epoch seconds
    ends: int | None = None  # epoch seconds, not included
    host: str = ""
    assurance: int = 0

    def within_window(self, now: float) -> bool:
        """Whether this is a time for which they are expected, in epoch seconds."""
        return (self.begins is None or self.begins <= now) and (self.ends is None or now < self.ends)


class PlaceList:
    """The name list of one place."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises NotWire when the snapshot has a zone, an hour, a key or a rule that is none."""
        self.place = snapshot.place
        self.building = snapshot.building or snapshot.place
        self.post = snapshot.post
        self.lift = snapshot.lift
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
        self.book = RuleBook(snapshot.rules or standard_rules(), snapshot.parameters)
        self.colours = snapshot.colours
        self.manual = {one.code: (one.zh, one.en) for one in snapshot.manual}
        self.overrides = {one.code: one for one in snapshot.overrides}
        self.supervisors = snapshot.supervisors
        self._words = {intern(reason): _kept_once(said) for reason, said in snapshot.words.items()}
        self._revoked = snapshot.revoked
        self._organisations = snapshot.organisations
        self._cards = [card.digest for card in snapshot.cards]
        self._carried = array("Q", (card.index for card in snapshot.cards))
        self._read_people(snapshot.people)

    def _read_people(self, expected: tuple[Expected, ...]) -> None:
        people = sorted(expected, key=lambda person: person.index)
        self._indexes = array("Q", (person.index for person in people))
        self._names = [intern(person.name) for person in people]
        self._firms = array("L", (person.organisation for person in people))
        floors: dict[str, str] = {}
        self._floors = [floors.setdefault(person.floor, person.floor) for person in people]
        self._others = {at: person for at, person in enumerate(people) if not _is_staff_without_more(person)}
        asked = [hash(as_asked(person.name, person.id_tail)) for person in people]
        by_name = sorted(range(len(asked)), key=asked.__getitem__)
        self._asked = array("q", (asked[at] for at in by_name))
        self._by_name = array("L", by_name)

    def __len__(self) -> int:
        return len(self._indexes)

    def rows(self, index: int) -> list[Person]:
        """Every row of the pass `index`: one for each organisation that expects whoever carries it."""
        at = bisect_left(self._indexes, index)
        found = []
        while at < len(self._indexes) and self._indexes[at] == index:
            found.append(self._person(at))
            at += 1
        return found

    def expects(self, index: int, now: float | None = None) -> Person | None:
        """Whoever carries the pass `index`, if expected here; a row for the time `now` (epoch seconds) goes first."""
        rows = self.rows(index)
        if now is not None and len(rows) > 1:
            return next((row for row in rows if row.within_window(now)), rows[0])
        return rows[0] if rows else None

    def named(self, name: str, tail: str) -> list[Person]:
        """Everybody of this name and these last four; several rows of one person's passes come one after another."""
        return [self._person(at) for at in self._positions(as_asked(name, tail))]

    def carried(self, number: str) -> int | None:
        """The pass that the card of this number stands for."""
        digest = card_digest(self.building, number)
        at = bisect_left(self._cards, digest)
        return self._carried[at] if at < len(self._cards) and self._cards[at] == digest else None

    def has_revoked(self, index: int) -> bool:
        """Whether the pass was taken back."""
        return index in self._revoked

    def is_open(self, at: datetime) -> bool:
        """Whether people may come in at `at`. Closing before opening is over midnight; the same hour is always."""
        return self.day_and_open(at)[1]

    def day_and_open(self, at: datetime) -> tuple[date, bool]:
        """The local day at `at`, and whether people may come in."""
        local = at.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        if self._opens < self._closes:
            return local.date(), self._opens <= minute < self._closes
        return local.date(), minute >= self._opens or minute < self._closes

    def words(self, reason: str) -> Words:
        """What guard and person are told."""
        return self._words.get(reason) or WORDS.get(reason) or UNKNOWN

    def _positions(self, asked: str) -> Iterator[int]:
        sought = hash(asked)
        at = bisect_left(self._asked, sought)
        while at < len(self._asked) and self._asked[at] == sought:
            yield self._by_name[at]
            at += 1

    def _person(self, at: int) -> Person:
        zh, en, renewed = self._organisations[self._firms[at]]
        index, name, floor = self._indexes[at], self._names[at], self._floors[at]
        other = self._others.get(at)
        if other is None:
            return Person(index, name, (zh, en), floor, renewed)
        return Person(
            index, name, (zh, en), floor, renewed, other.comes_as, other.begins, other.ends, other.host,
            other.assurance,
        )  # fmt: skip


def _is_staff_without_more(person: Expected) -> bool:
    more = person.comes_as, person.begins, person.ends, person.host, person.assurance
    return more == ("staff", None, None, "", 0)


def _kept_once(said: Words) -> Words:
    guard_zh, guard_en, person_zh, person_en = said
    return intern(guard_zh), intern(guard_en), intern(person_zh), intern(person_en)


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
