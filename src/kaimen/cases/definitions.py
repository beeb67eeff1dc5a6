"""What a city decides about its services (cases/*.yaml) and the periods that laws fix (laws.yaml). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from kaimen.cases import reading
from kaimen.cases.checking import mistakes
from kaimen.cases.spans import PATTERN
from kaimen.cases.terms import APPLICANT, SYSTEM, CaseType, Law
from kaimen.cases.trials import PROVER
from kaimen.packs import Found, Kind, Pack, Wrong, kind, words
from kaimen.packs.dates import DATE
from kaimen.packs.schemas import record
from kaimen.register.definitions import CalendarDefinition, Role

__all__ = ["APPLICANT", "CASES", "LAWS", "PROVER", "SYSTEM", "CaseType", "Law"]

SLUG = "^[a-z][a-z0-9-]{0,59}$"
_NAME = "^[a-z][a-z0-9_]{0,59}$"
_SPAN = {"type": "string", "pattern": PATTERN}
_RULE = {"type": "string", "minLength": 1, "maxLength": 2_000}
_NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "uniqueItems": True}
_ONE_OR_MORE = {"anyOf": [{"type": "string", "minLength": 1}, _NAMES]}
_WEEKDAYS = {"type": "array", "items": {"enum": list(reading.WEEKDAYS)}, "minItems": 1, "uniqueItems": True}


def _named(pattern: str, one: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": one, "maxProperties": most}


_FIELD = record(
    {"type": {"enum": list(reading.TYPES)}, "title": words.SCHEMA, "why": words.SCHEMA},
    {
        "required": {"type": "boolean"},
        "known": {"enum": list(reading.KNOWN)},
        "choices": _named(SLUG, words.SCHEMA, 100),
    },
)
_FOLLOWS = record({"before": {"type": "string"}}, {"commitment": {"type": "boolean"}, "stand_in": {"type": "string"}})
_DOCUMENT = {
    "anyOf": [
        {"const": "never"},
        record({"title": words.SCHEMA}, {"any_of": _NAMES, "may_follow": _FOLLOWS}),
    ]
}
_STEP = record(
    {"id": {"type": "string", "pattern": SLUG}, "title": words.SCHEMA},
    {
        "by": {"type": "string"}, "after": _ONE_OR_MORE, "within": _SPAN, "waits": _SPAN, "law": {"type": "string"},
        "when": _RULE, "verifies": {"type": "boolean"},
    },
)  # fmt: skip

SCHEMA = record({
    "case": {"type": "string", "pattern": SLUG},
    "title": words.SCHEMA,
    "source": record({"title": words.SCHEMA, "date": DATE}),
    "applicant": {"enum": ["person", "organisation"]},
    "steps": {"type": "array", "items": _STEP, "minItems": 1, "maxItems": 100},
}, {
    "fields": _named(_NAME, _FIELD, 60),
    "documents": _named(SLUG, _DOCUMENT, 60),
    "green_channel": record({"when": _RULE, "adds_days": _WEEKDAYS}),
    "silence": record({"after": _SPAN, "means": {"const": "taken in"}}, {"law": {"type": "string"}}),
})  # fmt: skip

_LAW = record(
    {"title": words.SCHEMA, "article": {"type": "string", "minLength": 1}}, {"at_least": _SPAN, "at_most": _SPAN}
)


def _laws(found: Found) -> Iterable[Law]:
    for slug, data in found.data["laws"].items():
        yield reading.law(slug, data)


def _cases(found: Found) -> Iterable[CaseType]:
    if found.data["case"] != found.slug:
        what = f"case is {found.data['case']!r} but the file is named {found.slug!r}"
        raise Wrong(what, "Give both the same name", ("case",))
    yield reading.case_type(found.slug, found.data)


def _checked(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    roles = {role.slug for role in pack.all(Role)}
    laws: Mapping[str, Law] = {law.slug: law for law in pack.all(Law)}
    hours = bool(pack.one(CalendarDefinition).hours.spans)
    for file, case in pack.definitions:
        if isinstance(case, CaseType):
            yield from ((file, wrong) for wrong in mistakes(case, roles, laws, hours=hours))


LAWS = kind(Kind(name="laws", pattern="laws.yaml", schema=record({"laws": _named(SLUG, _LAW, 200)}), parse=_laws))
CASES = kind(Kind(name="cases", pattern="cases/*.yaml", schema=SCHEMA, parse=_cases, check=_checked))
