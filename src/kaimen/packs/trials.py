"""A pack's own tests (tests/*.yaml): name, date, given, then. A lawyer can read them, `kaimen pack test` runs them.

What can be tried grows with the parts: each registers a prover under the key of `given` it answers to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator

from kaimen.packs.dates import DATE, day
from kaimen.packs.kinds import Found, Kind, kind
from kaimen.packs.messages import in_words, path_of
from kaimen.packs.pack import Pack
from kaimen.packs.problems import Wrong

Prove = Callable[[Pack, "Trial"], Iterable[str]]


@dataclass(frozen=True)
class Trial:
    """One sentence about the pack, and what must follow from what is given."""

    name: str
    date: date | None  # as known on that day
    given: dict[str, Any]
    then: dict[str, Any]
    at: int  # position in its file


@dataclass(frozen=True)
class Prover:
    """Tries trials whose `given` holds `key`; yields what did not come out as said."""

    key: str
    given: dict[str, Any]  # JSON Schema properties
    then: dict[str, Any]
    prove: Prove
    needs: tuple[str, ...] = ()  # further keys of `given` that must be there

    def schema(self) -> dict[str, Any]:
        """What such a trial may say."""
        return {
            "properties": {
                "given": {"properties": self.given, "required": list(self.needs), "additionalProperties": False},
                "then": {"properties": self.then, "additionalProperties": False, "minProperties": 1},
            }
        }


@dataclass(frozen=True)
class Outcome:
    """How a trial went: no complaint, it holds."""

    trial: Trial
    complaints: tuple[str, ...]


_provers: dict[str, Prover] = {}


def prover(new: Prover) -> Prover:
    """Register a prover. Raises ValueError when its key is taken."""
    if new.key in _provers:
        raise ValueError(f"trials given {new.key!r} are proved already")
    _provers[new.key] = new
    return new


def outcomes(pack: Pack) -> list[Outcome]:
    """Every trial of the pack, tried."""
    return [Outcome(trial, _complaints(pack, trial)) for trial in pack.all(Trial)]


def _complaints(pack: Pack, trial: Trial) -> tuple[str, ...]:
    try:
        return tuple(_prover_of(trial).prove(pack, trial))
    except (ValueError, LookupError) as error:  # a day that does not exist, a definition that is missing
        return (str(error),)


def _prover_of(trial: Trial) -> Prover:
    return next(one for key, one in _provers.items() if key in trial.given)


def _parse(found: Found) -> Iterable[Trial]:
    for index, data in enumerate(found.data):
        on = day(data["date"], (index, "date")) if "date" in data else None
        trial = Trial(data["name"], on, data["given"], data["then"], index)
        _sensible(trial, data)
        yield trial


def _sensible(trial: Trial, data: dict[str, Any]) -> None:
    if not _provers.keys() & trial.given.keys():
        what = f"nothing can be tried that is given {', '.join(trial.given) or 'nothing'}"
        raise Wrong(what, f"`given` holds one of: {', '.join(sorted(_provers))}", (trial.at, "given"))
    validator = Draft202012Validator(_prover_of(trial).schema())
    for error in validator.iter_errors(data):
        raise Wrong(*in_words(error), (trial.at, *path_of(error)))


TRIALS = kind(
    Kind(
        name="tests",
        pattern="tests/*.yaml",
        parse=_parse,
        schema={
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "given", "then"],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "date": DATE,
                    "given": {"type": "object"},
                    "then": {"type": "object"},
                },
            },
        },
    )
)
