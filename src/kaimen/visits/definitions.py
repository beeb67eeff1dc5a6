"""What a city decides about visitors and couriers (visits.yaml): for what, how far ahead, how long. Pure."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record
from kaimen.visits.terms import CourierTerms, VisitTerms
from kaimen.visits.trials import COURIER, PROVER

__all__ = ["COURIER", "PROVER", "SCHEMA", "VISITS"]

_TIME = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
SCHEMA = record({
    "title": words.SCHEMA,
    "source": record({"title": {"type": "string", "minLength": 1, "maxLength": 400}, "date": DATE}),
    "purposes": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "additionalProperties": words.SCHEMA,
        "minProperties": 1,
        "maxProperties": 20,
    },
    "ahead_days": {"type": "integer", "minimum": 0, "maximum": 60},
    "longest_hours": {"type": "integer", "minimum": 1, "maximum": 24},
    "a_day": {"type": "integer", "minimum": 1, "maximum": 200},
    "names_kept_days": {"type": "integer", "minimum": 1, "maximum": 365},
}, {"couriers": record({
    "longest_days": {"type": "integer", "minimum": 1, "maximum": 365}, "from": _TIME, "until": _TIME,
})})  # fmt: skip


def _terms(found: Found) -> Iterable[VisitTerms]:
    data = found.data
    published = day(data["source"]["date"], ("source", "date"))
    yield VisitTerms(
        title=Words.of(data["title"]),
        source=data["source"]["title"],
        published=published,
        purposes={code: Words.of(one) for code, one in data["purposes"].items()},
        ahead=timedelta(days=data["ahead_days"]),
        longest=timedelta(hours=data["longest_hours"]),
        a_day=data["a_day"],
        names_kept=timedelta(days=data["names_kept_days"]),
        couriers=_couriers(data["couriers"]) if "couriers" in data else None,
    )


def _couriers(data: dict[str, Any]) -> CourierTerms:
    hours = time.fromisoformat(data["from"]), time.fromisoformat(data["until"])
    if hours[0] >= hours[1]:
        raise Wrong("the couriers’ hours end before they begin", "Write the earlier time first", ("couriers",))
    return CourierTerms(timedelta(days=data["longest_days"]), hours)


VISITS = kind(Kind(name="visits", pattern="visits.yaml", schema=SCHEMA, parse=_terms))
