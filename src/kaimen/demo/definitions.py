"""What a demonstration is made of (sample/sample.yaml). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record

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
class Sample:
    """How many of what to make, and out of which words."""

    slug: str
    seed: int
    day: date
    first_day: date  # nobody was back at work before
    people: int
    firms: int
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
    stage = data["stage"]
    yield Sample(
        slug=data["sample"], seed=data["seed"], day=day(data["day"], ("day",)),
        first_day=day(data["first_day"], ("first_day",)), people=data["people"], firms=data["firms"],
        buildings=data["buildings"], firms_open=data["firms_open"], staff_back=data["staff_back"],
        away_today=data["away_today"], list_not_renewed=data["list_not_renewed"],
        trouble=Trouble(**data["trouble"]), division=data["division"], phones=data["phones"],
        stage=Stage(stage["building"], Words.of(stage["firm"]), stage["staff"]),
        cast=data["cast"], first_names=firms["first"], trades=trades, form=Words.of(firms["form"]),
        departments={sort: tuple(names) for sort, names in data["departments"].items()},
        family_names=people["family"], men=people["men"], women=people["women"],
    )  # fmt: skip


_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT = {"type": "integer", "minimum": 1}
_NUMBER = {"type": "integer", "minimum": 0}
_WORD = {"type": "string", "minLength": 1}
_TRADE = record({"sort": _WORD, "en": _WORD})

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
        }),
    )
)  # fmt: skip
