"""Reading: units and their figures, households with grade and card."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from kaimen.kit import clock
from kaimen.register import access, packs_in_force
from kaimen.register.models import Household, Place, Post
from kaimen.residence.models import EntryCard, Grading
from kaimen.residence.terms import ResidenceTerms


@dataclass(frozen=True)
class Unit:
    """A closed community (管控单元) and its figures."""

    place: Place
    entrances: int
    households: int
    cards: int  # households with a card that opens
    missing: int  # those that should have one and have none
    grades: tuple[tuple[str, int], ...]  # title in the reader's language, households


def terms() -> ResidenceTerms | None:
    """How households are graded here; None where the pack in force says nothing of them."""
    return next(iter(packs_in_force.pack().all(ResidenceTerms)), None)


def good_cards() -> QuerySet[EntryCard]:
    """Cards that open something."""
    return EntryCard.objects.filter(carried__expires__gt=clock.now(), carried__revocation=None)


def graded(said: ResidenceTerms) -> Any:  # a QuerySet; its annotations have no type that crosses a function
    """Every household, with `grade` and whether it has a good card (`carded`)."""
    last = Grading.objects.filter(household=OuterRef("pk")).order_by("-made_at", "-id").values("grade")[:1]
    return Household.objects.annotate(
        grade=Coalesce(Subquery(last), Value(said.usual.slug)),
        carded=Exists(good_cards().filter(household=OuterRef("pk"))),
    )


def without_card(said: ResidenceTerms, place: Place) -> Any:
    """Households of a unit that should have a card and have none."""
    lets_in = [slug for slug, one in said.grades.items() if one.hours]
    return graded(said).filter(place=place, grade__in=lets_in, carded=False, members__isnull=False).distinct()


def units(by: Post, said: ResidenceTerms) -> list[Unit]:
    """The closed communities within the scope of `by`."""
    places = access.visible(by, Place).filter(kind=Place.Kind.COMPOUND).order_by("area__path", "code")
    places = places.select_related("area").annotate(entrances=Count("parts", filter=Q(parts__kind="entrance")))
    rows = graded(said).filter(place__in=places).values_list("place", "grade", "carded")
    counted: dict[tuple[object, str, bool], int] = {}
    for place, grade, carded in rows.iterator():
        counted[place, grade, carded] = counted.get((place, grade, carded), 0) + 1
    return [_unit(place, said, counted) for place in places]


def _unit(place: Place, said: ResidenceTerms, counted: dict[tuple[object, str, bool], int]) -> Unit:
    mine = {(grade, carded): n for (at, grade, carded), n in counted.items() if at == place.pk}
    missing = sum(n for (grade, carded), n in mine.items() if not carded and said.grade(grade).hours)
    language = get_language() or ""
    of_grade = {slug: mine.get((slug, True), 0) + mine.get((slug, False), 0) for slug in said.grades}
    entrances: int = place.entrances  # type: ignore[attr-defined]  # annotated
    return Unit(
        place, entrances, sum(mine.values()), sum(n for (_g, carded), n in mine.items() if carded), missing,
        tuple((one.title.to(language), of_grade[slug]) for slug, one in said.grades.items()),
    )  # fmt: skip


def households(said: ResidenceTerms, place: Place, wanted: str = "") -> Any:
    """Households of a unit, by address; `wanted` is a piece of the address or of somebody's name."""
    found = graded(said).filter(place=place)
    if wanted:
        found = found.filter(Q(address__icontains=wanted) | Q(members__name__icontains=wanted)).distinct()
    return found.prefetch_related("members").order_by("address")


def cards_of(place: Place) -> QuerySet[EntryCard]:
    """The good cards of a unit, as they are printed: by address."""
    return (
        good_cards()
        .filter(household__place=place)
        .select_related("household", "carried__person")
        .order_by("household__address", F("number"))
    )
