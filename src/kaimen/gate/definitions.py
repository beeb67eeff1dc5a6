"""What a city decides about its gates (gates/*.yaml): hours, the roster's deadline, reasons with their words. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from kaimen.colours.definitions import StatusDefinition
from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.packs.schemas import record
from kaimen.register.definitions import PlaceDefinition
from kaimen_gate.reasons import VERDICT_OF
from kaimen_gate.wire import Verdict

# Every reason a gate may give, and the answer that goes with it: the node's own table.
REASONS: Mapping[str, Verdict] = dict[str, Verdict](VERDICT_OF.items())


@dataclass(frozen=True)
class Reason:
    """Why an entry is decided so, in words for the two who stand at the gate."""

    code: str
    verdict: Verdict
    guard: Words
    person: Words


@dataclass(frozen=True)
class Source:
    """Where a rule was published."""

    title: str
    published: date


@dataclass(frozen=True)
class ColourAsked:
    """What colours decide at a gate, and what holds once the newest list is too old to act on."""

    answers: Mapping[str, Verdict]  # colour → refuse or desk; those not named enter
    old_after: timedelta
    old: Verdict  # desk or enter: old data refuse nobody


@dataclass(frozen=True)
class GateProfile:
    """How the gates of a kind of place work."""

    slug: str
    title: Words
    source: Source
    opens: time
    closes: time  # leaving is never bound to it
    roster_due: time  # of the day before
    pass_valid: timedelta
    reasons: Mapping[str, Reason]
    colour: ColourAsked | None = None  # None: colours open and shut nothing here

    def words(self) -> dict[str, tuple[str, str, str, str]]:
        """The words as a node wants them: reason → guard zh, guard en, person zh, person en."""
        return {
            code: (reason.guard.zh, reason.guard.en, reason.person.zh, reason.person.en)
            for code, reason in self.reasons.items()
        }


_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_DAYS = {"type": "string", "pattern": r"^P[1-9]\d{0,2}D$"}


_COLOUR = record({
    "answers": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9-]*$"},
        "minProperties": 1,
        "additionalProperties": {"enum": ["refuse", "desk"]},
    },
    "old": record({"after": {"type": "string", "pattern": r"^PT[1-9]\d{0,2}H$"}, "then": {"enum": ["desk", "enter"]}}),
})  # fmt: skip


SCHEMA = record({
    "gate": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
    "title": words.SCHEMA,
    "source": record({
        "title": {"type": "string", "minLength": 1},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    }),
    "opens": _CLOCK,
    "closes": _CLOCK,
    "roster": record({"due": _CLOCK}),
    "pass": record({"valid": _DAYS}),
    "reasons": {
        "type": "object",
        "additionalProperties": record({"guard": words.SCHEMA, "person": words.SCHEMA}),
    },
}, {"colour": _COLOUR})  # fmt: skip


def _profiles(found: Found) -> Iterable[GateProfile]:
    data = found.data
    if data["gate"] != found.slug:
        raise Wrong(
            f"gate is {data['gate']!r} but the file is named {found.slug!r}", "Give both the same name", ("gate",)
        )
    opens, closes = time.fromisoformat(data["opens"]), time.fromisoformat(data["closes"])
    if closes <= opens:
        raise Wrong(f"closes ({data['closes']}) is not after opens ({data['opens']})", "Mend one of them", ("closes",))
    yield GateProfile(
        slug=found.slug,
        title=Words.of(data["title"]),
        source=_source(data["source"]),
        opens=opens,
        closes=closes,
        roster_due=time.fromisoformat(data["roster"]["due"]),
        pass_valid=timedelta(days=int(re.sub(r"\D", "", data["pass"]["valid"]))),
        reasons=_reasons(data["reasons"]),
        colour=_colour(data["colour"]) if "colour" in data else None,
    )


def _colour(data: dict[str, Any]) -> ColourAsked:
    old = data["old"]
    return ColourAsked(data["answers"], timedelta(hours=int(re.sub(r"\D", "", old["after"]))), old["then"])


def _source(data: dict[str, str]) -> Source:
    try:
        return Source(data["title"], date.fromisoformat(data["date"]))
    except ValueError as error:
        raise Wrong(f"{data['date']} is no date", "Write it like 2020-03-12", ("source", "date")) from error


def _reasons(data: dict[str, Any]) -> dict[str, Reason]:
    missing = [code for code in REASONS if code not in data]
    if missing:
        raise Wrong(f"reasons without words: {', '.join(missing)}", "Add guard and person words for each", ("reasons",))
    for code in data:
        if code not in REASONS:
            raise Wrong(f"no gate gives the reason {code!r}", f"Reasons are: {', '.join(REASONS)}", ("reasons", code))
    return {
        code: Reason(code, REASONS[code], Words.of(one["guard"]), Words.of(one["person"])) for code, one in data.items()
    }


def _guarded_by_nothing(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """Places that name a profile which no file holds: nobody would be let in there."""
    profiles = {profile.slug for profile in pack.all(GateProfile)}
    for file, place in pack.definitions:
        if isinstance(place, PlaceDefinition) and place.profile and place.profile not in profiles:
            what = f"{place.code} is guarded by {place.profile!r}, and there is no gates/{place.profile}.yaml"
            remedy = f"Write that file, or name one of: {', '.join(sorted(profiles)) or 'none'}"
            yield file, Wrong(what, remedy, (*place.at, "profile"))


def _unknown_colours(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """Gates that act on a colour people cannot have, or on the one everybody has."""
    people = next((one for one in pack.all(StatusDefinition) if one.slug == "person"), None)
    able = [colour for colour in people.colours if colour != people.usual] if people else []
    for file, profile in pack.definitions:
        if isinstance(profile, GateProfile) and profile.colour:
            for colour in profile.colour.answers:
                if colour not in able:
                    what = f"gates are to act on {colour!r}, which is no colour of status/person.yaml that shuts a door"
                    yield file, Wrong(what, f"Name some of: {', '.join(able) or 'none'}", ("colour", "answers", colour))


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    yield from _guarded_by_nothing(pack)
    yield from _unknown_colours(pack)


GATES = kind(Kind(name="gates", pattern="gates/*.yaml", schema=SCHEMA, parse=_profiles, check=_checked))
