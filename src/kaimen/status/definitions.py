"""What a city decides when it asks another health-code service (health-code.yaml): what each answer means. Pure.

The rules that give our own colours are `kaimen.colours.definitions`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from kaimen.packs import Found, Kind, Words, kind, words


class Outcome(StrEnum):
    """What asking another service can come to. Seven, and nothing else."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    EXPIRED = "expired"
    NOT_FOUND = "not-found"
    VERIFICATION_FAILED = "verification-failed"
    TIMED_OUT = "timed-out"


COLOURS = (Outcome.GREEN, Outcome.YELLOW, Outcome.RED)
WITHOUT_COLOUR = tuple(outcome for outcome in Outcome if outcome not in COLOURS)


@dataclass(frozen=True)
class OutcomeRule:
    """What happens at the door when the service gives no colour, and the words for the person."""

    answer: Literal["enter", "desk"]  # never a refusal: no answer is nobody's fault
    says: Words


@dataclass(frozen=True)
class HealthCodeService:
    """How another service is asked, and the rule for each of the four outcomes without a colour."""

    title: Words
    within: timedelta  # one try
    tries: int
    rests: timedelta  # after failing in a row it is left alone this long
    rules: Mapping[Outcome, OutcomeRule]


_SECONDS = {"type": "integer", "minimum": 1, "maximum": 60}
_RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["answer", "says"],
    "properties": {"answer": {"enum": ["enter", "desk"]}, "says": words.SCHEMA},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "within_seconds", "tries", "rests_seconds", "outcomes"],
    "properties": {
        "title": words.SCHEMA,
        "within_seconds": _SECONDS,
        "tries": {"type": "integer", "minimum": 1, "maximum": 3},
        "rests_seconds": {"type": "integer", "minimum": 1, "maximum": 600},
        "outcomes": {
            "type": "object",
            "additionalProperties": False,
            "required": [str(outcome) for outcome in WITHOUT_COLOUR],
            "properties": {str(outcome): _RULE for outcome in WITHOUT_COLOUR},
        },
    },
}


def _service(found: Found) -> Iterable[HealthCodeService]:
    data = found.data
    yield HealthCodeService(
        title=Words.of(data["title"]),
        within=timedelta(seconds=data["within_seconds"]),
        tries=data["tries"],
        rests=timedelta(seconds=data["rests_seconds"]),
        rules={
            Outcome(name): OutcomeRule(one["answer"], Words.of(one["says"])) for name, one in data["outcomes"].items()
        },
    )


HEALTH_CODE = kind(Kind(name="health-code", pattern="health-code.yaml", schema=SCHEMA, parse=_service))
