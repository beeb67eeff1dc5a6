"""What a pack's tests may ask of its services: when a step opens and is due, and what it waits for on a day."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from kaimen.cases.planning import Known, Planned, missing, plan
from kaimen.cases.reading import TYPES
from kaimen.cases.spans import Counting
from kaimen.cases.terms import CaseType
from kaimen.packs import Pack
from kaimen.packs.dates import DATE, day
from kaimen.packs.trials import Prover, Trial, prover
from kaimen.register.definitions import CalendarDefinition, Head
from kaimen.rules import read_row
from kaimen.rules.tree import Type

_NAMES = {"type": "array", "items": {"type": "string"}}


def counting_of(pack: Pack) -> Counting:
    """Calendar, office hours and time zone of a pack."""
    calendar = pack.one(CalendarDefinition)
    return Counting(calendar.calendar, calendar.hours, pack.one(Head).zone)


def case_of(pack: Pack, slug: str) -> CaseType:
    """A service of the pack. Raises LookupError, naming those there are."""
    found = {one.slug: one for one in pack.all(CaseType)}
    if slug not in found:
        raise LookupError(f"there is no case type {slug}; there are: {', '.join(sorted(found)) or 'none'}")
    return found[slug]


def known_of(case: CaseType, documents: list[str], row: dict[str, Any]) -> Known:
    """Documents and values as somebody says them. Raises ValueError for one that the case does not know."""
    strange = [one for one in documents if one not in case.documents or case.documents[one].never]
    if strange:
        raise ValueError(f"{case.slug} asks for no {strange[0]}")
    return Known(frozenset(documents), read_row(row, _types(case)))


def _types(case: CaseType) -> dict[str, Type]:
    return {name: type_ for name, one in case.fields.items() if (type_ := TYPES[one.type]) is not None}


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    case = case_of(pack, trial.given["case"])
    counting = counting_of(pack)
    if trial.date is None:
        yield "a case begins on a `date`"
        return
    known = known_of(case, trial.given.get("documents", []), trial.given.get("fields", {}))
    start = datetime.combine(trial.date, time.fromisoformat(trial.given.get("at", "09:00")), counting.zone)
    timeline = {one.step.id: one for one in plan(case, start, counting, known)}
    for said in trial.then["steps"]:
        planned = timeline.get(said["step"])
        if planned is None:
            yield from () if said.get("is") == "left out" else (f"{said['step']} is no step of this case",)
            continue
        yield from _differs(case, planned, said, known, counting)


def _differs(case: CaseType, planned: Planned, said: dict[str, Any], known: Known, counting: Counting) -> Iterator[str]:
    for key, found in (("opens", planned.opens), ("due", planned.due)):
        if key in said and (found.date().isoformat() if found else None) != said[key]:
            yield f"{planned.step.id}: {key} {found.date() if found else 'never'}, not {said[key]}"
    if "is" not in said:
        return
    on = datetime.combine(day(said["date"], ("then",)), time(23, 59), counting.zone)
    lacking = missing(case, planned.step, known)
    state = "waiting" if lacking or on < planned.opens else "open"
    if state != said["is"]:
        yield f"{planned.step.id} is {state} on {said['date']}, not {said['is']}"
    if "because" in said and set(said["because"]) != set(planned.because):
        yield f"{planned.step.id} waits for {', '.join(planned.because) or 'nothing'}"


PROVER = prover(
    Prover(
        key="case",
        given={
            "case": {"type": "string"},
            "documents": _NAMES,
            "fields": {"type": "object"},
            "at": {"type": "string", "pattern": r"^\d{2}:\d{2}$"},
        },
        then={
            "steps": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["step"],
                    "properties": {
                        "step": {"type": "string"},
                        "date": DATE,
                        "because": _NAMES,
                        "is": {"enum": ["open", "waiting", "left out"]},
                        "opens": {"type": ["string", "null"]},
                        "due": {"type": ["string", "null"]},
                    },
                },
            }
        },
        prove=_prove,
    )
)
