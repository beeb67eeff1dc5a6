"""Verbs of the register: file a person, employ one, open a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kaimen.register import access, bulk, identifiers, secrets
from kaimen.register.models import Account, Area, Employment, Household, Organisation, Person, Place, Post, Viewing

Assurance = Person.Assurance
_MAY_FILE = ("register.register_person", "register.import_staff")
_CHUNK = 500


@dataclass(frozen=True)
class Claim:
    """What somebody says about a person; the numbers as they were typed."""

    name: str
    national_id: str | None = None
    phone: str | None = None

    def read(self) -> "Claim":
        """The same, normalised. Raises NotAnIdentifier."""
        return Claim(
            identifiers.person_name(self.name),
            identifiers.national_id(self.national_id).number if self.national_id else None,
            identifiers.phone(self.phone) if self.phone else None,
        )


def file_person(
    by: Post | None, name: str, national_id: str | None, phone: str | None, area: Area | None, assurance: int
) -> Person:
    """The one file of this person: found by national ID, else by name and phone together, else made.

    What is known is never replaced by what is less sure: only a document seen replaces; a firm's list fills what is
    empty, but no phone on another firm's file; a person about themself (`by` None, self-declared) changes nothing on a
    file that exists. Raises NotAnIdentifier, NotAllowed.
    """
    return file_people(by, [Claim(name, national_id, phone)], area, assurance)[0]


def file_people(by: Post | None, claims: Sequence[Claim], area: Area | None, assurance: int) -> list[Person]:
    """`file_person` for many at once, in the order of `claims`; all of them or none."""
    if by is not None and not any(access.grants(by, permission) for permission in _MAY_FILE):
        raise access.NotAllowed(_MAY_FILE[0])
    read = [claim.read() for claim in claims]
    try:
        return _filed(by, read, area, assurance)
    except IntegrityError:  # somebody filed one of them in between: now they are found
        return _filed(by, read, area, assurance)


@transaction.atomic
def _filed(by: Post | None, claims: list[Claim], area: Area | None, assurance: int) -> list[Person]:
    files = _Files(claims)
    not_ours = files.of_other_firms(by)
    may_complete = by is not None or assurance > Assurance.SELF_DECLARED
    people = []
    for claim in claims:
        person = files.find(claim)
        if person is None:
            person = files.make(claim, area, assurance)
        elif may_complete and assurance >= person.assurance:
            known = Claim(claim.name, claim.national_id) if person.pk in not_ours else claim
            if _complete(person, known, area, assurance):
                files.changed[person.pk] = person
        files.know(person)
        people.append(person)
    files.save()
    return people


class _Files:
    """The files that a list of claims may be about, and those it makes or changes."""

    def __init__(self, claims: list[Claim]) -> None:
        ids = {secrets.blind_national_id(claim.national_id) for claim in claims if claim.national_id}
        phones = {secrets.blind_phone(claim.phone) for claim in claims if claim.phone}
        self._by_id = {bytes(p.national_id_index or b""): p for p in _where("national_id_index", ids)}
        self._by_phone = {(bytes(p.phone_index or b""), p.name): p for p in _where("phone_index", phones)}
        self.made: list[Person] = []
        self.changed: dict[Any, Person] = {}

    def find(self, claim: Claim) -> Person | None:
        """The file of this claim's national ID; else the one of its name and phone, unless that has another ID."""
        if claim.national_id and (person := self._by_id.get(secrets.blind_national_id(claim.national_id))):
            return person
        person = self._by_phone.get((secrets.blind_phone(claim.phone), claim.name)) if claim.phone else None
        if person is not None and claim.national_id and person.national_id_index:
            return None
        return person

    def of_other_firms(self, by: Post | None) -> set[Any]:
        """Files without a phone that another firm's list made: a clerk who knew the ID number could come in as its
        person by filling in a phone of their own. A counter fills it in."""
        if by is None or by.organisation_id is None:
            return set()
        bare = [person.pk for person in self._by_id.values() if person.phone_index is None]
        chunks = (bare[start : start + _CHUNK] for start in range(0, len(bare), _CHUNK))
        elsewhere = Employment.objects.exclude(organisation=by.organisation_id)
        return {pk for chunk in chunks for pk in elsewhere.filter(person__in=chunk).values_list("person", flat=True)}

    def make(self, claim: Claim, area: Area | None, assurance: int) -> Person:
        """A new file."""
        person = Person(name=claim.name, given_name=identifiers.given_name(claim.name), area=area, assurance=assurance)
        _set(person, secrets.national_id_columns(person.pk, claim.national_id))
        _set(person, secrets.phone_columns(person.pk, claim.phone))
        self.made.append(person)
        return person

    def know(self, person: Person) -> None:
        """Find this file for the claims that follow, by what it has gained."""
        if person.national_id_index is not None:
            self._by_id[bytes(person.national_id_index)] = person
        if person.phone_index is not None:
            self._by_phone.setdefault((bytes(person.phone_index), person.name), person)

    def save(self) -> None:
        """Write what was made and changed."""
        made = {person.pk for person in self.made}
        rows = (_row(person, _MADE.values()) for person in self.made)
        bulk.insert(Person, list(_MADE), rows, keeps_existing=False)
        changed = (person for person in self.changed.values() if person.pk not in made)
        bulk.update(Person, list(_WRITTEN), (_row(person, (*_WRITTEN.values(), "pk")) for person in changed))


# Fields to write, and the attributes that hold them.
_WRITTEN = {name: name for name in (
    "name", "given_name", "national_id", "national_id_index", "id_tail", "phone", "phone_index", "phone_tail",
    "assurance",
)} | {"area": "area_id"}  # fmt: skip
_MADE = {"id": "id", "made_at": "made_at", "language": "language"} | _WRITTEN


def _row(person: Person, attributes: Iterable[str]) -> list[Any]:
    return [getattr(person, attribute) for attribute in attributes]


def _where(column: str, values: set[bytes]) -> list[Person]:
    wanted = sorted(values)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    return [person for chunk in chunks for person in Person.objects.filter(**{f"{column}__in": chunk})]


def _set(person: Person, columns: dict[str, bytes | str | None]) -> None:
    for column, value in columns.items():
        setattr(person, column, value)


def _complete(person: Person, claim: Claim, area: Area | None, assurance: int) -> bool:
    """Write `claim` onto a file; gives whether anything changed."""
    sure = assurance >= Assurance.DOCUMENT_SEEN
    before = (person.name, person.national_id_index, person.phone_index, person.area_id, person.assurance)
    if sure and claim.name != person.name:
        person.name, person.given_name = claim.name, identifiers.given_name(claim.name)
    if claim.national_id and person.national_id_index is None:
        _set(person, secrets.national_id_columns(person.pk, claim.national_id))
    if claim.phone and (sure or person.phone_index is None):
        _change_phone(person, claim.phone)
    if area is not None and (sure or person.area_id is None):
        person.area = area
    person.assurance = max(person.assurance, assurance)
    return before != (person.name, person.national_id_index, person.phone_index, person.area_id, person.assurance)


def _change_phone(person: Person, number: str) -> None:
    """Another phone shuts the old one out: whoever signed in with it is signed out and their password is void."""
    if person.phone_index == secrets.blind_phone(number):
        return
    if person.phone_index is not None:
        for account in Account.objects.filter(person=person):
            account.set_unusable_password()
            account.save(update_fields=["password"])
    _set(person, secrets.phone_columns(person.pk, number))


@transaction.atomic
def employ(person: Person, organisation: Organisation, **about: Any) -> Employment:
    """`person` works at `organisation`, with what its clerk typed (columns of Employment); doing it again changes it.

    Somebody who had left is back.
    """
    about.setdefault("name", person.name)
    values = {"left_on": None} | about
    employment, _made = Employment.objects.update_or_create(person=person, organisation=organisation, defaults=values)
    return employment


def open_file(by: Post, person_id: UUID, what: str = "file") -> Person:
    """The file of a person, for a post that may see it; that it was opened is recorded for the person to read.

    Raises NotAllowed, Http404.
    """
    person = access.one(by, "register.see_person", Person, person_id)
    Viewing.objects.create(person=person, by=by, what=what)
    return person


@transaction.atomic
def house(by: Post, person: Person, place: Place, address: str) -> Household:
    """The person lives at this address. Raises NotAllowed."""
    access.require(by, "register.register_person", place)
    household, _made = Household.objects.get_or_create(place=place, address=address)
    household.members.add(person)
    return household
