"""Who somebody is in signed statements: the subject, drawn at random for one activation.

Layer 7 knows which place in the published lists belongs to whom; it says so here (`provide`, `assign`), as this part
may not ask it. A source finds a subject by name and whole document number, one at a time, and each finding is a row
that the person reads under "who looked". A number alone leads only to the file that proved it (docs/decisions/0009).

When a counter joins two files, what stands on either stays with the person (`join`): the log knows no joining, so
their subjects stay two, and one of them leads: new evidence and new passes go to it.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kaimen.colours import leaves
from kaimen.colours.statements import identity_of
from kaimen.kit import clock
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.register import access, bulk, documents, identifiers
from kaimen.register import secrets as numbers
from kaimen.register.models import Person, Post, Viewing
from kaimen.register.queries import person_named
from kaimen.status.activations import activation, in_force
from kaimen.status.models import Genesis, Placement, Subject
from kaimen.status.refusals import Refused

T = TypeVar("T")
_ASKED = "status_subject.asked"
LOOKED_UP = "evidence"  # how a finding is called in the list of viewings
MOST_AN_HOUR = 200  # findings of one officer: a ward has fewer patients, a leaked list has more
_CHUNK = 500
_MANY = 5_000  # beyond it, all rows are read once instead of some of them often
Placed = tuple[UUID, int]  # a person, and a place in the published lists


class Provider(Protocol):
    """What layer 7 knows: which place in the lists belongs to whose pass, and which passes were taken back."""

    def placed(self, people: Collection[UUID] | None = None) -> Iterable[Placed]:
        """The passes of these people (None: of all) that may still open something."""

    def revoked(self) -> Iterable[int]:
        """The places of passes that were taken back and have not run out."""


class _Nobody:
    """Before anybody has passes."""

    def placed(self, people: Collection[UUID] | None = None) -> Iterable[Placed]:
        return ()

    def revoked(self) -> Iterable[int]:
        return ()


_providers: list[Provider] = [_Nobody()]


def provide(provider: Provider) -> None:
    """Register who knows the passes; called from AppConfig.ready. The last one is asked."""
    _providers.append(provider)


def passes() -> Provider:
    """Who knows the passes."""
    return _providers[-1]


@dataclass(frozen=True)
class Found:
    """What a source needs to sign evidence about somebody."""

    subject: UUID
    salt: bytes
    identity: bytes
    name: str


def subject_of(person: Person, genesis: Genesis | None = None) -> Subject | None:
    """The person's subject in this activation (the one in force); None before anything is known or recorded of them."""
    return subjects_of(person, genesis).filter(joined_to=None).first()


def subjects_of(person: Person, genesis: Genesis | None = None) -> QuerySet[Subject]:
    """Everyone the person is in this activation (the one in force): more than one where a counter joined files."""
    rows = Subject.objects.filter(genesis=genesis or in_force(), person=person)
    return rows.select_related("genesis", "person__area").order_by("made_at", "id")


@transaction.atomic
def join(file: Person, person: Person) -> None:
    """A counter saw that `file` is `person`'s: what is known of it is known of them, in every activation.

    Where both have a subject, the one with evidence leads, of two that have some the person's own.
    """
    for moved in Subject.objects.filter(person=file, joined_to=None):
        own = Subject.objects.filter(person=person, genesis=moved.genesis_id, joined_to=None).first()
        if own is not None:
            leads = moved if moved.evidence.exists() and not own.evidence.exists() else own
            follows = own if leads is moved else moved
            Subject.objects.filter(Q(pk=follows.pk) | Q(joined_to=follows)).update(joined_to=leads)
    Subject.objects.filter(person=file).update(person=person)


def subject_drawn(person: Person) -> Subject:
    """The person's subject, drawn when there is none, with the places of their passes. Raises Refused."""
    genesis = activation()
    known = subject_of(person, genesis)
    if known is not None:
        return known
    _draw(genesis, [person.pk])
    assign(list(passes().placed([person.pk])), genesis)
    drawn = subject_of(person, genesis)
    assert drawn is not None
    return drawn


@transaction.atomic
def assign(pairs: Sequence[Placed], genesis: Genesis | None = None) -> None:
    """Passes were issued: their places belong to these people from now on. A leaf for each, in bulk; again, nothing.

    Without an activation in force nothing is recorded; its beginning assigns what is there then.
    """
    genesis = genesis or in_force()
    if genesis is None or not pairs:
        return
    subjects = _draw(genesis, list(dict.fromkeys(person for person, _index in pairs)))
    taken = _taken(genesis, [index for _person, index in pairs])
    fresh = [(subjects[person], index) for person, index in pairs if index not in taken]
    bodies = [leaves.index(subject.bytes, index, identity) for (subject, identity), index in fresh]
    recorded = record_many([ToRecord(b.kind, b.public, b.secret) for b in bodies], emergency=genesis.emergency)
    rows = (
        (genesis.pk, subject, index, leaf) for ((subject, _identity), index), leaf in zip(fresh, recorded, strict=True)
    )
    bulk.insert(Placement, ["genesis", "subject", "index", "leaf"], rows, keeps_existing=False)


@transaction.atomic
def find(by: Post, name: str, number: str, phone: str = "") -> Found:
    """The subject whose document this officer has before them.

    Name and number must both fit, and the phone where no counter has seen the document: who guesses learns the same
    whichever was wrong, and there is no list to walk. Raises NotAllowed, NotAnIdentifier, Refused.
    """
    access.require(by, "status.give_evidence")
    name, number = identifiers.person_name(name), identifiers.national_id(number).number
    phone = identifiers.phone(phone) if phone else ""
    _bounded(by, f"{name}\n{number}\n{phone}")
    person = _on_file(name, number, phone)
    if person is None:
        raise Refused(
            "no-such-person",
            _("Nobody on file has this name with this number."),
            _("Compare both with the document. Where no counter has seen it, the phone on file is needed, too; "
              "somebody new is filed at a counter first."),
        )  # fmt: skip
    Viewing.objects.create(person=person, by=by, what=LOOKED_UP)
    subject = subject_drawn(person)
    salt = bytes(subject.salt)
    identity = identity_of(salt, number)
    if subject.identity is None:  # drawn before anybody knew the number
        Subject.objects.filter(pk=subject.pk, identity=None).update(identity=identity)
    return Found(subject.pk, salt, identity, person.name)


def _on_file(name: str, number: str, phone: str) -> Person | None:
    """Whose document it is: the file that proved the number, else one that says it with this phone, never without.

    Anybody may have typed the number of somebody else: their health would come to that file, and to that phone.
    """
    owner = documents.owner_of(number)
    if owner is not None:
        return owner if owner.name == name else None
    return person_named(name, number, phone) if phone else None


def _bounded(by: Post, asked: str) -> None:
    """At most so many questions an hour, whatever the answers. The same again, as a list put right, is no other.

    Within a transaction, which on SQLite lets nobody else count meanwhile.
    """
    key = f"status-find-{by.pk}-{clock.now():%Y%m%d%H}"
    one = numbers.sealer().blind(asked, column=_ASKED)  # no name and no number stands in a cache
    before: frozenset[bytes] = cache.get(key, frozenset())
    if one in before:
        return
    if len(before) >= MOST_AN_HOUR:
        raise Refused(
            "too-many",
            _("You have looked up %d people within an hour.") % MOST_AN_HOUR,
            _("Go on in an hour."),
        )
    cache.set(key, before | {one}, 3600)


def _draw(genesis: Genesis, people: list[UUID]) -> dict[UUID, tuple[UUID, bytes | None]]:
    """Subject and identity of each person, drawn where there was none; no identity where no number is on file."""
    known, now = _known(genesis, people), clock.now()
    rows = []
    for person, number in _numbers([person for person in people if person not in known]):
        subject, salt = _drawn(), secrets.token_bytes(16)
        identity = identity_of(salt, number) if number else None
        rows.append((subject, now, genesis.pk, person, salt, identity))
        known[person] = subject, identity
    columns = ["id", "made_at", "genesis", "person", "salt", "identity"]
    bulk.insert(Subject, columns, rows, keeps_existing=False)
    return known


def _numbers(people: list[UUID]) -> Iterable[tuple[UUID, str | None]]:
    for chunk in _chunks(people):
        for person, sealed in Person.objects.filter(pk__in=chunk).values_list("pk", "national_id"):
            yield person, numbers.opened_national_id(person, bytes(sealed)) if sealed else None


def _known(genesis: Genesis, people: list[UUID]) -> dict[UUID, tuple[UUID, bytes | None]]:
    rows = Subject.objects.filter(genesis=genesis, joined_to=None)
    wanted = [rows] if len(people) > _MANY else [rows.filter(person__in=chunk) for chunk in _chunks(people)]
    found = (row for some in wanted for row in some.values_list("person", "id", "identity"))
    return {person: (subject, bytes(identity) if identity else None) for person, subject, identity in found}


def _taken(genesis: Genesis, indexes: list[int]) -> set[int]:
    rows = Placement.objects.filter(genesis=genesis)
    wanted = [rows] if len(indexes) > _MANY else [rows.filter(index__in=chunk) for chunk in _chunks(indexes)]
    return {index for some in wanted for index in some.values_list("index", flat=True)}


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _drawn() -> UUID:
    """Sixteen random bytes: unlike a UUIDv7 it tells nobody when somebody first came to notice."""
    return UUID(bytes=secrets.token_bytes(16))
