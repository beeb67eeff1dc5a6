"""A street's inspection office with an accredited key, which signs what the tests need."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kaimen.board.actions import take_in
from kaimen.board.models import PlaceEvidence
from kaimen.colours import statements
from kaimen.colours.definitions import definition_in
from kaimen.colours.moments import moment
from kaimen.colours.place_facts import identity_of
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger.actions import publish
from kaimen.register.models import Area, Organisation, Place, Post
from kaimen.register.packs_in_force import pack
from kaimen.status.models import Accreditation, Authority, Genesis, Proposal, Source

KINDS = ["inspection", "fever-report", "fever-resolved"]
GENESIS = b"g" * 32
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_KINDS = {
    statements.Accreditation: Proposal.Kind.ACCREDITATION,
    statements.AccreditationEnd: Proposal.Kind.ACCREDITATION_END,
    statements.Publication: Proposal.Kind.RULES,
}
_keys: dict[UUID, SigningKey] = {}
Say = Callable[..., bytes]


@pytest.fixture
def source_key() -> SigningKey:
    """The office's key; no server holds it."""
    return SigningKey.generate()


@pytest.fixture
def genesis(district: Area) -> Genesis:
    """An activation."""
    return Genesis.objects.create(emergency="test", content=b"", leaf=ids.new_id(), leaf_hash=GENESIS, made_at=SINCE)


@pytest.fixture
def keepers(district: Area, post: Callable[..., Post]) -> list[Post]:
    """Two who sign for rules and sources."""
    return [post("rule-keeper", district, name) for name in ("规一", "规二")]


@pytest.fixture
def rules(genesis: Genesis, keepers: list[Post]) -> Callable[..., None]:
    """The pack's rules of buildings are published; call it to publish others from a moment on."""

    def published(text: bytes, at: datetime) -> None:
        said = statements.Publication(GENESIS, ids.new_id().bytes, moment(at), "building", publish(text), moment(at))
        signed_by_both(genesis, keepers, said, at)

    published(definition_in(pack(), "building").text, SINCE)
    return published


@pytest.fixture
def office(
    genesis: Genesis, keepers: list[Post], rules: object, district: Area, source_key: SigningKey
) -> Accreditation:  # fmt: skip
    """The office, accredited for everything about buildings by two authorities."""
    agency = Organisation.objects.create(name="渡口街道办事处", kind="agency", area=district)
    source = Source.objects.create(name="街道检查组", slug="street-inspection", organisation=agency)
    until = datetime(2021, 1, 1, tzinfo=UTC)
    said = statements.Accreditation(
        genesis=GENESIS, id=ids.new_id().bytes, made=moment(SINCE), source=source.slug, organisation="street",
        public_key=source_key.public.raw, kinds=tuple(KINDS), since=moment(SINCE), until=moment(until),
    )  # fmt: skip
    return Accreditation.objects.create(
        id=UUID(bytes=said.id), source=source, public_key=source_key.public.raw, kinds=KINDS, since=SINCE, until=until,
        proposal=signed_by_both(genesis, keepers, said, SINCE),
    )  # fmt: skip


def signed_by_both(genesis: Genesis, keepers: Sequence[Post], said: statements.Statement, at: datetime) -> Proposal:
    """What both authorities signed, as it was logged at a moment; their keys are made here."""
    content = statements.content_of(said)
    kind = _KINDS[type(said)]
    proposal = Proposal.objects.create(
        genesis=genesis, kind=kind, content=content, proposed_by=keepers[0], logged_at=at
    )
    for keeper in keepers:
        key = _keys.setdefault(keeper.pk, SigningKey.generate())
        authority, _made = Authority.objects.get_or_create(post=keeper, public_key=key.public.raw)
        genesis.authorities.add(authority)
        proposal.signatures.create(authority=authority, signature=key.sign(statements.DOMAIN + content))
    return proposal


@pytest.fixture
def say(office: Accreditation, source_key: SigningKey) -> Say:
    """`say(place, kind, says)`: the envelope of a statement. Options: `key=`, `seen=`, `lasts=`."""

    def signed(
        code: str,
        kind: str,
        says: dict[str, bool | str],
        *,
        key: SigningKey | None = None,
        seen: datetime | None = None,
        made: datetime | None = None,
        lasts: timedelta = timedelta(hours=24),
    ) -> bytes:
        key, seen = key or source_key, seen or clock.now()
        place = Place.objects.get(code=code)
        return statements.sign(
            statements.Evidence(
                genesis=GENESIS, id=ids.new_id().bytes, made=moment(made or clock.now()), source="street-inspection",
                key=key.public.key_id, status="building", subject=place.pk.bytes, of=kind, says=says,
                seen=moment(seen), until=moment(seen + lasts), basis="应急条例", identity=identity_of(code),
            ),
            key,
        )  # fmt: skip

    return signed


@pytest.fixture
def inspected(say: Say) -> Callable[..., PlaceEvidence]:
    """`inspected(code, result)`: an officer was there."""

    def inspect(code: str, result: str = "in-order", **about: object) -> PlaceEvidence:
        about = {"lasts": timedelta(days=7)} | about
        return take_in(say(code, "inspection", {"inspection_result": result}, **about))

    return inspect
