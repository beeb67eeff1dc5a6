"""What signed evidence alone says of a place: its fields, and the facts that follow from it. Pure.

The board asks here when it judges, and the replay asks again. Facts that follow from anything else (the register, the
name lists) are the server's own word: see docs/reference/colours.md.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaimen.colours.statements import Evidence
from kaimen.colours.terms import StatusDefinition, typed
from kaimen.rules.tree import Value

INSPECTION, FEVER_REPORT, FEVER_RESOLVED = "inspection", "fever-report", "fever-resolved"
REPORTED, HANDLED = "fever_reported", "fever_handled"


def identity_of(code: str) -> bytes:
    """How a statement says which place it is about, for whoever knows the code."""
    return hashlib.sha256(b"kaimen place 1\0" + code.encode()).digest()


@dataclass(frozen=True)
class Field:
    """What evidence says of one field, and until when (milliseconds) it counts."""

    value: Value
    until: int


def in_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """What was seen first, first; of two seen together, what arrived later stands behind and counts."""
    return sorted(evidence, key=lambda one: one.seen)


def latest(evidence: Sequence[Evidence], of: str) -> Evidence | None:
    """The latest of a kind, run out or not; `evidence` is about one place, in order."""
    return next((one for one in reversed(evidence) if one.of == of), None)


def fields_of(evidence: Sequence[Evidence], definition: StatusDefinition, at: int) -> dict[str, Field]:
    """What the latest evidence of each kind says and is in force at `at`; about one place, in order."""
    found: dict[str, Field] = {}
    for kind in definition.evidence.values():
        one = latest(evidence, kind.slug)
        if one is None or (until := min(one.until, one.seen + kind.lasts)) <= at:
            continue
        for name, field in kind.fields.items():
            try:
                found[name] = Field(typed(one.says[name], field), until)
            except (KeyError, ValueError):
                continue  # what the definition does not know, or not so, counts for nothing
    return found


def inspection_overdue(evidence: Sequence[Evidence], at: int) -> bool | None:
    """Whether the last inspection has run out; unknown where there never was one."""
    last = latest(evidence, INSPECTION)
    return None if last is None else last.until <= at


def fevers_open(evidence: Sequence[Evidence], at: int) -> int | None:
    """How many reports of a fever are neither dealt with nor run out; none where there is none.

    A report that is dealt with stands for every report that was seen before it.
    """
    closed = latest([one for one in evidence if one.says.get(HANDLED)], FEVER_RESOLVED)
    still = [
        one for one in evidence
        if one.of == FEVER_REPORT and one.says.get(REPORTED) and one.until > at
        and (closed is None or closed.seen < one.seen)
    ]  # fmt: skip
    return len(still) or None


FACTS: Mapping[str, Callable[[Sequence[Evidence], int], Value | None]] = {
    "inspection_overdue": inspection_overdue,
    "fever_unresolved": fevers_open,
}


def checkable(definition: StatusDefinition) -> frozenset[str]:
    """The fields of rules that anybody with the evidence can work out."""
    return frozenset(definition.field_kinds) | (FACTS.keys() & definition.facts.keys())


def worked_out(evidence: Sequence[Evidence], definition: StatusDefinition, at: int) -> dict[str, Value]:
    """All that evidence about one place (in order) says at `at`; what is absent is left out."""
    found = {name: one.value for name, one in fields_of(evidence, definition, at).items()}
    for name in FACTS.keys() & definition.facts.keys():
        value = FACTS[name](evidence, at)
        if value is not None:
            found[name] = value
    return found
