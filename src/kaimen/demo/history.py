"""What happened before the day, in the order of time; and what is still to happen on it.

The log's time never runs backwards, so visits to buildings and what happens to people come in one row.
"""

from collections.abc import Sequence
from datetime import datetime, time

from kaimen.board.models import PlaceEvidence
from kaimen.demo import authorities, cases, cast, rounds
from kaimen.demo.cases import Step
from kaimen.demo.definitions import Sample
from kaimen.kit import clock
from kaimen.ledger import advancing
from kaimen.status.models import Appeal
from kaimen.status.refusals import Refused

FIRST_DAY = 4  # before the day: the activation begins


def make(sample: Sample, buildings: Sequence[str]) -> None:
    """Begin the activation, open the offices, and do all that was due before the day. Once; again, it does nothing.

    `buildings` are those whose people it happens to; they have moved in.
    """
    if PlaceEvidence.objects.exists():
        return
    with clock.frozen(rounds.moment_of(sample, FIRST_DAY, time(9))):
        authorities.begin(sample)
        rounds.appoint_officers(sample)
        authorities.inspection_office(sample)
        for office in sample.offices:
            authorities.open_office(sample, office)
        authorities.publish_rules(sample)
        cast.take_offices(sample)
    for step in _steps(sample, buildings):
        if step.at < _morning(sample):
            with clock.frozen(step.at):
                step.do()
    with clock.frozen(_morning(sample)):
        advancing.advance()


def of_the_day(sample: Sample, buildings: Sequence[str]) -> list[Step]:
    """What the drill is to do, in the order of time."""
    return [step for step in _steps(sample, buildings) if step.at >= _morning(sample)]


def done(step: Step) -> str:
    """Do a step of the day; gives why not, where the product would not take it. Done before, it changes nothing."""
    try:
        step.do()
    except (Refused, Appeal.DoesNotExist) as error:  # a visitor answered the appeal first, or it was done before
        return str(error)
    return ""


def _steps(sample: Sample, buildings: Sequence[str]) -> list[Step]:
    return sorted([*rounds.steps(sample), *cases.steps(sample, buildings)], key=lambda step: step.at)


def _morning(sample: Sample) -> datetime:
    return rounds.moment_of(sample, 0, time())
