"""Whose keys count, read from what authorities signed: rebuilt from the envelopes, never from a column.

A row of `Accreditation` or `RulesVersion` that somebody wrote by hand changes nothing here.
"""

from functools import lru_cache
from uuid import UUID

from kaimen.colours import definitions, statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.moments import moment
from kaimen.colours.statements import Signed
from kaimen.colours.trust import Authority, NotAdmitted, Trust
from kaimen.colours.trust import Genesis as Pinned
from kaimen.kit.keys import PublicKey
from kaimen.ledger.models import PublicObject
from kaimen.status.models import Genesis, Proposal

Kind = Proposal.Kind
THRESHOLD = 2  # authorities that sign together


def trust_in(genesis: Genesis) -> Trust:
    """All that authorities have said in this activation. Do not change it: it is kept until they say more."""
    last = Proposal.objects.filter(genesis=genesis, logged_at__isnull=False).order_by("-logged_at", "-id")
    return _kept(genesis.pk, last.values_list("pk", flat=True).first(), last.count())


def pinned(genesis: Genesis) -> Pinned:
    """The genesis as witnesses and nodes pin it."""
    keys = [PublicKey.from_raw(bytes(one.public_key)) for one in genesis.authorities.order_by("made_at", "id")]
    return Pinned(bytes(genesis.leaf_hash), tuple(Authority(key.key_id.hex(), key) for key in keys), THRESHOLD)


def envelope_of(proposal: Proposal) -> bytes:
    """What was signed, with its signatures."""
    signatures = [
        (PublicKey.from_raw(bytes(one.authority.public_key)).key_id, bytes(one.signature))
        for one in proposal.signatures.select_related("authority").order_by("made_at", "id")
    ]
    return statements.sealed(bytes(proposal.content), signatures)


def take(trust: Trust, proposal: Proposal, at: int) -> None:
    """Let `trust` hear a proposal that enough have signed. Raises NotAdmitted."""
    signed = statements.read(envelope_of(proposal))
    match proposal.kind:
        case Kind.ACCREDITATION:
            trust.accredit(signed, at)
        case Kind.ACCREDITATION_END:
            trust.end(signed)
        case _:
            trust.publish(signed, at)


def rules_at(trust: Trust, status: str, at: int) -> StatusDefinition | None:
    """The rules in force, read from the text whose digest two authorities signed; None where none are.

    Raises LookupError when that text is gone.
    """
    digest = trust.rules_at(status, at)
    return read_rules(status, digest) if digest is not None else None


@lru_cache(maxsize=16)
def read_rules(status: str, digest: bytes) -> StatusDefinition:
    """The published text of this digest, as the log keeps it for everybody. Raises LookupError when it is gone."""
    kept = PublicObject.objects.filter(digest=digest).values_list("data", flat=True).first()
    if kept is not None and definitions.digest_of(bytes(kept)) == digest:
        return definitions.read_text(f"status/{status}.yaml", bytes(kept))
    raise LookupError(f"the text of {status} with the digest {digest.hex()} is not at hand")


def _verified(signed: Signed, key: PublicKey) -> bool:
    """A signature that held once, holds."""
    return _held(signed.message, signed.signatures, key.raw)


@lru_cache(maxsize=20_000)
def _held(message: bytes, signatures: tuple[tuple[bytes, bytes], ...], raw: bytes) -> bool:
    key = PublicKey.from_raw(raw)
    return any(named == key.key_id and key.verifies(one, message) for named, one in signatures)


@lru_cache(maxsize=4)
def _kept(genesis: UUID, _last: UUID | None, _count: int) -> Trust:
    return heard(Genesis.objects.get(pk=genesis))


def heard(genesis: Genesis) -> Trust:
    """The same, built anew: to try what one proposal more would do."""
    trust = Trust(pinned(genesis), _verified)
    for proposal in Proposal.objects.filter(genesis=genesis, logged_at__isnull=False).order_by("logged_at", "id"):
        assert proposal.logged_at is not None
        try:
            take(trust, proposal, moment(proposal.logged_at))
        except (NotAdmitted, statements.NotAStatement):
            continue  # altered by hand since: it says nothing any more
    return trust
