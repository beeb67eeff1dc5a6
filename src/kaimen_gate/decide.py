"""The decision at a gate: who it is, the facts about the scan, and what the published rules say of them.

docs/reference/decision.md says it in words, for whoever builds a turnstile.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from kaimen.passes import BadPass, read
from kaimen_gate.colour_proof import ColourList
from kaimen_gate.facts import ELSEWHERE, HERE
from kaimen_gate.memory import Memory
from kaimen_gate.place_list import Person, PlaceList
from kaimen_gate.scan import ByCard, ByCode, ByHand, ByName, Decision, Overriding, Reporting, Scan
from kaimen_gate.wire import Entry, Verdict

__all__ = [
    "EMERGENCY", "ByCard", "ByCode", "ByHand", "ByName", "Decision", "Held", "Scan", "Who", "decide", "facts_of",
    "identified", "remember",
]  # fmt: skip

EMERGENCY = "emergency"  # a manual reason that lets in whoever it is; no rule is asked
_HOUR, _MINUTE = 3600, 60
_NO_LIST: tuple[str, Verdict] = ("no-list", "desk")
_TENTHS = [Decimal(tenths).scaleb(-1) for tenths in range(1000)]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a scan is about, as far as can be told."""

    index: int | None = None
    trouble: str | None = None  # what speaks against the code or card
    two_people: bool = False
    asked_for: bool = False  # by a name that nobody on the list has
    moment: float | None = None  # when a phone signed its code, in epoch seconds


class Held(NamedTuple):
    """Everything a node decides by."""

    here: PlaceList | None
    colours: ColourList | None = None
    elsewhere: Collection[PlaceList] = ()  # the lists of this node's other places


def decide(scan: Scan, held: Held, at: datetime, memory: Memory) -> Decision:
    """Answer a scan that is no override, at the time `at`."""
    here = held.here
    if here is None:
        return _without_a_list(scan, at)
    who = identified(scan, here, at)
    age = _age(held, at)
    if scan.direction == "out":
        return Decision(scan, at, "left", who.index, age, "enter", ("left",), scan.how, scan.temperature)
    facts = facts_of(scan, who, held, at, memory)
    day, facts["open"] = here.day_and_open(at)
    reason, verdict, reasons = here.book.ask(facts, day)
    by_hand = scan.shown.reason if isinstance(scan.shown, ByHand) else ""
    if by_hand == EMERGENCY:
        reason, verdict, reasons = EMERGENCY, "enter", tuple(dict.fromkeys((EMERGENCY, *reasons)))
    return Decision(scan, at, reason, who.index, age, verdict, reasons, scan.how, scan.temperature, by_hand)


def remember(memory: Memory, entry: Entry, here: PlaceList | None) -> None:
    """Keep in mind what was recorded."""
    now, index = entry.at.timestamp(), entry.index
    building = here.building if here else entry.place
    at_a_lift = here is not None and here.post == "lift"
    if entry.direction == "out":
        if at_a_lift:
            memory.steps_out(entry.place, index)
        else:
            memory.leaves(building, index)
    elif entry.verdict == "enter" and at_a_lift:
        memory.boards(entry.place, index, entry.id, now)
    elif entry.verdict == "enter":
        memory.enters(building, entry.place, index, entry.id, now)


def identified(scan: Scan, here: PlaceList, at: datetime) -> Who:
    """Whom a scan is about."""
    shown = scan.shown
    if isinstance(shown, ByCode):
        return _by_code(shown.code, here, at)
    if isinstance(shown, ByCard):
        index = here.carried(shown.number)
        return Who(index) if index is not None else Who(trouble="unknown-card")
    named = shown.named if isinstance(shown, ByHand) else shown
    return Who() if named is None or isinstance(named, Overriding | Reporting) else _by_name(named, here)


def facts_of(scan: Scan, who: Who, held: Held, at: datetime, memory: Memory) -> dict[str, Any]:
    """The facts about somebody who comes in, but for `open`; what is not known is None."""
    here, now, index = held.here, at.timestamp(), who.index
    assert here is not None
    person = here.expects(index, now) if index is not None else None
    facts: dict[str, Any] = {
        "post": here.post,
        "how": scan.how,
        "manual": scan.shown.reason if isinstance(scan.shown, ByHand) else None,
        "pass_trouble": who.trouble,
        "live": who.moment is not None and who.trouble is None,
        "used_again": False,
        "revoked": index is not None and here.has_revoked(index),
        "two_people": who.two_people,
        "listed": person is not None if index is not None or who.asked_for else None,
        "other_building": False,
        "comes_as": None,
        "assurance": None,
        "renewed": None,
        "within_window": None,
        "floor_allowed": None,
        "vehicle": scan.vehicle,
        "colour": None,
        "colours_age": None,
        "list_age": max(0, int((at - here.made_at).total_seconds())) // _HOUR,
        "temperature": None if scan.temperature is None else _TENTHS[scan.temperature],
        "already_inside": None,
        "minutes_inside": None,
        "lift_full": False,
        "lift_goes": None,
    }
    if index is not None:
        _of_the_pass(facts, scan, who, held, now, memory)
    if person is not None:
        _of_the_row(facts, scan, person, here, now)
    if held.colours is not None and here.colours:
        _of_the_colours(facts, index, held.colours, here, at)
    if here.lift is not None:
        _of_the_lift(facts, scan, person, here, now, memory)
    return facts


def _of_the_pass(facts: dict[str, Any], scan: Scan, who: Who, held: Held, now: float, memory: Memory) -> None:
    here, index = held.here, who.index
    assert here is not None
    assert index is not None
    if facts["live"]:
        assert who.moment is not None
        facts["used_again"] = memory.was_shown(index, who.moment, scan.id)
    if not facts["listed"]:
        facts["other_building"] = any(
            other.building != here.building and other.expects(index) is not None for other in held.elsewhere
        )
    inside = memory.came_in(here.building, index, scan.id, now)
    if inside:
        by = next((one for one in inside if one.gate == scan.place), None)
        facts["already_inside"] = HERE if by else ELSEWHERE
        facts["minutes_inside"] = int(now - (by or inside[0]).at) // _MINUTE


def _of_the_row(facts: dict[str, Any], scan: Scan, person: Person, here: PlaceList, now: float) -> None:
    facts["comes_as"] = person.comes_as
    facts["assurance"] = person.assurance
    facts["renewed"] = person.renewed
    facts["within_window"] = person.within_window(now)
    if scan.floor:
        facts["floor_allowed"] = any(row.floor == scan.floor for row in here.rows(person.index))


def _of_the_colours(
    facts: dict[str, Any], index: int | None, colours: ColourList, here: PlaceList, at: datetime
) -> None:
    """The usual colour is no fact: nothing can follow from it."""
    facts["colours_age"] = colours.age(at) // _HOUR
    value = colours.value(index) if index is not None else 0
    if 0 < value < len(here.colours):
        facts["colour"] = here.colours[value]


def _of_the_lift(
    facts: dict[str, Any], scan: Scan, person: Person | None, here: PlaceList, now: float, memory: Memory
) -> None:
    lift = here.lift
    assert lift is not None
    facts["lift_full"] = memory.riders(scan.place, lift.trip, scan.id, now) >= lift.capacity
    to = scan.floor or (person.floor if person else "")
    if to:
        facts["lift_goes"] = not lift.floors or to in lift.floors


def _by_code(code: str, here: PlaceList, at: datetime) -> Who:
    try:
        reading = read(code, here.keys, at)
    except BadPass as bad:
        trouble = "too-long" if bad.check == "size" else bad.reason
        moment = bad.reading.shown.timestamp() if bad.reading and bad.reading.shown else None
        return Who(bad.reading.index if bad.reading else None, trouble, moment=moment)
    return Who(reading.index, moment=reading.shown.timestamp() if reading.shown else None)


def _by_name(named: ByName, here: PlaceList) -> Who:
    """Rows of one pass are one person at two firms; rows that differ in nothing but the pass, one with phone and card.

    A good pass of theirs counts.
    """
    rows = here.named(named.name, named.tail)
    if not rows:
        return Who(asked_for=True)
    people = {row.index: (row.name, row.organisation, row.floor) for row in rows}
    if len(set(people.values())) > 1:
        return Who(two_people=True)
    return Who(next((row.index for row in rows if not here.has_revoked(row.index)), rows[0].index))


def _without_a_list(scan: Scan, at: datetime) -> Decision:
    by_hand = scan.shown.reason if isinstance(scan.shown, ByHand) else ""
    reason, verdict = _NO_LIST
    if scan.direction == "out":
        reason, verdict = "left", "enter"
    elif by_hand == EMERGENCY:
        reason, verdict = EMERGENCY, "enter"
    return Decision(scan, at, reason, None, 0, verdict, (reason,), scan.how, scan.temperature, by_hand)


def _age(held: Held, at: datetime) -> int:
    """Seconds since the older of the lists this place decides by was made."""
    here = held.here
    assert here is not None
    age = max(0, int((at - here.made_at).total_seconds()))
    if held.colours is not None and here.colours:
        return max(age, held.colours.age(at))
    return age
