"""What a pack's tests may ask of its grades: when does this one's card let in."""

from collections.abc import Iterator

from kaimen.packs import Pack
from kaimen.packs.trials import Prover, Trial, prover
from kaimen.residence.terms import ResidenceTerms


def _prove(pack: Pack, trial: Trial) -> Iterator[str]:
    terms = next(iter(pack.all(ResidenceTerms)), None)
    slug = trial.given["household_grade"]
    if terms is None:
        yield "there is no residence.yaml"
    elif slug not in terms.grades:
        yield f"no grade {slug}; there are: {', '.join(terms.grades)}"
    else:
        hours = terms.grades[slug].hours
        said = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else None
        if said != trial.then["hours"]:
            yield f"hours are {said}, not {trial.then['hours']}"


PROVER = prover(
    Prover(
        key="household_grade",
        given={"household_grade": {"type": "string"}},
        then={"hours": {"type": ["string", "null"]}},
        prove=_prove,
    )
)
