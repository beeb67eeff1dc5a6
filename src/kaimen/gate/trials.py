"""What a pack's tests may ask of its gates: given facts about a scan, this answer, for these reasons."""

from collections.abc import Iterator
from typing import Any

from kaimen.gate.profiles import GateProfile
from kaimen.packs import Pack
from kaimen.packs.trials import Prover, Trial, prover
from kaimen.rules import read_row
from kaimen_gate.facts import FACTS
from kaimen_gate.rule_book import RuleBook
from kaimen_gate.wire import VERDICTS

# Somebody with a good card of their own at an entrance, on a list that is fresh: what is not said otherwise.
USUAL: dict[str, Any] = dict.fromkeys(FACTS) | {
    "post": "entrance", "how": "code", "live": True, "used_again": False, "revoked": False, "two_people": False,
    "listed": True, "other_building": False, "comes_as": "staff", "assurance": 1, "renewed": True,
    "within_window": True, "open": True, "vehicle": False, "list_age": 1, "lift_full": False,
}  # fmt: skip
_TYPES = {name: one.type for name, one in FACTS.items()}


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    slug = trial.given["gate"]
    profile = next((one for one in pack.all(GateProfile) if one.slug == slug), None)
    if profile is None or trial.date is None:
        yield f"there is no gate profile {slug}" if profile is None else "a gate is asked on a `date`"
        return
    given = trial.given.get("facts", {})
    unknown = sorted(given.keys() - FACTS.keys())
    if unknown:
        yield f"no gate knows {', '.join(unknown)}; there are: {', '.join(FACTS)}"
        return
    book = RuleBook(profile.wire_rules(), profile.wire_parameters())
    found = book.ask(read_row(USUAL | given, _TYPES), trial.date)
    said = {"answer": found.verdict, "reason": found.reason, "reasons": list(found.reasons)}
    for name, wanted in trial.then.items():
        if said[name] != wanted:
            yield f"{name} is {said[name]}, not {wanted}"


PROVER = prover(
    Prover(
        key="gate",
        given={"gate": {"type": "string"}, "facts": {"type": "object"}},
        then={
            "answer": {"enum": list(VERDICTS)},
            "reason": {"type": "string"},
            "reasons": {"type": "array", "items": {"type": "string"}},
        },
        prove=_prove,
    )
)
