"""Facts about buildings that the system computes itself: a small registry that rules of places read by name.

A provider answers for every building at once, as of a moment: what had been filed, seen and signed by then. A fact
that few may know says with which permission it is seen; a rule that reads it keeps its reason from everybody else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kaimen.colours.definitions import facts_provided_by
from kaimen.rules.tree import Absence, Type, Value

Values = Callable[[datetime], Mapping[str, Value]]


@dataclass(frozen=True)
class Fact:
    """One named value of a building. `unit` is what it counts ("days"), empty for words and yes or no."""

    name: str
    type: Type
    absent: Absence
    title: Any  # lazy text
    unit: Any  # lazy text
    seen_with: str  # a permission; "" where whoever sees the building sees it
    values: Values


class UnknownFact(LookupError):
    """A rule names a fact nobody provides."""


_facts: dict[str, Fact] = {}


def fact(
    name: str, type_: Type, title: Any, *, absent: Absence = "unknown", unit: Any = "", seen_with: str = ""
) -> Callable[[Values], Values]:
    """Register the function below as the provider of `name`. Raises ValueError when the name is taken."""

    def register(values: Values) -> Values:
        if name in _facts:
            raise ValueError(f"the fact {name!r} has a provider already")
        _facts[name] = Fact(name, type_, absent, title, unit, seen_with, values)
        return values

    return register


def named(name: str) -> Fact:
    """The fact `name`. Raises UnknownFact listing those there are."""
    if name not in _facts:
        raise UnknownFact(f"no fact {name!r}; there are: {', '.join(sorted(_facts))}")
    return _facts[name]


def every() -> list[Fact]:
    """All facts, by name."""
    return [_facts[name] for name in sorted(_facts)]


@facts_provided_by
def shapes() -> dict[str, tuple[Type, Absence]]:
    """The type of each fact, and what it is where it is absent: what a pack may name."""
    return {one.name: (one.type, one.absent) for one in every()}


def of_buildings(names: Iterable[str], places: Iterable[str], at: datetime) -> dict[str, dict[str, Value]]:
    """The named facts of each place (by code) as of `at` (aware). What is absent is left out. Raises UnknownFact."""
    rows: dict[str, dict[str, Value]] = {code: {} for code in places}
    for name in names:
        for code, value in named(name).values(at).items():
            if code in rows:
                rows[code][name] = value
    return rows
