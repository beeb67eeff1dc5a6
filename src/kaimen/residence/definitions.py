"""What a city decides about households of closed communities (residence.yaml). Pure."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record
from kaimen.residence.terms import Grade, ResidenceTerms
from kaimen.residence.trials import PROVER

__all__ = ["PROVER", "RESIDENCE", "SCHEMA"]

_WALL = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_SLUG = {"pattern": "^[a-z][a-z0-9-]{0,39}$"}
_HOURS = record({"from": _WALL, "until": _WALL})
_GRADE = record(
    {"title": words.SCHEMA, "card_days": {"type": "integer", "minimum": 1, "maximum": 365}}, {"hours": _HOURS}
)

SCHEMA = record({
    "title": words.SCHEMA,
    "source": record({"title": {"type": "string", "minLength": 1, "maxLength": 400}, "date": DATE}),
    "grades": {
        "type": "object", "propertyNames": _SLUG, "additionalProperties": _GRADE, "minProperties": 1,
        "maxProperties": 10,
    },
    "firm_pass": record({
        "longest_days": {"type": "integer", "minimum": 1, "maximum": 365},
        "refusals": {
            "type": "object", "propertyNames": _SLUG, "additionalProperties": words.SCHEMA, "minProperties": 1,
            "maxProperties": 20,
        },
    }),
    "reasons": {
        "type": "object", "propertyNames": _SLUG, "additionalProperties": words.SCHEMA, "minProperties": 1,
        "maxProperties": 20,
    },
})  # fmt: skip


def _terms(found: Found) -> Iterable[ResidenceTerms]:
    data = found.data
    published = day(data["source"]["date"], ("source", "date"))
    yield ResidenceTerms(
        title=Words.of(data["title"]),
        source=data["source"]["title"],
        published=published,
        grades={slug: _grade(slug, one) for slug, one in data["grades"].items()},
        reasons={code: Words.of(one) for code, one in data["reasons"].items()},
        firm_pass_longest=timedelta(days=data["firm_pass"]["longest_days"]),
        firm_pass_refusals={code: Words.of(one) for code, one in data["firm_pass"]["refusals"].items()},
    )


def _grade(slug: str, data: dict[str, Any]) -> Grade:
    hours = None
    if "hours" in data:
        hours = (time.fromisoformat(data["hours"]["from"]), time.fromisoformat(data["hours"]["until"]))
        if hours[0] >= hours[1]:
            what = f"{slug}: the hours end before they begin"
            raise Wrong(what, "Write the earlier time first", ("grades", slug, "hours"))
    return Grade(slug, Words.of(data["title"]), hours, timedelta(days=data["card_days"]))


RESIDENCE = kind(Kind(name="residence", pattern="residence.yaml", schema=SCHEMA, parse=_terms))
