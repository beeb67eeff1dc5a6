"""What a pack's tests may ask of its visits and couriers: is this one possible, and if not, why."""

from collections.abc import Iterator
from datetime import date, datetime

from kaimen.packs import Pack
from kaimen.packs.trials import Prover, Trial, prover
from kaimen.visits.terms import VisitTerms

_TIME = {"type": "string"}


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    terms = next(iter(pack.all(VisitTerms)), None)
    given = trial.given
    if terms is None:
        yield "there is no visits.yaml"
    elif given["visit"] not in terms.purposes:
        yield f"no purpose {given['visit']}; there are: {', '.join(terms.purposes)}"
    else:
        now, begins, ends = (datetime.fromisoformat(given[key]) for key in ("now", "begins", "ends"))
        refused = terms.refusal(now, begins, ends, given.get("already", 0)) or None
        if refused != trial.then["refused"]:
            yield f"refused is {refused}, not {trial.then['refused']}"


PROVER = prover(
    Prover(
        key="visit",
        given={
            "visit": {"type": "string"}, "now": _TIME, "begins": _TIME, "ends": _TIME,
            "already": {"type": "integer", "minimum": 0},
        },
        then={"refused": {"type": ["string", "null"]}},
        prove=_prove,
    )
)  # fmt: skip


def _prove_courier(pack: Pack, trial: Trial) -> Iterator[str]:
    terms = next(iter(pack.all(VisitTerms)), None)
    if terms is None or terms.couriers is None:
        yield "there are no couriers in visits.yaml"
        return
    last, today = (date.fromisoformat(trial.given[key]) for key in ("courier_until", "today"))
    refused = terms.couriers.refusal(today, last) or None
    if refused != trial.then["refused"]:
        yield f"refused is {refused}, not {trial.then['refused']}"


COURIER = prover(
    Prover(
        key="courier_until",
        given={"courier_until": _TIME, "today": _TIME},
        then={"refused": {"type": ["string", "null"]}},
        prove=_prove_courier,
    )
)
