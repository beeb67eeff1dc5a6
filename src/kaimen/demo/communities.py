"""The households of the closed communities, spread evenly over their units; one person for each, made up."""

import random  # noqa: TID251 — of a seed, for the sample

from django.db import transaction

from kaimen.demo.definitions import Sample
from kaimen.kit import clock, ids
from kaimen.register import identifiers
from kaimen.register.bulk import insert
from kaimen.register.models import Household, Person, Place

_PERSON = ("id", "made_at", "name", "given_name", "id_tail", "phone_tail", "area", "assurance", "language")
_STAIRCASE, _HOUSE = 12, 48  # households


def fill(sample: Sample) -> None:
    """Make the households of every unit that has none; in one transaction a unit."""
    units = list(Place.objects.filter(kind=Place.Kind.COMPOUND).order_by("code"))
    empty = {unit.pk for unit in units if not Household.objects.filter(place=unit).exists()}
    drawn = random.Random(sample.seed)  # noqa: S311
    for at, unit in enumerate(units if empty else []):
        share = sample.households // len(units) + (at < sample.households % len(units))
        names = [_name(sample, drawn) for _ in range(share)]
        if unit.pk in empty:
            _fill(unit, names)


@transaction.atomic
def _fill(unit: Place, names: list[str]) -> None:
    now, assurance = clock.now(), Person.Assurance.SELF_DECLARED.value
    people = [
        (ids.new_id(), now, name, identifiers.given_name(name), "", "", unit.area_id, assurance, "zh-hans")
        for name in names
    ]
    homes = [(ids.new_id(), now, unit.pk, _address(n)) for n in range(len(names))]
    insert(Person, _PERSON, people)
    insert(Household, ("id", "made_at", "place", "address"), homes)
    pairs = ((home[0], person[0]) for home, person in zip(homes, people, strict=True))
    insert(Household.members.through, ("household", "person"), pairs)


def _address(number: int) -> str:
    """House, staircase, door: two doors on each of six floors."""
    house, rest = divmod(number, _HOUSE)
    staircase, door = divmod(rest, _STAIRCASE)
    floor, side = divmod(door, 2)
    return f"{house + 1}-{staircase + 1}-{floor + 1}0{side + 1}"


def _name(sample: Sample, drawn: random.Random) -> str:
    (family,) = drawn.choices(list(sample.family_names), list(sample.family_names.values()))
    given = drawn.choice((sample.men, sample.women))
    return family + "".join(drawn.sample(given, drawn.choice((1, 2))))
