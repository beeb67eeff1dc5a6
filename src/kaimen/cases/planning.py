"""When each step of a case opens and is due, from its definition and a calendar alone. Pure.

The plan is the office's promise: whoever has a clock takes all of it, an applicant without one acts at once, a period
runs in full. What may follow later is taken to come in time; the step it must precede says that it waits for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kaimen.cases.spans import Counting, Moment
from kaimen.cases.terms import CaseType, Step
from kaimen.rules import Expression, compile_rules
from kaimen.rules.tree import Value


@dataclass(frozen=True)
class Planned:
    """One step of a timeline."""

    step: Step
    opens: datetime
    due: datetime | None  # None where nobody has a clock
    because: tuple[str, ...]  # steps and documents that it waits for
    provisional: bool

    def as_json(self) -> dict[str, object]:
        """For `kaimen case plan --json`."""
        return {
            "step": self.step.id,
            "opens": self.opens.isoformat(),
            "due": self.due.isoformat() if self.due else None,
            "because": list(self.because),
        }


@dataclass(frozen=True)
class Known:
    """What is known when a case begins: documents that were handed in, and values of its fields."""

    documents: Collection[str] = ()
    row: Mapping[str, Value | None] = field(default_factory=dict)


def plan(case: CaseType, start: datetime, counting: Counting, known: Known) -> list[Planned]:
    """The timeline of a case that begins at `start` (aware); steps that do not concern it are left out.

    Raises NoWorkingDay, ValueError for working hours without office hours, OverflowError after the year 9999.
    """
    counting = _counting(case, start, counting, known)
    done: dict[str, Moment] = {}
    timeline = []
    for step in case.steps:
        before = [done[one] for one in step.after if one in done]
        opens = max(before, key=lambda one: one.at, default=Moment(start.astimezone(counting.zone)))
        provisional = any(one.provisional for one in before)
        if not holds(step.when, start, counting, known):
            done[step.id] = replace(
                opens, provisional=provisional
            )  # passed over: what follows waits for what is before
            continue
        ends = _ends(step, opens.at, counting)
        provisional = provisional or bool(ends and ends.provisional)
        done[step.id] = Moment(ends.at if ends else opens.at, provisional)
        because = (*(one for one in step.after if one in done), *missing(case, step, known))
        timeline.append(Planned(step, opens.at, ends.at if ends else None, because, provisional))
    return timeline


def missing(case: CaseType, step: Step, known: Known) -> list[str]:
    """Documents that a step needs and that are not there, nor any that is enough instead."""
    return [one for one in step.needs if not handed_in(case, one, known)]


def handed_in(case: CaseType, document: str, known: Known) -> bool:
    """Whether a document is there, itself or one of those that are enough. What stands in for it does not count."""
    return any(one in known.documents for one in (document, *case.documents[document].any_of))


def holds(when: Expression | None, start: datetime, counting: Counting, known: Known) -> bool:
    """Whether a condition holds on the day the case begins; unknown is no."""
    if when is None:
        return True
    (answer,) = compile_rules([when])(dict(known.row), start.astimezone(counting.zone).date())
    return answer is True


def _ends(step: Step, opens: datetime, counting: Counting) -> Moment | None:
    if step.waits is not None:
        return counting.over(opens, step.waits)
    return counting.due(opens, step.within) if step.within is not None else None


def _counting(case: CaseType, start: datetime, counting: Counting, known: Known) -> Counting:
    """With the green channel open, days are worked that else are not: notices of holidays stay as they are."""
    if case.green is None or not holds(case.green.when, start, counting, known):
        return counting
    weekend = counting.calendar.weekend - case.green.weekdays
    return replace(counting, calendar=replace(counting.calendar, weekend=weekend))
