"""The head of a pack: its name, languages and zone, and the emergencies it answers (pack.yaml)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day


@dataclass(frozen=True)
class Emergency:
    """A dated legal activation. What is held on its basis is destroyed when it ends."""

    slug: str
    title: Words
    basis: str  # the law it rests on, with its article
    began: date
    ended: date | None


@dataclass(frozen=True)
class Head:
    """What the pack says about itself."""

    slug: str
    title: Words
    languages: tuple[str, ...]
    zone: ZoneInfo
    synthetic: bool  # every person in an installation of this pack is made up
    emergencies: tuple[Emergency, ...]
    heating_season: tuple[str, str] | None  # "11-16", "04-05"


def _parse(found: Found) -> Iterable[Head]:
    data = found.data
    season = data.get("heating_season")
    yield Head(
        slug=data["pack"],
        title=Words.of(data["title"]),
        languages=tuple(data["languages"]),
        zone=_zone(data["zone"]),
        synthetic=data["synthetic"],
        emergencies=tuple(_emergency(slug, one) for slug, one in data.get("emergencies", {}).items()),
        heating_season=(season["from"], season["to"]) if season else None,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"there is no time zone {name[:60]!r}", "Name one as Asia/Shanghai", ("zone",)) from None


def _emergency(slug: str, data: dict[str, Any]) -> Emergency:
    path = ("emergencies", slug)
    began = day(data["from"], (*path, "from"))
    ended = day(data["to"], (*path, "to")) if data.get("to") else None
    if ended is not None and ended < began:
        raise Wrong(f"{slug} ends before it begins", "Put `to` on or after `from`", (*path, "to"))
    return Emergency(slug, Words.of(data["title"]), data["legal_basis"], began, ended)


_SOURCE = {"type": "string", "minLength": 1}
_DAY_OF_YEAR = {"type": "string", "pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}

HEAD = kind(
    Kind(
        name="pack",
        pattern="pack.yaml",
        required=True,
        parse=_parse,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["pack", "title", "languages", "zone", "synthetic"],
            "properties": {
                "pack": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,59}$"},
                "title": words.SCHEMA,
                "about": words.SCHEMA,
                "languages": {"const": ["zh-Hans", "en"]},
                "zone": {"type": "string"},
                "synthetic": {"type": "boolean"},
                "heating_season": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["from", "to", "source"],
                    "properties": {"from": _DAY_OF_YEAR, "to": _DAY_OF_YEAR, "source": _SOURCE},
                },
                "emergencies": {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z][a-z0-9-]*$"},
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["title", "legal_basis", "from"],
                        "properties": {
                            "title": words.SCHEMA,
                            "legal_basis": _SOURCE,
                            "source": _SOURCE,
                            "from": DATE,
                            "to": DATE,
                        },
                    },
                },
            },
        },
    )
)
