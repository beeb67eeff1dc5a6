"""Verbs: add a household, grade it, issue the cards a unit lacks, replace one that was lost."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.gate import actions as gate
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.kit import clock
from kaimen.register import access, bulk
from kaimen.register.models import Household, Person, Place, Post
from kaimen.residence import queries
from kaimen.residence.models import EntryCard, Grading
from kaimen.residence.terms import ResidenceTerms

LOST = "lost"  # why the pass of a card was taken back


@transaction.atomic
def add_household(by: Post, place: Place, address: str, name: str) -> Household:
    """Add a household with the person who answers for it. Raises NotAllowed, NotPossible."""
    access.require(by, "residence.keep", place)
    _locked(place)
    if Household.objects.filter(place=place, address=address).exists():
        raise NotPossible(_("There is a household at this address already."), _("Search for the address."))
    household = Household.objects.create(place=place, address=address)
    household.members.add(Person.objects.create(name=name, area=place.area))
    return household


@transaction.atomic
def grade(by: Post, household: Household, slug: str, reason: str) -> Grading:
    """Give a household a grade of residence.yaml, for a reason of it. Raises NotAllowed, NotPossible."""
    access.require(by, "residence.keep", household)
    said = _terms()
    if slug not in said.grades or reason not in said.reasons:
        raise NotPossible(_("The pack in force knows no such grade or reason."), _("Load the page again."))
    given = Grading.objects.create(household=household, grade=slug, reason=reason, by=by)
    gate.lists_changed([household.place_id])
    return given


@transaction.atomic
def issue_missing(by: Post, place: Place) -> int:
    """A card for each household of a unit that should have one and has none; how many. Raises NotAllowed."""
    access.require(by, "residence.keep", place)
    _locked(place)
    said = _terms()
    wanted = list(queries.without_card(said, place).order_by("address"))
    if wanted:
        _issue(by, place, said, wanted)
    return len(wanted)


@transaction.atomic
def replace(by: Post, card: EntryCard) -> EntryCard | None:
    """A card was lost: it opens nothing any more, and its household gets another; None where its grade has no card.

    Raises NotAllowed, NotPossible.
    """
    household, place = card.household, card.household.place
    access.require(by, "residence.keep", household)
    _locked(place)
    if not queries.good_cards().filter(pk=card.pk).exists():
        raise NotPossible(_("This card opens nothing any more."), _("Load the page again."))
    PassRevoked.objects.create(revoked=card.carried, by=by, reason=LOST)
    gate.lists_changed()
    said = _terms()
    (again,) = queries.graded(said).filter(pk=household.pk)
    return _issue(by, place, said, [again])[0] if said.grade(again.grade).hours else None


def _issue(by: Post, place: Place, said: ResidenceTerms, wanted: list[Any]) -> list[EntryCard]:
    answers = _who_answers(place)
    by_grade: dict[str, list[Any]] = defaultdict(list)
    for one in wanted:
        by_grade[one.grade].append(one)
    number, cards = EntryCard.objects.filter(household__place=place).count(), []
    for slug, households in by_grade.items():
        people = [answers[one.pk] for one in households]
        passes = gate.issue_passes(by, people, Pass.Kind.CARD, clock.now() + said.grade(slug).valid)
        for one, carried in zip(households, passes, strict=True):
            number += 1
            cards.append(EntryCard(household=one, number=f"{place.code.upper()}-{number:04}", carried=carried))
    columns = [field.name for field in EntryCard._meta.concrete_fields]
    attributes = [field.attname for field in EntryCard._meta.concrete_fields]
    rows = ([getattr(one, attribute) for attribute in attributes] for one in cards)
    bulk.insert(EntryCard, columns, rows, keeps_existing=False)
    gate.lists_changed([place.pk])
    return cards


def _who_answers(place: Place) -> dict[UUID, UUID]:
    """Household → who answers for it: whoever was filed first."""
    through = Household.members.through.objects.filter(household__place=place).order_by("-id")
    return dict(through.values_list("household", "person"))


def _terms() -> ResidenceTerms:
    said = queries.terms()
    if said is None:
        raise NotPossible(_("The pack in force grades no households."), _("Add residence.yaml to the pack."))
    return said


def _locked(place: Place) -> None:
    Place.objects.select_for_update().get(pk=place.pk)
