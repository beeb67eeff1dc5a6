"""A document lies on the counter: whose file is it, and whose are the others that say its number?

Whoever's document was seen owns the number. What other files said of it is settled here, with the person present; each
settling is a row (NumberClaim). No file is lost by it: one that is somebody else's loses a number it could not prove.
"""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from kaimen.kit import clock, effects
from kaimen.register import access, actions, identifiers, secrets
from kaimen.register.actions import Claim
from kaimen.register.models import Account, Area, Employment, NumberClaim, Person, Post, Viewing

_SEEN = Person.Assurance.DOCUMENT_SEEN


def owner_of(number: str) -> Person | None:
    """Whose document showed this number (normalised)."""
    return Person.objects.filter(national_id_index=secrets.blind_national_id(number), assurance=_SEEN).first()


def may_be_the_same(by: Post, claim: Claim) -> list[Person]:
    """Files within reach of `by` that may be of the person with this document, beside the one it surely is.

    They say its number; or they have its name and phone and another number does not speak against it. None whose own
    ID card was seen, none that holds an office: those are nobody's to give away. `claim` is normalised.
    """
    says = Q(pk__in=[])
    if claim.national_id:
        says |= Q(national_id_index=secrets.blind_national_id(claim.national_id), assurance__lt=_SEEN)
    if claim.phone:
        alike = Q(name=claim.name, phone_index=secrets.blind_phone(claim.phone), national_id_index=None)
        says |= alike & Q(assurance__lt=_SEEN) if claim.national_id else alike  # a passport has come again
    office = Post.objects.exclude(area=None, organisation=None, place=None).values("person")
    files = access.visible(by, Person).filter(says).exclude(pk__in=office)
    surely = _surely(claim)
    return [file for file in files.order_by("made_at", "id") if surely is None or file.pk != surely.pk]


def see_document(by: Post, claim: Claim, area: Area | None, same: Mapping[UUID, bool] | None = None) -> Person:
    """The file of the person whose document `by` has seen; what it shows replaces what was less sure.

    `same` says of files in `may_be_the_same` whether they are this person's: those are joined to it, the others lose
    the number. Raises NotAnIdentifier, NotAllowed.
    """
    access.require(by, "register.register_person")
    claim = claim.read()
    try:
        return _see_document(by, claim, area, same or {})
    except IntegrityError:  # another counter saw the same document in this moment: now its file is found
        return _see_document(by, claim, area, same or {})


@transaction.atomic
def _see_document(by: Post, claim: Claim, area: Area | None, same: Mapping[UUID, bool]) -> Person:
    answered = [(file, same[file.pk]) for file in may_be_the_same(by, claim) if file.pk in same]
    owner, surely = owner_of(claim.national_id) if claim.national_id else None, _surely(claim)
    theirs = [file for file, is_same in answered if is_same] + [file for file in [surely] if file is not None]
    person = owner or max(theirs, key=lambda file: _fits(file, claim), default=None) or Person(area=area)
    for file in theirs:
        if file.pk != person.pk:
            _join(by, file, person)
    others = [file for file, is_same in answered if not is_same and file.national_id_index is not None]
    for file in others:
        actions.set_columns(file, secrets.national_id_columns(file.pk, None))
        file.save()
    _write(person, claim, area)
    for file in others:
        _settled(by, file, person, NumberClaim.Outcome.ANOTHER)
        effects.fire("send-text", text="number-not-yours", to=file)
    return person


def _surely(claim: Claim) -> Person | None:
    """The file that says the document's number, its name, and the phone the person names: nobody need be asked."""
    if claim.national_id is None or claim.phone is None:
        return None
    number, phone = secrets.blind_national_id(claim.national_id), secrets.blind_phone(claim.phone)
    files = Person.objects.filter(national_id_index=number, phone_index=phone, name=claim.name, assurance__lt=_SEEN)
    return files.order_by("-assurance", "made_at").first()


def _fits(file: Person, claim: Claim) -> tuple[bool, int]:
    return bool(claim.phone) and file.phone_index == secrets.blind_phone(claim.phone or ""), file.assurance


def _write(person: Person, claim: Claim, area: Area | None) -> None:
    person.name, person.given_name = claim.name, identifiers.given_name(claim.name)
    if claim.national_id:
        actions.set_columns(person, secrets.national_id_columns(person.pk, claim.national_id))
    had = secrets.open_phone(person)
    if claim.phone is not None and claim.phone != had:
        actions.set_columns(person, secrets.phone_columns(person.pk, claim.phone))
    person.area, person.assurance = area or person.area, _SEEN
    person.save()
    if had is not None and claim.phone not in (None, had):
        _shut_out(person, had)


def _shut_out(person: Person, had: str) -> None:
    """Whoever signed in by the old phone is signed out, their password is void, and the old phone is told."""
    for account in Account.objects.filter(person=person):
        account.set_unusable_password()
        account.save(update_fields=["password"])
    effects.fire("send-text", text="phone-changed", to=person, at=had)


def _join(by: Post, file: Person, person: Person) -> None:
    """What hangs on `file` hangs on `person` from now on. `file` stays, closed: nothing finds it."""
    moved = list(Employment.objects.filter(person=file).select_related("organisation"))
    theirs = {one.organisation_id: one for one in Employment.objects.filter(person=person)}
    for employment in moved:
        _move(employment, person, theirs.get(employment.organisation_id))
    for household in file.households.all():
        household.members.add(person)
        household.members.remove(file)
    Account.objects.filter(person=file).update(is_active=False)
    actions.set_columns(file, secrets.national_id_columns(file.pk, None) | secrets.phone_columns(file.pk, None))
    file.save()
    Viewing.objects.filter(person=file).update(person=person)  # who looked at it looked at theirs
    effects.fire("files-joined", file=file, person=person)  # before new passes: they belong to who is joined
    _settled(by, file, person, NumberClaim.Outcome.SAME_PERSON)
    for employment in moved:
        effects.fire("staff-changed", organisation=employment.organisation, employments=[employment.pk], by=by)


def _move(employment: Employment, person: Person, theirs: Employment | None) -> None:
    """A firm may have listed the person twice, with two phones: then one row of them goes on, the other ends."""
    if theirs is None:
        employment.person = person
    elif employment.left_on is None:
        theirs.left_on, employment.left_on = None, clock.today(ZoneInfo(settings.TIME_ZONE))
        theirs.save(update_fields=["left_on"])
    employment.save(update_fields=["person", "left_on"])


def _settled(by: Post, file: Person, person: Person, outcome: NumberClaim.Outcome) -> None:
    NumberClaim.objects.create(owner=person, claimed_by=file, by=by, outcome=outcome)
