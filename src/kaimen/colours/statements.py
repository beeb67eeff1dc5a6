"""What sources, reviewers and authorities sign. An envelope is `[content, [[key id, signature], …]]` in canonical CBOR.

The content is the deterministic CBOR of one map, read strictly: every key known and there, every value bounded, no
other encoding. The signature (ES256, 64 raw bytes: what WebCrypto makes) is over DOMAIN + content, so that nothing
signed for another purpose is ever a statement. Every statement names the genesis of its log: taken to another system
it says nothing. Whose key may sign what is for `trust` to say; here is form and signature alone.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from kaimen.colours import bounds
from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey

DOMAIN = b"kaimen statement 1\0"
VERSION = 1
LARGEST = 128 * 1024  # bytes of an envelope: an approval of 2,000 pieces of evidence has 36 KiB

Said = bool | int | str
Checks = dict[str, Callable[[Any], Any]]


class NotAStatement(ValueError):
    """Bytes that are no statement: `field` says where, the message what would be right."""

    def __init__(self, field: str, should: str) -> None:
        super().__init__(f"{field}: {should}")
        self.field, self.should = field, should


@dataclass(frozen=True, slots=True)
class Statement:
    """What every statement says."""

    kind: ClassVar[str] = ""

    genesis: bytes  # hash of the leaf its log began with
    id: bytes  # 16 bytes, made by who signs
    made: int  # moment


@dataclass(frozen=True, slots=True)
class BySource(Statement):
    """Signed by one key of one accredited source."""

    source: str
    key: bytes  # id of the key: the first eight bytes of its hash


@dataclass(frozen=True, slots=True)
class Evidence(BySource):
    """A fact about a subject."""

    kind: ClassVar[str] = "evidence"

    status: str
    subject: bytes
    of: str  # kind of evidence, as the definition names it
    says: Mapping[str, Said]  # decimals and dates as text
    seen: int
    until: int
    basis: str  # the law that lets the source say so
    identity: bytes  # SHA-256 of the subject's salt and document number: see `identity_of`


@dataclass(frozen=True, slots=True)
class Withdrawal(BySource):
    """The source takes its evidence back."""

    kind: ClassVar[str] = "withdrawal"

    evidence: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Approval(BySource):
    """Somebody of another organisation countersigns evidence (or withdrawals) beyond the number, by their ids."""

    kind: ClassVar[str] = "approval"

    statements: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Finding(BySource):
    """The answer to an appeal: what no longer counts, and what does."""

    kind: ClassVar[str] = "finding"

    appeal: bytes  # id of the appeal's leaf
    strikes: tuple[bytes, ...]
    upholds: tuple[bytes, ...]
    reason: str  # words for the person


@dataclass(frozen=True, slots=True)
class ByAuthorities(Statement):
    """Signed by as many authorities as the genesis asks for."""


@dataclass(frozen=True, slots=True)
class Accreditation(ByAuthorities):
    """A key may sign some kinds of evidence (or `approval`, `finding`) for a source, for a time."""

    kind: ClassVar[str] = "accreditation"

    source: str
    organisation: str
    public_key: bytes  # compressed point, 33 bytes
    kinds: tuple[str, ...]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class AccreditationEnd(ByAuthorities):
    """A key counts no more: nothing it signs from its leaf on, and nothing that was logged at `since` or later."""

    kind: ClassVar[str] = "accreditation-end"

    accreditation: bytes
    since: int


@dataclass(frozen=True, slots=True)
class Publication(ByAuthorities):
    """Rules, by the SHA-256 of their text, and from when they hold."""

    kind: ClassVar[str] = "publication"

    status: str
    digest: bytes
    since: int


_ANY: Checks = {"genesis": bounds.octets(32), "id": bounds.octets(16), "made": bounds.moment}
_SOURCE: Checks = _ANY | {"source": bounds.slug, "key": bounds.octets(8)}
_IDS = bounds.several(bounds.octets(16), 2_000)
_SHAPES: Mapping[str, tuple[type[Statement], Checks]] = {
    cls.kind: (cls, checks)
    for cls, checks in (
        (Evidence, _SOURCE | {
            "status": bounds.slug, "subject": bounds.octets(16), "of": bounds.slug, "says": bounds.says,
            "seen": bounds.moment, "until": bounds.moment, "basis": bounds.text(200), "identity": bounds.octets(32),
        }),
        (Withdrawal, _SOURCE | {"evidence": bounds.octets(16), "reason": bounds.text(200)}),
        (Approval, _SOURCE | {"statements": bounds.filled(_IDS)}),
        (Finding, _SOURCE | {
            "appeal": bounds.octets(16), "strikes": _IDS, "upholds": _IDS, "reason": bounds.text(1_000),
        }),
        (Accreditation, _ANY | {
            "source": bounds.slug, "organisation": bounds.slug, "public_key": bounds.octets(33),
            "kinds": bounds.filled(bounds.several(bounds.slug, 40)), "since": bounds.moment, "until": bounds.moment,
        }),
        (AccreditationEnd, _ANY | {"accreditation": bounds.octets(16), "since": bounds.moment}),
        (Publication, _ANY | {"status": bounds.slug, "digest": bounds.octets(32), "since": bounds.moment}),
    )
}  # fmt: skip
_NAMES = {kind: frozenset({"v", "kind", *checks}) for kind, (_cls, checks) in _SHAPES.items()}
KINDS = tuple(_SHAPES)


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with the bytes that were signed, and who says to have signed them: key id and signature."""

    statement: Statement
    content: bytes
    signatures: tuple[tuple[bytes, bytes], ...]

    @property
    def message(self) -> bytes:
        """What the signatures are over."""
        return DOMAIN + self.content

    def signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is this key's."""
        return any(named == key.key_id and key.verifies(one, self.message) for named, one in self.signatures)

    def to_bytes(self) -> bytes:
        """The envelope."""
        return canonical.encode([self.content, [list(one) for one in self.signatures]])


def content_of(statement: Statement) -> bytes:
    """The bytes to sign (behind DOMAIN). Raises NotAStatement when `read` would not take them."""
    said = {field.name: _plain(getattr(statement, field.name)) for field in fields(statement)}
    content = canonical.encode({"v": VERSION, "kind": statement.kind} | said)
    read_content(content)
    return content


def sign(statement: Statement, *keys: SigningKey) -> bytes:
    """An envelope signed with each key. For programs of sources, authorities, and tests: no server holds such a key."""
    content = content_of(statement)
    return sealed(content, ((key.public.key_id, key.sign(DOMAIN + content)) for key in keys))


def sealed(content: bytes, signatures: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The envelope of content that was signed elsewhere, each signature with its key's id."""
    return canonical.encode([content, [list(one) for one in signatures]])


def read(envelope: bytes) -> Signed:
    """What an envelope holds. Its signatures are not checked here. Raises NotAStatement."""
    if len(envelope) > LARGEST:
        raise NotAStatement("envelope", f"at most {LARGEST:,} bytes")
    parts = _decoded(envelope, "envelope")
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], bytes):
        raise NotAStatement("envelope", "a list of the content's bytes and the signatures")
    content, signatures = parts
    return Signed(read_content(content), content, _signatures(signatures))


def read_content(content: bytes) -> Statement:
    """The statement of its canonical bytes. Raises NotAStatement."""
    said = _decoded(content, "content")
    if not isinstance(said, dict) or not {str}.issuperset(map(type, said)):
        raise NotAStatement("content", "a map with names as keys")
    if said.get("v") != VERSION or isinstance(said["v"], bool):
        raise NotAStatement("v", f"{VERSION}, the version of this form")
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in _SHAPES:
        raise NotAStatement("kind", f"one of {', '.join(_SHAPES)}")
    cls, checks = _SHAPES[kind]
    if said.keys() != _NAMES[kind]:
        strange = min(said.keys() ^ _NAMES[kind])
        raise NotAStatement(strange[:60], f"exactly these beside v and kind: {', '.join(checks)}")
    name, sound = "", []
    try:
        for name, check in checks.items():
            sound.append(check(said[name]))
    except bounds.OutOfBounds as error:
        raise NotAStatement(name, str(error)) from error
    return cls(*sound)


def statement_hash(envelope: bytes) -> bytes:
    """SHA-256 of the content alone: ECDSA is malleable, so a signature is no part of what names a statement."""
    return hashlib.sha256(read(envelope).content).digest()


def identity_of(salt: bytes, number: str) -> bytes:
    """What evidence says about whom it is: SHA-256 of the subject's own salt (16 bytes) and document number.

    The source works it out from the document it holds. Whoever knows salt and number can tell, nobody else.
    """
    return hashlib.sha256(b"kaimen identity 1\0" + salt + number.encode()).digest()


def _decoded(data: bytes, name: str) -> Any:
    try:
        return canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotAStatement(name, f"canonical CBOR ({error})") from error


def _signatures(value: Any) -> tuple[tuple[bytes, bytes], ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 8:
        raise NotAStatement("signatures", "one to eight of them")
    pairs = tuple(_signature(one) for one in value)
    if len({key for key, _signed in pairs}) != len(pairs):
        raise NotAStatement("signatures", "each key once")
    return pairs


def _signature(value: Any) -> tuple[bytes, bytes]:
    if isinstance(value, list) and len(value) == 2:
        key, signature = value
        if isinstance(key, bytes) and len(key) == 8 and isinstance(signature, bytes) and len(signature) == 64:
            return key, signature
    raise NotAStatement("signatures", "pairs of a key id (8 bytes) and a signature (64 bytes)")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
