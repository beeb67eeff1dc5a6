"""What a city decides about its gates (gates/*.yaml): hours, the roster's deadline, reasons with their words. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
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

    def words(self) -> dict[str, tuple[str, str, str, str]]:
        """The words as a node wants them: reason → guard zh, guard en, person zh, person en."""
        return {
            code: (reason.guard.zh, reason.guard.en, reason.person.zh, reason.person.en)
            for code, reason in self.reasons.items()
        }


_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_DAYS = {"type": "string", "pattern": r"^P[1-9]\d{0,2}D$"}


def _record(required: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": required,
    }


SCHEMA = _record({
    "gate": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
    "title": words.SCHEMA,
    "source": _record({
        "title": {"type": "string", "minLength": 1},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    }),
    "opens": _CLOCK,
    "closes": _CLOCK,
    "roster": _record({"due": _CLOCK}),
    "pass": _record({"valid": _DAYS}),
    "reasons": {
        "type": "object",
        "additionalProperties": _record({"guard": words.SCHEMA, "person": words.SCHEMA}),
    },
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
    yield GateProfile(
        slug=found.slug,
        title=Words.of(data["title"]),
        source=_source(data["source"]),
        opens=opens,
        closes=closes,
        roster_due=time.fromisoformat(data["roster"]["due"]),
        pass_valid=timedelta(days=int(re.sub(r"\D", "", data["pass"]["valid"]))),
        reasons=_reasons(data["reasons"]),
    )


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


GATES = kind(Kind(name="gates", pattern="gates/*.yaml", schema=SCHEMA, parse=_profiles, check=_guarded_by_nothing))
