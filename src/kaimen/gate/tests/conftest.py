"""A gate node without a network: makes entries in a chain, signs batches and requests as a real one does."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from kaimen.gate.models import Node
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.register.models import Account, Area, Person, Place, Post
from kaimen_gate import wire

MONDAY = datetime(2020, 3, 16, 0, 12, tzinfo=UTC)  # 08:12 in the wall time of the pack


@dataclass
class PaperNode:
    """A node as the centre meets it: an id, a key, a chain."""

    id: UUID
    key: SigningKey
    place: str = "ferry-house"
    epoch: int = 1
    chain: list[bytes] = field(default_factory=list)

    def enter(self, at: datetime = MONDAY, **about: object) -> bytes:
        """Decide once more; the entry's bytes."""
        entry = wire.Entry(**{  # type: ignore[arg-type]
            "id": ids.new_id(), "node": self.id, "epoch": self.epoch, "seq": len(self.chain) + 1,
            "previous": wire.link(self.chain[-1]) if self.chain else wire.FIRST_LINK, "place": self.place, "at": at,
            "direction": "in", "verdict": "enter", "reason": "on-list", "index": 7, "how": "code", "data_age": 5,
            **about,
        })  # fmt: skip
        self.chain.append(entry.to_bytes())
        return self.chain[-1]

    def batch(self, entries: list[bytes] | None = None) -> bytes:
        """Entries (all by default) in a signed batch."""
        return wire.write_batch(self.chain if entries is None else entries, self.id, self.key)

    def asks(self, path: str, at: datetime | None = None, key: SigningKey | None = None) -> dict[str, str]:
        """The headers of a signed request."""
        time = (at or clock.now()).isoformat()
        signature = (key or self.key).sign(f"GET {path}\n{time}".encode())
        return {
            "Kaimen-Node": str(self.id),
            "Kaimen-Time": time,
            "Kaimen-Signature": base64.b64encode(signature).decode(),
        }


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """Everything here happens on Monday 16 March 2020 at 08:12."""
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def ferry_house(district: Area) -> Place:
    """The building most stories of these tests happen in."""
    return Place.objects.get(code="ferry-house")


@pytest.fixture
def node(ferry_house: Place) -> PaperNode:
    """A node enrolled for Ferry House."""
    key = SigningKey.generate()
    row = Node.objects.create(name="B 门", public_key=key.public.raw)
    row.places.add(ferry_house)
    return PaperNode(row.pk, key)


@pytest.fixture
def send(client: Client) -> Callable[[bytes], object]:
    """`send(batch)`: what the centre answers."""

    def post(batch: bytes) -> object:
        return client.post("/api/gate/entries", batch, content_type="application/cbor")

    return post


@pytest.fixture
def resident(signed_in_as: Callable[[str], Client]) -> Callable[[Person], Client]:
    """`resident(person)`: that person's browser."""

    def sign_in(person: Person) -> Client:
        client = signed_in_as("resident")
        held = client.session["_auth_user_id"]
        account = Account.objects.get(pk=held)
        Post.objects.filter(person=account.person).update(person=person)
        Account.objects.filter(pk=held).update(person=person)
        return client

    return sign_in


def minutes(n: int) -> timedelta:
    """A little later."""
    return timedelta(minutes=n)


def text(answer):
    return answer.content.decode()
