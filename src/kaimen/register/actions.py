"""Verbs of the register: file a person, employ one, open a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from kaimen.kit import effects
from kaimen.register import access, bulk, identifiers, secrets
from kaimen.register.models import (
    Account,
    Area,
    Employment,
    Household,
    NumberClaim,
    Organisation,
    Person,
    Place,
    Post,
    Viewing,
)

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
    """The file of the person who is named so, by somebody who saw no document; made where there is none.

    A number typed is a claim and leads to nobody's file: the phone does, together with the number or, where one of the
    two says no number, with the name. Where a document showed the number, a list that gives number and name means its
    owner, whatever the phone; people about themselves (`by` None) reach no file but one of the phone they name.
    What is known is never replaced by what is less sure. Raises NotAnIdentifier, NotAllowed.
    """
    return file_people(by, [Claim(name, national_id, phone)], area, assurance)[0]


@transaction.atomic
def file_people(by: Post | None, claims: Sequence[Claim], area: Area | None, assurance: int) -> list[Person]:
    """`file_person` for many at once, in the order of `claims`; all of them or none."""
    assert assurance < Assurance.DOCUMENT_SEEN, "a document is seen at a counter: documents.see_document"
    _may_file(by)
    read = [claim.read() for claim in claims]
    files = Files(read, trusts_documents=by is not None)
    people = [_filed(by, files, claim, area, assurance) for claim in read]
    files.save()
    _tell_owners(by, files)
    return people


@transaction.atomic
def follow(by: Post, named: Sequence[tuple[Person, Claim]], area: Area | None) -> list[Person]:
    """The files of employees whom their firm now names otherwise than before, in the order of `named`.

    The file that the new naming means, where there is one. A file that only this firm ever named and nobody has come
    into is corrected; every other stays as it is. Raises NotAnIdentifier, NotAllowed.
    """
    _may_file(by)
    read = [claim.read() for _person, claim in named]
    files = Files(read, trusts_documents=True)
    followed = []
    for (person, _claim), claim in zip(named, read, strict=True):
        found = files.find(claim)
        if found is None and _only_named_by(by, person):
            _rename(person, claim)
            files.changed[person.pk] = person
        elif found is not None:
            _complete(files, found, claim, area, Assurance.SELF_DECLARED, by)
        files.know(found or person, claim)
        followed.append(found or person)
    files.save()
    _tell_owners(by, files)
    return followed


def _may_file(by: Post | None) -> None:
    if by is not None and not any(access.grants(by, permission) for permission in _MAY_FILE):
        raise access.NotAllowed(_MAY_FILE[0])


def _filed(by: Post | None, files: "Files", claim: Claim, area: Area | None, assurance: int) -> Person:
    person = files.find(claim)
    if person is None:
        person = files.make(claim, area, assurance)
    else:
        _complete(files, person, claim, area, assurance, by)
    files.know(person, claim)
    return person


def _complete(files: "Files", person: Person, claim: Claim, area: Area | None, assurance: int, by: Post | None) -> None:
    """Write what is new and surer onto a file; a firm's number only where no other firm's people could be meant."""
    if assurance < person.assurance:
        return
    before = person.national_id_index, person.area_id, person.assurance
    lacks = claim.national_id is not None and person.national_id_index is None
    if lacks and (by is None or _only_named_by(by, person)):
        set_columns(person, secrets.national_id_columns(person.pk, claim.national_id))
    person.area = person.area or area
    person.assurance = assurance
    if before != (person.national_id_index, person.area_id, person.assurance):
        files.changed[person.pk] = person


def _only_named_by(by: Post, person: Person) -> bool:
    """Whether nothing stands on this file but what the clerk's own firm typed: correcting it shows nobody anything."""
    if person.assurance > Assurance.SELF_DECLARED or Account.objects.filter(person=person).exists():
        return False
    return not person.employments.exclude(organisation=by.organisation_id).exists()


def _rename(person: Person, claim: Claim) -> None:
    person.name, person.given_name = claim.name, identifiers.given_name(claim.name)
    if claim.national_id:
        set_columns(person, secrets.national_id_columns(person.pk, claim.national_id))
    if claim.phone:
        set_columns(person, secrets.phone_columns(person.pk, claim.phone))


def _tell_owners(by: Post | None, files: "Files") -> None:
    """Whose document was seen learns that a list gives their number another name: once a firm, however often it does.

    Nobody else learns anything: to be told that a number one typed is somebody's would make typing it worth while.
    """
    if by is None:
        return
    for owner, claimed_by in files.named_otherwise:
        told = NumberClaim.objects.filter(owner=owner, outcome=NumberClaim.Outcome.NAMED_OTHERWISE)
        if not told.filter(by__organisation=by.organisation_id, by__area=by.area_id).exists():
            NumberClaim.objects.create(
                owner=owner, claimed_by=claimed_by, by=by, outcome=NumberClaim.Outcome.NAMED_OTHERWISE
            )
            effects.fire("send-text", text="number-named-otherwise", to=owner)


class Files:
    """The files that a list of claims may be about, and those it makes or changes."""

    def __init__(self, claims: Sequence[Claim], *, trusts_documents: bool) -> None:
        ids = {secrets.blind_national_id(claim.national_id) for claim in claims if claim.national_id}
        phones = {secrets.blind_phone(claim.phone) for claim in claims if claim.phone}
        proved = _where("national_id_index", ids, assurance=Assurance.DOCUMENT_SEEN) if trusts_documents else []
        self._owners = {bytes(person.national_id_index or b""): person for person in proved}
        self._by_phone: dict[bytes, list[Person]] = {}
        for person in sorted(_where("phone_index", phones), key=lambda one: (-one.assurance, one.made_at, one.pk)):
            self._by_phone.setdefault(bytes(person.phone_index or b""), []).append(person)
        self._meant: dict[Any, bytes] = {}  # file → the number that a claim of this list gave with it
        self.made: dict[Any, Person] = {}
        self.changed: dict[Any, Person] = {}
        self.named_otherwise: list[tuple[Person, Person]] = []

    def find(self, claim: Claim) -> Person | None:
        """The file that `claim` means: its number's owner if the name is theirs, else one with its phone."""
        owner = self._owner(claim)
        return owner if owner is not None and owner.name == claim.name else self._agreeing(claim)

    def _owner(self, claim: Claim) -> Person | None:
        number = _number(claim)
        return self._owners.get(number) if number is not None else None

    def _agreeing(self, claim: Claim) -> Person | None:
        """With the same number first; else one of the two has none. Two numbers are two people who share a phone."""
        number = _number(claim)
        known = [(self._meant.get(one.pk, one.national_id_index), one) for one in self._by_phone.get(_key(claim), [])]
        alike = [one for its, one in known if number is not None and its == number]
        namesakes = [one for its, one in known if one.name == claim.name and (number is None or its is None)]
        if claim.phone is None:  # only of this very list: no file there was is known by a number alone
            return next((one for one in alike if one.name == claim.name), None)
        return next(iter(alike + namesakes), None)

    def make(self, claim: Claim, area: Area | None, assurance: int) -> Person:
        """A new file."""
        person = Person(name=claim.name, given_name=identifiers.given_name(claim.name), area=area, assurance=assurance)
        set_columns(person, secrets.national_id_columns(person.pk, claim.national_id))
        set_columns(person, secrets.phone_columns(person.pk, claim.phone))
        self.made[person.pk] = person
        if (owner := self._owner(claim)) is not None:
            self.named_otherwise.append((owner, person))
        return person

    def know(self, person: Person, claim: Claim) -> None:
        """Find this file for the claims that follow, by what `claim` said of it."""
        files = self._by_phone.setdefault(_key(claim), [])
        if person not in files:
            files.append(person)
        if (number := _number(claim)) is not None:
            self._meant[person.pk] = number

    def save(self) -> None:
        """Write what was made and changed."""
        rows = (_row(person, _MADE.values()) for person in self.made.values())
        bulk.insert(Person, list(_MADE), rows, keeps_existing=False)
        changed = (person for person in self.changed.values() if person.pk not in self.made)
        bulk.update(Person, list(_WRITTEN), (_row(person, (*_WRITTEN.values(), "pk")) for person in changed))


# Fields to write, and the attributes that hold them.
_WRITTEN = {name: name for name in (
    "name", "given_name", "national_id", "national_id_index", "id_tail", "phone", "phone_index", "phone_tail",
    "assurance",
)} | {"area": "area_id"}  # fmt: skip
_MADE = {"id": "id", "made_at": "made_at", "language": "language"} | _WRITTEN


def _key(claim: Claim) -> bytes:
    return secrets.blind_phone(claim.phone) if claim.phone else b""


def _number(claim: Claim) -> bytes | None:
    return secrets.blind_national_id(claim.national_id) if claim.national_id else None


def _row(person: Person, attributes: Iterable[str]) -> list[Any]:
    return [getattr(person, attribute) for attribute in attributes]


def _where(column: str, values: set[bytes], **about: Any) -> list[Person]:
    wanted = sorted(values)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    return [person for chunk in chunks for person in Person.objects.filter(**{f"{column}__in": chunk}, **about)]


def set_columns(person: Person, columns: dict[str, bytes | str | None]) -> None:
    """Write the columns of a number onto a file, unsaved."""
    for column, value in columns.items():
        setattr(person, column, value)


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
