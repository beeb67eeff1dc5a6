"""What a pack's tests may ask of its incidents: opened then, due when, whose, and what an outcome means."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kaimen.incidents.kinds import IncidentKind
from kaimen.packs import Pack
from kaimen.packs.trials import Prover, Trial, prover

_NAMES = {"type": "array", "items": {"type": "string"}}


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    slug = trial.given["incident"]
    found = next((one for one in pack.all(IncidentKind) if one.slug == slug), None)
    if found is None:
        yield f"there is no incidents/{slug}.yaml"
        return
    said: dict[str, Any] = {"offices": list(found.offices), "above": list(found.above)}
    if "opened" in trial.given:
        said["due"] = (datetime.fromisoformat(trial.given["opened"]) + found.within).isoformat()
    if "outcome" in trial.given:
        outcome = found.outcomes.get(trial.given["outcome"])
        if outcome is None:
            yield f"no outcome {trial.given['outcome']}; there are: {', '.join(found.outcomes)}"
            return
        said |= {"upheld": outcome.upheld, "gate_told": outcome.gate is not None}
    for name, wanted in trial.then.items():
        if name not in said:
            yield f"{name} follows from `{'opened' if name == 'due' else 'outcome'}`, which is not given"
        elif said[name] != wanted:
            yield f"{name} is {said[name]}, not {wanted}"


PROVER = prover(
    Prover(
        key="incident",
        given={"incident": {"type": "string"}, "opened": {"type": "string"}, "outcome": {"type": "string"}},
        then={
            "due": {"type": "string"},
            "offices": _NAMES,
            "above": _NAMES,
            "upheld": {"type": ["boolean", "null"]},
            "gate_told": {"type": "boolean"},
        },
        prove=_prove,
    )
)
