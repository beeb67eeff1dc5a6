"""Holidays and make-up working days, notice by notice (calendar.yaml)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from kaimen.kit.hours import Hours
from kaimen.kit.workdays import Calendar, Notice
from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record
from kaimen.register.definitions.areas import AreaDefinition

Path = tuple[str | int, ...]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = 60  # days off in a row; more is a slip of the year


@dataclass(frozen=True)
class Holiday:
    """Days off and what for."""

    first: date
    last: date
    why: Words
    notice: str  # its number


@dataclass(frozen=True)
class CalendarDefinition:
    """The city's calendar, and the words to explain a day off."""

    calendar: Calendar
    holidays: tuple[Holiday, ...]
    areas: tuple[tuple[str, Path], ...]  # every area a notice names, and where
    hours: Hours  # of a working day

    def why(self, at: date) -> Holiday | None:
        """The holiday that `at` falls in, by the latest notice that speaks of it; None on any other day."""
        if self.calendar.is_workday(at):
            return None
        return next((holiday for holiday in reversed(self.holidays) if holiday.first <= at <= holiday.last), None)


def _parse(found: Found) -> Iterable[CalendarDefinition]:
    notices: list[Notice] = []
    holidays: list[Holiday] = []
    areas: list[tuple[str, Path]] = []
    issued = sorted(enumerate(found.data["notices"]), key=lambda pair: str(pair[1]["issued"]))
    for index, data in issued:
        path: Path = ("notices", index)
        spans = list(_spans(data, path))
        holidays += spans
        areas += [(str(code), (*path, "areas", n)) for n, code in enumerate(data.get("areas", ()))]
        notices.append(_notice(data, spans, path))
    weekend = [WEEKDAYS.index(name) for name in found.data["weekend"]]
    yield CalendarDefinition(Calendar.of(notices, weekend), tuple(holidays), tuple(areas), _hours(found.data))


def _hours(data: dict[str, Any]) -> Hours:
    spans = [(time.fromisoformat(one["from"]), time.fromisoformat(one["to"])) for one in data.get("hours", ())]
    for at, (opens, closes) in enumerate(spans):
        if closes <= opens or (at and opens < spans[at - 1][1]):
            what = f"office hours from {opens:%H:%M} to {closes:%H:%M}"
            raise Wrong(what, "`to` follows `from`, and each span the one before", ("hours", at))
    return Hours(tuple(spans))


def _notice(data: dict[str, Any], spans: list[Holiday], path: Path) -> Notice:
    off = frozenset(one for span in spans for one in _days(span.first, span.last))
    worked = frozenset(day(text, (*path, "worked", n)) for n, text in enumerate(data.get("worked", ())))
    if both := sorted(off & worked):
        remedy = "Keep the day under `off` or under `worked`"
        raise Wrong(f"{both[0]} is both off and worked in {data['number']}", remedy, (*path, "worked"))
    return Notice(
        number=data["number"],
        issued=day(data["issued"], (*path, "issued")),
        off=off,
        worked=worked,
        covers=frozenset(data.get("covers", ())),
        areas=frozenset(map(str, data.get("areas", ()))),
    )


def _spans(data: dict[str, Any], path: Path) -> Iterator[Holiday]:
    for index, span in enumerate(data.get("off", ())):
        at = (*path, "off", index)
        first, last = day(span["from"], (*at, "from")), day(span["to"], (*at, "to"))
        if not 0 <= (last - first).days < _LONGEST:
            raise Wrong(f"days off from {first} to {last}", f"`to` follows `from`, within {_LONGEST} days", at)
        yield Holiday(first, last, Words.of(span["why"]), data["number"])


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def _check(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    codes = {area.code for area in pack.all(AreaDefinition)}
    for file, calendar in pack.definitions:
        if isinstance(calendar, CalendarDefinition):
            for code, path in calendar.areas:
                if code not in codes:
                    yield file, Wrong(f"a notice for {code}, which is no area", "Name an area of this pack", path)


_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
_NOTICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["number", "title", "issued"],
    "properties": {
        "number": {"type": "string", "minLength": 1},
        "title": words.SCHEMA,
        "issued": DATE,
        "covers": {"type": "array", "items": {"type": "integer", "minimum": 1949, "maximum": 2200}},
        "areas": {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1},
        "off": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["from", "to", "why"],
                "properties": {"from": DATE, "to": DATE, "why": words.SCHEMA},
            },
        },
        "worked": {"type": "array", "items": DATE},
    },
}

CALENDAR = kind(
    Kind(
        name="calendar",
        pattern="calendar.yaml",
        required=True,
        parse=_parse,
        check=_check,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["weekend", "notices"],
            "properties": {
                "weekend": {"type": "array", "items": {"enum": list(WEEKDAYS)}, "maxItems": 6, "uniqueItems": True},
                "notices": {"type": "array", "items": _NOTICE},
                "hours": {"type": "array", "items": record({"from": _CLOCK, "to": _CLOCK}), "minItems": 1},
            },
        },
    )
)
