"""What a demonstration is made of (sample/sample.yaml). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record

ACTS = ("evidence", "declares", "appeals", "answers")
# Personas who work in offices, not in the building.
OFFICERS = (
    "source-officer", "appeal-reviewer", "rule-keeper", "health-officer", "response-team", "community-officer",
)  # fmt: skip
CAST = (
    "district-commander", "guard", "resident", "building-manager", "grid-officer", "counter-officer", "company-clerk",
    "auditor",
)  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """What a firm does, as it stands in its name; `sort` says which departments it has."""

    zh: str
    en: str
    sort: str


@dataclass(frozen=True)
class Stage:
    """Where the personas work."""

    building: str
    firm: Words
    staff: int


@dataclass(frozen=True)
class Trouble:
    """How many buildings are not well, and why; the rest were inspected and found in order."""

    lists_behind: int  # a firm there has filed no list since the middle of the week before
    minor: int
    serious: int
    never_inspected: int


@dataclass(frozen=True)
class Office:
    """An office or laboratory whose evidence counts. `signs`: kinds of evidence, `approval`, `finding`."""

    slug: str
    title: Words
    organisation: Words
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """Something that happens to somebody's colour: so many days before the day (0: while it is played), at a time.

    `does` is one of ACTS; `office` and `kind` of evidence, `says` what it says: days before stand for dates.
    """

    before: int
    at: time
    does: str
    office: str = ""
    kind: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""  # of an appeal, of its answer
    strikes: bool = False  # whether the answer takes the evidence away


@dataclass(frozen=True)
class Case:
    """What happens to so many people, one after the other; `who` is a persona, or nobody in particular."""

    people: int
    who: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Sample:
    """How many of what to make, and out of which words."""

    slug: str
    seed: int
    day: date
    first_day: date  # nobody was back at work before
    people: int
    firms: int
    households: int  # of closed communities
    buildings: int
    firms_open: float
    staff_back: float
    away_today: float
    list_not_renewed: float
    trouble: Trouble
    division: str
    phones: str
    stage: Stage
    cast: Mapping[str, str]  # persona → name
    first_names: Mapping[str, str]  # of firms: zh → en
    trades: tuple[Trade, ...]
    form: Words
    departments: Mapping[str, tuple[str, ...]]
    family_names: Mapping[str, int]
    men: str
    women: str
    offices: tuple[Office, ...]
    officers: Mapping[str, str]  # persona → name
    cases: tuple[Case, ...]


def _parse(found: Found) -> Iterable[Sample]:
    data = found.data
    firms, people = data["firm_names"], data["people_names"]
    trades = tuple(Trade(zh, one["en"], one["sort"]) for zh, one in firms["trade"].items())
    for one in trades:
        if one.sort not in data["departments"]:
            raise Wrong(
                f"{one.zh} is of the sort {one.sort!r}, which has no departments",
                f"Sorts are: {', '.join(data['departments'])}",
                ("firm_names", "trade", one.zh, "sort"),
            )
    room = len(firms["first"]) * len(trades)
    if data["firms"] > room:
        raise Wrong(f"{data['firms']} firms, but only {room} names", "Add first names or trades", ("firms",))
    if data["people"] < data["firms"] + data["stage"]["staff"] or data["firms"] < data["buildings"]:
        raise Wrong("some building or firm would be empty", "Ask for more people or fewer firms", ("people",))
    stage, offices = data["stage"], tuple(_offices(data["offices"]))
    yield Sample(
        slug=data["sample"], seed=data["seed"], day=day(data["day"], ("day",)),
        first_day=day(data["first_day"], ("first_day",)), people=data["people"], firms=data["firms"],
        households=data["households"],
        buildings=data["buildings"], firms_open=data["firms_open"], staff_back=data["staff_back"],
        away_today=data["away_today"], list_not_renewed=data["list_not_renewed"],
        trouble=Trouble(**data["trouble"]), division=data["division"], phones=data["phones"],
        stage=Stage(stage["building"], Words.of(stage["firm"]), stage["staff"]),
        cast=data["cast"], first_names=firms["first"], trades=trades, form=Words.of(firms["form"]),
        departments={sort: tuple(names) for sort, names in data["departments"].items()},
        family_names=people["family"], men=people["men"], women=people["women"],
        offices=offices, officers=data["officers"], cases=tuple(_cases(data["cases"], offices)),
    )  # fmt: skip


def _offices(data: Mapping[str, Any]) -> Iterable[Office]:
    for slug, one in data.items():
        yield Office(slug, Words.of(one["title"]), Words.of(one["organisation"]), tuple(one["signs"]))


def _cases(data: list[Any], offices: tuple[Office, ...]) -> Iterable[Case]:
    signs = {one.slug: one.signs for one in offices}
    for number, case in enumerate(data):
        acts = []
        for at, one in enumerate(case["acts"]):
            path = ("cases", number, "acts", at)
            act = Act(
                one["before"], time.fromisoformat(one["at"]), one["does"], one.get("office", ""), one.get("kind", ""),
                one.get("says", {}), one.get("words", ""), one.get("strikes", False),
            )  # fmt: skip
            wanted = {"evidence": act.kind, "answers": "finding"}.get(act.does)
            if wanted is not None and wanted not in signs.get(act.office, ()):
                may = ", ".join(slug for slug, kinds in signs.items() if wanted in kinds) or "none"
                raise Wrong(f"{act.office or 'no office'} does not sign {wanted!r}", f"Offices that do: {may}", path)
            acts.append(act)
        yield Case(case.get("people", 1), case.get("who", ""), tuple(acts))


_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT = {"type": "integer", "minimum": 1}
_NUMBER = {"type": "integer", "minimum": 0}
_WORD = {"type": "string", "minLength": 1}
_TRADE = record({"sort": _WORD, "en": _WORD})
_SLUG = {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,59}$"}
_OFFICE = record(
    {
        "title": words.SCHEMA,
        "organisation": words.SCHEMA,
        "signs": {"type": "array", "items": _WORD, "minItems": 1},
    }
)
_ACT = record(
    {
        "before": {"type": "integer", "minimum": 0, "maximum": 3},
        "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "does": {"enum": list(ACTS)},
    },
    {
        "office": _SLUG,
        "kind": _WORD,
        "says": {"type": "object"},
        "words": _WORD,
        "strikes": {"type": "boolean"},
    },
)

SAMPLE = kind(
    Kind(
        name="sample",
        pattern="sample/sample.yaml",
        parse=_parse,
        schema=record({
            "sample": _WORD,
            "seed": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
            "day": DATE,
            "first_day": DATE,
            "people": _COUNT,
            "firms": _COUNT,
            "households": _NUMBER,
            "buildings": _COUNT,
            "firms_open": _SHARE,
            "staff_back": _SHARE,
            "away_today": _SHARE,
            "list_not_renewed": _SHARE,
            "trouble": record(dict.fromkeys(("lists_behind", "minor", "serious", "never_inspected"), _NUMBER)),
            # Written out, so that no pack makes a number that could be somebody's.
            "division": {"const": "370299"},
            "phones": {"const": "154"},
            "stage": record({"building": _WORD, "firm": words.SCHEMA, "staff": _COUNT}),
            "cast": record(dict.fromkeys(CAST, _WORD)),
            "firm_names": record({
                "first": {"type": "object", "minProperties": 1, "additionalProperties": _WORD},
                "trade": {"type": "object", "minProperties": 1, "additionalProperties": _TRADE},
                "form": words.SCHEMA,
            }),
            "departments": {"type": "object", "additionalProperties": {"type": "array", "items": _WORD, "minItems": 1}},
            "people_names": record({
                "family": {"type": "object", "minProperties": 1, "additionalProperties": _COUNT},
                "men": _WORD,
                "women": _WORD,
            }),
            "offices": {
                "type": "object", "propertyNames": _SLUG, "minProperties": 1, "additionalProperties": _OFFICE,
            },
            "officers": record(dict.fromkeys(OFFICERS, _WORD)),
            "cases": {
                "type": "array",
                "items": record(
                    {"acts": {"type": "array", "minItems": 1, "items": _ACT}},
                    {"people": _COUNT, "who": {"enum": list(CAST)}},
                ),
            },
        }),
    )
)  # fmt: skip
