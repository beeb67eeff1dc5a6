"""The form of a status file (JSON Schema), and how its small values read."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kaimen.colours.bounds import WHOLE
from kaimen.colours.moments import DAY, HOUR, MINUTE
from kaimen.packs import Words, Wrong, words
from kaimen.packs.dates import DATE, day
from kaimen.packs.schemas import record
from kaimen.rules.tree import Type

__all__ = ["DECIMAL", "SCHEMA", "SHOULD", "WHOLE", "day", "duration", "zone"]

DECIMAL = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,6})?")
SHOULD = {
    Type.BOOLEAN: Words("true 或 false", "true or false"),
    Type.INTEGER: Words("小于 10^15 的整数", "a whole number below 10^15"),
    Type.DECIMAL: Words('加引号的数，如 "37.3"', 'a number in quotes, as "37.3"'),
    Type.DATE: Words("存在的日期，如 2020-03-16", "a day that exists, as 2020-03-16"),
    Type.STRING: Words("所列代码之一", "one of its codes"),
}
_UNITS = {"D": DAY, "H": HOUR, "M": MINUTE}
_SLUG = "^[a-z][a-z0-9-]{0,59}$"
_NAME = "^[a-z][a-z0-9_]{0,59}$"
_TEXT = {"type": "string", "minLength": 1, "maxLength": 400}
_DURATION = {"type": "string", "pattern": r"^(P[1-9]\d?D|PT[1-9]\d{0,2}[HM])$"}


def duration(text: str) -> int:
    """Milliseconds of an ISO 8601 duration the schema has let through: P14D, PT24H, PT15M."""
    return int(re.sub(r"\D", "", text)) * _UNITS[text[-1]]


def zone(name: str) -> ZoneInfo:
    """A time zone. Raises Wrong."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = Words(f"没有 {name[:60]!r} 这个时区", f"there is no time zone {name[:60]!r}")
        raise Wrong(what, Words("请写成 Asia/Shanghai 这样", "Name one as Asia/Shanghai"), ("zone",)) from None


def _named(pattern: str, one: dict[str, Any], most: int) -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": pattern},
        "additionalProperties": one,
        "minProperties": 1,
        "maxProperties": most,
    }


_FIELDS = _named(
    _NAME,
    record(
        {"type": {"enum": [str(one) for one in Type]}, "title": words.SCHEMA},
        {"absent": {"enum": ["unknown", False]}, "codes": _named(_SLUG, words.SCHEMA, 60)},
    ),
    40,
)
_VALUE = record({"value": {"type": ["string", "integer", "boolean"]}, "source": _TEXT})
_EVIDENCE = record({"title": words.SCHEMA, "fields": _FIELDS, "lasts": _DURATION, "basis": _TEXT | {"maxLength": 200}})
_RULE = record(
    {
        "rule": {"type": "string", "pattern": _SLUG},
        "colour": {"type": "string", "pattern": _SLUG},
        "title": words.SCHEMA,
        "says": words.SCHEMA,
        "what_next": words.SCHEMA,
        "clause": _TEXT,
    },
    {
        "when": {"type": "string", "minLength": 1, "maxLength": 2_000},
        "sources": {"type": "integer", "minimum": 1, "maximum": 3},
        "lasts": _DURATION,
    },
)
_BULK = record({
    "more_than": {"type": "integer", "minimum": 1, "maximum": 10_000},
    "days": {"type": "integer", "minimum": 1, "maximum": 31},
})  # fmt: skip

SCHEMA: dict[str, Any] = record(
    {
        "status": {"type": "string", "pattern": _SLUG},
        "subject": {"enum": ["person", "place"]},
        "title": words.SCHEMA,
        "zone": {"type": "string"},
        "source": record({"title": _TEXT}, {"number": _TEXT, "date": DATE}),
        "law": _TEXT,
        "colours": _named(_SLUG, record({"title": words.SCHEMA, "means": words.SCHEMA}), 4) | {"minProperties": 2},
        "rules": {"type": "array", "items": _RULE, "minItems": 2, "maxItems": 60},
    },
    {
        "values": _named(
            _NAME,
            record({
                "type": {"enum": [str(one) for one in Type]},
                "from": _named(DATE["pattern"], _VALUE, 100),
            }),
            40,
        ),
        "evidence": _named(_SLUG, _EVIDENCE, 40),
        "facts": _FIELDS,
        "clocks": record({}, {"late": _DURATION, "appeal": _DURATION, "grace": _DURATION}),
        "bulk": {"type": "array", "items": _BULK, "minItems": 1, "maxItems": 4},
        "lists": record({"bits": {"enum": [1, 2]}}, {"fresh": _DURATION}),
        "counts": record({"apart_from": {"type": "integer", "minimum": 1, "maximum": 100}}),
        "cut_off": record({"at": {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}}),
        "rolls_up": record({
            "to": {"type": "array", "items": {"enum": ["group", "grid", "street", "district"]}, "minItems": 1,
                   "uniqueItems": True},
            "as": {"const": "worst"},
            "with": {"const": "counts"},
        }),
    },
)  # fmt: skip
