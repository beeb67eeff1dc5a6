"""The decision at a gate: pure, in a fixed order, the first answer wins. docs/reference/node.md says it in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kaimen import passes
from kaimen.passes import BadPass, read
from kaimen_gate.colour_proof import ColourList
from kaimen_gate.place_list import PlaceList
from kaimen_gate.reasons import VERDICT_OF, Reason
from kaimen_gate.wire import Direction, Verdict

# A guard is told less than a program: what to do is the same.
_AT_THE_DOOR: dict[passes.Reason, Reason] = {
    "not-a-pass": "not-a-pass",
    "altered": "altered",
    "trailing-bytes": "altered",
    "rewritten": "altered",
    "not-holder": "altered",
    "unknown-key": "unknown-key",
    "expired": "expired",
    "key-not-in-force": "expired",
    "stale": "expired",
    "ahead": "expired",
}


@dataclass(frozen=True, slots=True)
class ByCode:
    """The text that a scanner read."""

    code: str


@dataclass(frozen=True, slots=True)
class ByName:
    """Somebody without phone and card, asked for a name and the last four of the ID."""

    name: str
    tail: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One question at a gate."""

    id: UUID
    place: str
    direction: Direction
    shown: ByCode | ByName

    @property
    def how(self) -> str:
        """The word for it in an entry."""
        return "code" if isinstance(self.shown, ByCode) else "name"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, before it is on disk."""

    scan: Scan
    at: datetime
    reason: Reason
    index: int | None
    data_age: int

    @property
    def verdict(self) -> Verdict:
        """What the gate does."""
        return VERDICT_OF[self.reason]


@dataclass(frozen=True, slots=True)
class _Against:
    """What speaks against somebody, and whose pass it was if that could be told all the same."""

    reason: Reason
    index: int | None = None


def decide(scan: Scan, held: PlaceList | None, at: datetime, colours: ColourList | None = None) -> Decision:
    """Answer `scan` at the time `at` from the list that is held for its place, if one ever came.

    `colours` is the last list of colours that proved itself; without one, nobody is asked for a colour.
    """
    if held is None:
        return Decision(scan, at, "left" if scan.direction == "out" else "no-list", None, 0)
    who = _who(scan.shown, held, at)
    index, reason = (who.index, who.reason) if isinstance(who, _Against) else (who, _may_enter(who, held, at, colours))
    if scan.direction == "out":
        reason = "left"
    return Decision(scan, at, reason, index, _age(held, at, colours))


def _age(held: PlaceList, at: datetime, colours: ColourList | None) -> int:
    """Seconds since the older of the lists this place decides by was made."""
    ages = [max(0, int((at - held.made_at).total_seconds()))]
    if colours is not None and held.colour_rule is not None:
        ages.append(colours.age(at))
    return max(ages)


def _who(shown: ByCode | ByName, held: PlaceList, at: datetime) -> int | _Against:
    """The index of a pass that holds, or what speaks against it."""
    if isinstance(shown, ByName):
        return _named(shown, held)
    try:
        return read(shown.code, held.keys, at).index
    except BadPass as bad:
        return _Against(_AT_THE_DOOR[bad.reason], bad.reading.index if bad.reading else None)


def _named(shown: ByName, held: PlaceList) -> int | _Against:
    """Rows of one pass are one person at two firms; rows that differ in nothing but the pass, one with phone and card.

    A good pass of theirs counts.
    """
    rows = held.named(shown.name, shown.tail)
    if not rows:
        return _Against("not-on-list")
    people = {row.index: (row.name, row.organisation, row.floor) for row in rows}
    if len(set(people.values())) > 1:
        return _Against("two-people")
    return next((row.index for row in rows if not held.has_revoked(row.index)), rows[0].index)


def _may_enter(index: int, held: PlaceList, at: datetime, colours: ColourList | None) -> Reason:
    if held.has_revoked(index):
        return "revoked"
    if held.expects(index) is None:
        return "not-on-list"
    if not held.is_open(at):
        return "outside-hours"
    return _by_colour(index, held, at, colours) or "on-list"


def _by_colour(index: int, held: PlaceList, at: datetime, colours: ColourList | None) -> Reason | None:
    """What a colour speaks against somebody; nothing where the place asks for none or none ever proved itself."""
    rule = held.colour_rule
    if rule is None or colours is None:
        return None
    if colours.age(at) > rule.old_after:
        return "colours-old" if rule.old_to_desk else None
    value = colours.value(index)
    if value in rule.refuse:
        return "colour-refused"
    return "colour-desk" if value in rule.desk else None
