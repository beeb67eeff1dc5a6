"""The personas take the stage: people, posts, accounts without a password."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kaimen.demo.definitions import Sample
from kaimen.demo.personas import DOORS, OFFICES, username
from kaimen.demo.plan import EMPLOYED, Individual
from kaimen.register import identifiers, packs_in_force, secrets
from kaimen.register.definitions import Role
from kaimen.register.models import Account, Area, Employment, Organisation, Person, Place, Post
from kaimen.status.models import Source

# A role over an area is held over the area of this level that the stage lies in.
_LEVELS = {
    "district-commander": Area.Level.DISTRICT,
    "auditor": Area.Level.DISTRICT,
    "appeal-reviewer": Area.Level.DISTRICT,
    "rule-keeper": Area.Level.DISTRICT,
    "health-officer": Area.Level.DISTRICT,
    "response-team": Area.Level.DISTRICT,
    "community-officer": Area.Level.DISTRICT,
    "counter-officer": Area.Level.STREET,
    "grid-officer": Area.Level.GRID,
}


@transaction.atomic
def take_stage(sample: Sample, cast: Mapping[str, Individual], made_at: datetime) -> None:
    """Make every persona that is not there yet. The building they work in has been filled before."""
    building = Place.objects.select_related("area").get(code=sample.stage.building)
    firm = Organisation.objects.get(name=sample.stage.firm.zh)
    for door in DOORS:
        if Account.objects.filter(username=username(door.slug)).exists():
            continue
        if door.slug in EMPLOYED:
            person = _employee(firm, sample.cast[door.slug])
        else:
            person = _filed(cast[door.slug], building.area, made_at)
        account = Account(username=username(door.slug), person=person)
        account.set_unusable_password()
        account.save()
        Post.objects.create(
            person=person, role=door.role, since=sample.first_day, made_at=made_at, **_scope(door.role, building, firm)
        )


def take_offices(sample: Sample) -> None:
    """The personas of the offices: an officer who signs, a reviewer; the rule-keeper holds a post already."""
    building = Place.objects.select_related("area").get(code=sample.stage.building)
    clinic = Source.objects.get(slug=sample.offices[0].slug).organisation
    for door in OFFICES:
        if Account.objects.filter(username=username(door.slug)).exists():
            continue
        name, scope = sample.officers[door.slug], _scope(door.role, building, clinic)
        post = Post.objects.filter(role=door.role, person__name=name).first()
        if post is None:
            person = Person.objects.create(name=name, given_name=identifiers.given_name(name), area=building.area)
            post = Post.objects.create(person=person, role=door.role, since=sample.first_day, **scope)
        account = Account(username=username(door.slug), person=post.person)
        account.set_unusable_password()
        account.save()


def _employee(firm: Organisation, name: str) -> Person:
    return Employment.objects.select_related("person").filter(organisation=firm, name=name).earliest("id").person


def _filed(who: Individual, area: Area, made_at: datetime) -> Person:
    person = Person(name=who.name, given_name=identifiers.given_name(who.name), area=area, made_at=made_at)
    columns = secrets.national_id_columns(person.pk, who.national_id) | secrets.phone_columns(person.pk, who.phone)
    for column, value in columns.items():
        setattr(person, column, value)
    person.assurance = Person.Assurance.DOCUMENT_SEEN
    person.save()
    return person


def _scope(role: str, building: Place, firm: Organisation) -> dict[str, Area | Organisation | Place]:
    scope = next(one.scope for one in packs_in_force.pack().all(Role) if one.slug == role)
    if scope == "organisation":
        return {"organisation": firm}
    if scope == "place":
        return {"place": building}
    if scope == "area":
        above = [code for code in building.area.path.split("/") if code]
        return {"area": Area.objects.get(code__in=above, level=_LEVELS[role])}
    return {}
