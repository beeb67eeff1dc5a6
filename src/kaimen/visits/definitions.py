"""What a city decides about visitors (visits.yaml): what they may come for, how far ahead, how long, how many. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from kaimen.packs import Found, Kind, Words, kind, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record
from kaimen.visits.terms import VisitTerms
from kaimen.visits.trials import PROVER

__all__ = ["PROVER", "SCHEMA", "VISITS"]

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
})  # fmt: skip


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
    )


VISITS = kind(Kind(name="visits", pattern="visits.yaml", schema=SCHEMA, parse=_terms))
