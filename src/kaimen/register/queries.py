"""Reads of the register, limited to what the asker may see."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kaimen.register import access, actions, identifiers, secrets
from kaimen.register.models import Area, Consent, NumberClaim, Person, Place, Post, Viewing

MOST = 50


@dataclass(frozen=True)
class PeopleFound:
    """What a search found: at most MOST people, and whether there are more."""

    people: list[Person]
    more: bool


def search_people(post: Post, text: str) -> PeopleFound:
    """People by national ID, by phone, by name and the last four of the ID, by the beginning of name or given name.

    Raises NotAllowed; NotAnIdentifier for an ID number or phone that cannot be one.
    """
    access.require(post, "register.search_people")
    visible = access.visible(post, Person).select_related("area")
    number = identifiers.normalise(text)
    if re.fullmatch(r"[0-9]{15,}[0-9X]*", number):
        index = secrets.blind_national_id(identifiers.national_id(number).number)
        return _found(visible.filter(national_id_index=index))
    if re.fullmatch(r"\+?[0-9][0-9-]{6,}", number):
        return _found(visible.filter(phone_index=secrets.blind_phone(identifiers.phone(number))))
    with_tail = re.fullmatch(r"(.*\D)([0-9]{3}[0-9X])", text.strip(), re.IGNORECASE | re.DOTALL)
    if with_tail is not None:
        name, tail = identifiers.person_name(with_tail[1]), with_tail[2].upper()
        return _found(visible.filter(access.begins("name", name), id_tail=tail).order_by("name", "id"))
    return _by_name(visible, identifiers.person_name(text))


def _by_name(visible: QuerySet[Person], name: str) -> PeopleFound:
    """Names that begin so, then given names that do: two walks along an index, each stopped early."""
    people = list(visible.filter(access.begins("name", name)).order_by("name")[: MOST + 1])
    if len(people) <= MOST:
        known = {person.pk for person in people}
        given = visible.filter(access.begins("given_name", name)).order_by("given_name")[: MOST + 1]
        people += [person for person in given if person.pk not in known]
    return PeopleFound(people[:MOST], len(people) > MOST)


def _found(people: QuerySet[Person]) -> PeopleFound:
    rows = list(people[: MOST + 1])
    return PeopleFound(rows[:MOST], len(rows) > MOST)


def person_by_national_id(post: Post, number: str) -> Person | None:
    """The file whose document showed this number, if `post` may see it."""
    index = secrets.blind_national_id(number)
    seen = Person.Assurance.DOCUMENT_SEEN
    return access.visible(post, Person).filter(national_id_index=index, assurance=seen).first()


def person_named(name: str, national_id: str | None, phone: str | None) -> Person | None:
    """Whom somebody means who names a person from a document they saw elsewhere; all three normalised.

    The owner of the number, if the name is theirs; else the file that says this phone and this number, or this phone
    and name where it says no number. Never a file that says only the number: anybody may have typed it.
    """
    return actions.Files([actions.Claim(name, national_id, phone)], trusts_documents=True).find(
        actions.Claim(name, national_id, phone)
    )


def numbers_settled(post: Post, most: int = 100) -> list[NumberClaim]:
    """What became of national IDs that two files said, in the scope of an auditor, newest first. Raises NotAllowed."""
    access.require(post, "register.see_viewings")
    settled = access.visible(post, NumberClaim).select_related("by__area", "by__organisation", "by__place")
    return list(settled[:most])


def streets(post: Post | None = None) -> QuerySet[Area]:
    """The streets of the district, or those a post reaches; the area of the post itself where none lies below it."""
    areas = Area.objects.all() if post is None else access.visible(post, Area)
    found = areas.filter(level=Area.Level.STREET)
    return found if post is None or found.exists() else areas


def homes(post: Post) -> QuerySet[Place]:
    """The buildings and compounds where a household may live, within reach of a post."""
    return access.visible(post, Place).filter(kind__in=[Place.Kind.BUILDING, Place.Kind.COMPOUND]).order_by("name")


def viewings_of(person: Person, most: int = MOST) -> list[Viewing]:
    """Who opened this person's file, newest first."""
    seen = Viewing.objects.filter(person=person).select_related("by__area", "by__organisation", "by__place")
    return list(seen.order_by("-made_at")[:most])


def viewings_within(post: Post, most: int = 100) -> list[Viewing]:
    """Who opened whose file in the scope of an auditor, newest first. Raises NotAllowed."""
    access.require(post, "register.see_viewings")
    seen = access.visible(post, Viewing).select_related("by__area", "by__organisation", "by__place")
    return list(seen.order_by("-made_at")[:most])


def consents_of(person: Person, day: date) -> list[Consent]:
    """What this person agrees to on `day`, newest first."""
    return list(Consent.objects.filter(person=person, withdrawn=None, until__gte=day).order_by("-made_at"))


def post_in_words(post: Post) -> str:
    """Role and scope of a post: 窗口工作人员 · 崂山区. Never the name of who holds it."""
    return " · ".join(filter(None, [post.role_title, post.scope_title]))
