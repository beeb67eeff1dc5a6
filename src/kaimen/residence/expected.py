"""Households on the name lists of their community: expected in the hours of their grade."""

from collections.abc import Iterable
from datetime import date

from kaimen.gate import local_time
from kaimen.gate.expected import SOURCES, Behind, Coming
from kaimen.register.models import Place
from kaimen.residence import queries


def by_cards(building: Place, day: date) -> Iterable[Coming]:
    """Who comes in with a household's card; the guard reads grade and address beside the name."""
    if building.kind != Place.Kind.COMPOUND or (said := queries.terms()) is None:
        return
    grades = dict(queries.graded(said).filter(place=building).values_list("pk", "grade"))
    cards = queries.cards_of(building).values_list(
        "carried__index", "carried__person__name", "household", "household__address"
    )
    for index, name, household, address in cards.iterator():
        grade = said.grade(grades[household])
        if grade.hours is None:
            continue
        begins, ends = (int(local_time.at(day, wall).timestamp()) for wall in grade.hours)
        behind = Behind(f"{grade.title.zh} · {address}", f"{grade.title.en} · {address}")
        yield Coming(index, name, behind, comes_as="resident", begins=begins, ends=ends)


SOURCES.append(by_cards)
