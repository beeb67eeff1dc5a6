"""What a city decides about its gates (gates/*.yaml): hours, the roster's deadline, rules, reasons with words. Pure."""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from kaimen.colours.definitions import StatusDefinition
from kaimen.gate.profile_checks import mistakes
from kaimen.gate.profiles import NOTE, GateProfile, GateRule, OverrideReason, Reason, Source
from kaimen.gate.trials import PROVER
from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.packs.dates import DATE
from kaimen.packs.schemas import record
from kaimen.register.definitions import PlaceDefinition
from kaimen.rules import ParameterValues, Type, ValueRefused, read_value
from kaimen_gate import wire

__all__ = ["GATES", "NOTE", "PROVER", "SCHEMA", "GateProfile", "GateRule", "OverrideReason", "Reason", "Source"]

_CODE = "^[a-z][a-z0-9-]{0,39}$"
_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_DAYS = {"type": "string", "pattern": r"^P[1-9]\d{0,2}D$"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 400}
_POSTS = [post for post in wire.POSTS if post != "entrance"]


def _named(pattern: str, one: dict[str, Any], most: int = 60) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": one, "maxProperties": most}


_RULE = record(
    {"reason": {"type": "string", "pattern": _CODE}, "answer": {"enum": [*wire.VERDICTS, NOTE]}},
    {"when": {"type": "string", "minLength": 1, "maxLength": 2_000}},
)
_VALUE = record({"value": {"type": ["string", "integer", "boolean"]}, "source": _TEXT})
_VALUES = _named(
    "^[a-z][a-z0-9_]{0,39}$",
    record(
        {
            "type": {"enum": [str(one) for one in Type]},
            "from": _named(DATE["pattern"], _VALUE) | {"minProperties": 1},
        }
    ),
)
_OVERRIDE = record({
    "title": words.SCHEMA,
    "asks": {"enum": ["host", "document", "nothing"]},
    "lifts": {"type": "array", "items": {"type": "string", "pattern": _CODE}, "minItems": 1, "uniqueItems": True},
})  # fmt: skip
_PLACES = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}

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
    "rules": {"type": "array", "items": _RULE, "minItems": 1, "maxItems": 100},
    "manual": _named(_CODE, words.SCHEMA, 30),
    "reasons": {
        "type": "object",
        "additionalProperties": record({"guard": words.SCHEMA, "person": words.SCHEMA}),
    },
}, {
    "values": _VALUES,
    "overrides": _named(_CODE, _OVERRIDE, 30),
    "posts": record({}, dict.fromkeys(_POSTS, _PLACES)),
    "lift": record({"capacity": {"type": "integer", "minimum": 1, "maximum": 100}}, {
        "trip": {"type": "string", "pattern": r"^PT[1-9]\d{0,2}S$"},
        "floors": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 20}, "minItems": 1},
    }),
})  # fmt: skip


def _profiles(found: Found) -> Iterable[GateProfile]:
    data = found.data
    if data["gate"] != found.slug:
        raise Wrong(
            f"gate is {data['gate']!r} but the file is named {found.slug!r}", "Give both the same name", ("gate",)
        )
    opens, closes = time.fromisoformat(data["opens"]), time.fromisoformat(data["closes"])
    if closes <= opens:
        raise Wrong(f"closes ({data['closes']}) is not after opens ({data['opens']})", "Mend one of them", ("closes",))
    profile = GateProfile(
        slug=found.slug,
        title=Words.of(data["title"]),
        source=_source(data["source"]),
        opens=opens,
        closes=closes,
        roster_due=time.fromisoformat(data["roster"]["due"]),
        pass_valid=timedelta(days=_number(data["pass"]["valid"])),
        reasons={
            code: Reason(code, Words.of(one["guard"]), Words.of(one["person"])) for code, one in data["reasons"].items()
        },
        rules=tuple(GateRule(one["reason"], one["answer"], one.get("when")) for one in data["rules"]),
        values={name: _dated(name, one) for name, one in data.get("values", {}).items()},
        manual={code: Words.of(one) for code, one in data["manual"].items()},
        overrides={code: _override(one) for code, one in data.get("overrides", {}).items()},
        posts={place: post for post in _POSTS for place in data.get("posts", {}).get(post, ())},
        lift=_lift(data.get("lift")),
    )
    for wrong in mistakes(profile):
        raise wrong
    yield profile


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _override(data: dict[str, Any]) -> OverrideReason:
    asks: wire.Asks = next((one for one in wire.ASKS if one == data["asks"]), "")
    return OverrideReason(Words.of(data["title"]), asks, tuple(data["lifts"]))


def _lift(data: dict[str, Any] | None) -> wire.Lift | None:
    if data is None:
        return None
    return wire.Lift(data["capacity"], tuple(data.get("floors", ())), _number(data.get("trip", "PT60S")))


def _dated(name: str, data: dict[str, Any]) -> ParameterValues:
    type_, dated = Type(data["type"]), []
    for since, one in data["from"].items():
        path = ("values", name, "from", since)
        try:
            value = read_value(name, date.fromisoformat(one["value"]) if type_ == "date" else one["value"], type_)
            assert value is not None
            dated.append((date.fromisoformat(since), value, one["source"]))
        except ValueRefused as error:
            raise Wrong(f"{name}: {error.message.en}", error.remedy.en, path) from error
        except (ValueError, TypeError) as error:
            raise Wrong(f"{name}: there is no such day", "Write it like 2020-03-12", path) from error
    return ParameterValues(type_, tuple(sorted(dated, key=lambda one: one[0])))


def _source(data: dict[str, str]) -> Source:
    try:
        return Source(data["title"], date.fromisoformat(data["date"]))
    except ValueError as error:
        raise Wrong(f"{data['date']} is no date", "Write it like 2020-03-12", ("source", "date")) from error


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
        if not isinstance(profile, GateProfile):
            continue
        for at, colour in profile.colours_named():
            if colour not in able:
                what = f"gates are to act on {colour!r}, which is no colour of status/person.yaml that shuts a door"
                yield file, Wrong(what, f"Name some of: {', '.join(able) or 'none'}", ("rules", at, "when"))


def _posts_nowhere(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """Posts at places that there are not, or that another profile guards; lifts without a capacity."""
    guarded = {place.code: place.profile for place in pack.all(PlaceDefinition)}
    for file, profile in pack.definitions:
        if not isinstance(profile, GateProfile):
            continue
        for place, post in profile.posts.items():
            if guarded.get(place) != profile.slug:
                what = f"{place} is no place with the profile {profile.slug!r}"
                yield file, Wrong(what, "Name a place that has it, or give it to that place", ("posts", post))
        if "lift" in profile.posts.values() and profile.lift is None:
            yield file, Wrong("a lift without a capacity", "Add `lift: {capacity: 6}`", ("posts", "lift"))


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    yield from _guarded_by_nothing(pack)
    yield from _unknown_colours(pack)
    yield from _posts_nowhere(pack)


GATES = kind(Kind(name="gates", pattern="gates/*.yaml", schema=SCHEMA, parse=_profiles, check=_checked))
