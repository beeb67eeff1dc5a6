"""What stands in the log about colours: for each kind of leaf what everybody reads, and what only its opening says.

`ledger.record(body.kind, body.public, secret=body.secret)` writes one. A leaf is canonical CBOR of
`{v: 1, kind, at, id, c: commitment, …public}`; an opening is 32 bytes of salt and the secret's bytes. Kinds that are
not here (packs, heads of gates' chains) belong to other parts and make no colour.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kaimen.colours import bounds, statements
from kaimen.colours.judging import Judgement
from kaimen.colours.statements import BySource, Evidence, Publication
from kaimen.kit import canonical
from kaimen.proofs import commitments, merkle
from kaimen.proofs import leaf as any_leaves

PASSES = "passes"  # the name of the list of passes that were taken back: it says no colour
WHY = ("evidence", "time", "withdrawal", "approval", "appeal", "accreditation", "rules")
_OWN = {"v", "kind", "at", "id", "c", "said_at"}
_ENVELOPE = "envelope"  # the secret is a signed statement, as it was sent

Check = Callable[[Any], Any]


class NotALeaf(ValueError):
    """Bytes that are no leaf, or no leaf of their kind; the message says where and what would be right."""


@dataclass(frozen=True, slots=True)
class Body:
    """What `ledger.record` is given."""

    kind: str
    public: Mapping[str, Any]
    secret: Mapping[str, Any] | bytes | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as it stands in the log."""

    kind: str
    at: int
    id: bytes
    public: Mapping[str, Any]
    commitment: bytes | None


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment hides."""

    salt: bytes
    secret: bytes


@dataclass(frozen=True)
class _Form:
    public: Mapping[str, Check]
    secret: Mapping[str, Check] | str | None = None


def _counts(value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > 8:
        raise bounds.OutOfBounds("a map of at most 8 colours")
    return {bounds.slug(colour): bounds.count(number) for colour, number in value.items()}


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise bounds.OutOfBounds("bytes")
    return value


def _threshold(value: Any) -> int:
    if type(value) is not int or not 2 <= value <= 8:
        raise bounds.OutOfBounds("2 to 8: one authority alone decides nothing")
    return value


def _authority(value: Any) -> tuple[str, bytes]:
    if not isinstance(value, list) or len(value) != 2:
        raise bounds.OutOfBounds("pairs of a name and a key")
    return bounds.slug(value[0]), bounds.octets(33)(value[1])


def _or_none(check: Check) -> Check:
    """Names and facts may be missing: a place of which nobody can say a colour has none."""
    return lambda value: value if value in ("", {}) else check(value)


def _day(value: Any) -> str:
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise bounds.OutOfBounds("a day, 2020-03-16")


def _building(value: Any) -> tuple[str, str, int, Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) != 4:
        raise bounds.OutOfBounds("a code, a colour, a rule and facts of each building")
    code, colour, rule, facts = value
    return bounds.slug(code), _COLOUR(colour), bounds.count(rule), _FACTS(facts)


def _buildings(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > 100_000:
        raise bounds.OutOfBounds("a list of buildings")
    return tuple(_building(one) for one in value)


_ID, _DIGEST = bounds.octets(16), bounds.octets(32)
_SLUGS, _IDS = bounds.several(bounds.slug, 16), bounds.several(_ID, 100)
_COLOUR, _FACTS = _or_none(bounds.slug), _or_none(bounds.says)
_STATEMENT = _Form({"statement": _bytes})
_SOURCE = _Form({"status": bounds.slug, "source": bounds.slug}, _ENVELOPE)
_REPLY = _Form({"source": bounds.slug}, _ENVELOPE)
FORMS: Mapping[str, _Form] = {
    "genesis": _Form({
        "origin": bounds.text(120), "authorities": bounds.filled(bounds.several(_authority, 16)),
        "threshold": _threshold,
    }),
    "accredited": _STATEMENT,
    "accreditation-ended": _STATEMENT,
    "rules-published": _Form({"statement": _bytes, "status": bounds.slug, "rules": _DIGEST}),
    "evidence": _SOURCE,
    "withdrawal": _REPLY,
    "approval": _REPLY,
    "appeal-answered": _REPLY,
    "declaration": _Form({"status": bounds.slug}, {"subject": _ID, "of": bounds.slug, "said": _DIGEST}),
    "colour": _Form(
        {
            "status": bounds.slug, "from": bounds.slug, "to": bounds.slug, "rule": bounds.slug, "rules": _DIGEST,
            "sources": _SLUGS, "until": bounds.optional(bounds.moment), "why": bounds.one_of(*WHY),
        },
        {"subject": _ID, "evidence": _IDS, "appeal": bounds.optional(_ID)},
    ),
    "appeal": _Form(
        {"status": bounds.slug, "due": bounds.moment},
        {"subject": _ID, "number": bounds.text(40), "evidence": bounds.filled(_IDS)},
    ),
    "appeal-lapsed": _Form({"status": bounds.slug}, {"subject": _ID, "appeal": _ID}),
    "index": _Form({}, {"subject": _ID, "index": bounds.count, "identity": bounds.optional(_DIGEST)}),
    "list": _Form({
        "status": bounds.slug, "bits": bounds.count, "size": bounds.count, "log": bounds.count,
        "as_of": bounds.moment, "digest": _DIGEST, "counts": _counts,
    }),
    "place-evidence": _Form({"source": bounds.slug, "of": bounds.slug}, _ENVELOPE),
    "place-colour": _Form(
        {"status": bounds.slug, "rules": _DIGEST},
        {
            "place": bounds.slug, "from": _COLOUR, "to": _COLOUR, "rule": bounds.count, "facts": _FACTS,
            "as_of": bounds.moment,
        },
    ),
    "snapshot": _Form(
        {"day": _day, "digest": _DIGEST},
        {
            "status": bounds.slug, "due": bounds.moment, "rules": bounds.optional(_DIGEST), "buildings": _buildings,
        },
    ),
}  # fmt: skip


def genesis(origin: str, authorities: Iterable[tuple[str, bytes]], threshold: int = 2) -> Body:
    """What a log of colours begins with: whose keys (compressed points) count, and how many must sign."""
    pairs = [list(one) for one in authorities]
    return _sound("genesis", {"origin": origin, "authorities": pairs, "threshold": threshold})


def accredited(envelope: bytes) -> Body:
    """Two authorities let a key sign."""
    return _sound("accredited", {"statement": envelope})


def accreditation_ended(envelope: bytes) -> Body:
    """Two authorities end that."""
    return _sound("accreditation-ended", {"statement": envelope})


def rules_published(envelope: bytes) -> Body:
    """Two authorities publish rules; their text is a public object of this digest."""
    said = statements.read(envelope).statement
    assert isinstance(said, Publication), "a publication"
    return _sound("rules-published", {"statement": envelope, "status": said.status, "rules": said.digest})


def of_source(envelope: bytes) -> Body:
    """A statement of a source, as it was sent: evidence, withdrawal, approval or finding."""
    said = statements.read(envelope).statement
    assert isinstance(said, BySource), "a statement of a source"
    kind = "appeal-answered" if said.kind == "finding" else said.kind
    about = {"status": said.status} if isinstance(said, Evidence) else {}
    return _sound(kind, about | {"source": said.source}, envelope)


def declaration(status: str, subject: bytes, of: str, said: bytes) -> Body:
    """Somebody said something of themself; `said` is its SHA-256. It makes no colour."""
    return _sound("declaration", {"status": status}, {"subject": subject, "of": of, "said": said})


def colour(status: str, before: str, now: Judgement, rules: bytes, about: "About") -> Body:
    """A subject's colour or rule changed, by the rules of digest `rules`."""
    public = {
        "status": status, "from": before, "to": now.colour, "rule": now.rule, "rules": rules,
        "sources": list(now.sources), "until": now.until, "why": about.why,
    }  # fmt: skip
    return _sound("colour", public, {"subject": about.subject, "evidence": list(now.because), "appeal": about.appeal})


@dataclass(frozen=True, slots=True)
class About:
    """Whose colour changed, and what set it off."""

    subject: bytes
    why: str
    appeal: bytes | None = None  # id of the appeal's leaf


def appeal(status: str, subject: bytes, number: str, evidence: Iterable[bytes], due: int) -> Body:
    """Somebody contests the evidence their colour rests on. After `due` it stops counting until a finding comes."""
    secret = {"subject": subject, "number": number, "evidence": list(evidence)}
    return _sound("appeal", {"status": status, "due": due}, secret)


def appeal_lapsed(status: str, subject: bytes, appeal_leaf: bytes) -> Body:
    """Nobody answered in time."""
    return _sound("appeal-lapsed", {"status": status}, {"subject": subject, "appeal": appeal_leaf})


def index(subject: bytes, place: int, identity: bytes | None) -> Body:
    """A place in the published lists belongs to a subject, and never to another.

    `identity` is what evidence about the subject must carry from now on; None where no document is on file.
    """
    return _sound("index", {}, {"subject": subject, "index": place, "identity": identity})


def status_list(status: str, digest: bytes, counts: Mapping[str, int], of: "Computed") -> Body:
    """A status list is published."""
    public = {
        "status": status, "bits": of.bits, "size": of.size, "log": of.log, "as_of": of.as_of,
        "digest": digest, "counts": dict(counts),
    }  # fmt: skip
    return _sound("list", public)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a list was computed from: the leaves before `log`, at the moment `as_of`; `size` places of `bits` each."""

    bits: int
    size: int
    log: int
    as_of: int


def place_evidence(envelope: bytes) -> Body:
    """A source's statement about a place, as it was sent."""
    said = statements.read(envelope).statement
    assert isinstance(said, Evidence), "evidence"
    return _sound("place-evidence", {"source": said.source, "of": said.of}, envelope)


def place_colour(status: str, rules: bytes, said: Mapping[str, Any]) -> Body:
    """A place's colour or rule changed, by the rules of digest `rules`.

    `said`: place (code), from, to ("" where nobody can say), rule (from 1; 0 none), facts, as_of.
    """
    return _sound("place-colour", {"status": status, "rules": rules}, dict(said))


def snapshot(day: str, digest: bytes, said: Mapping[str, Any]) -> Body:
    """A day's picture of the places was frozen; `digest` is SHA-256 of its bytes.

    `said`: status, due, rules (digest, or None without any), buildings ([code, colour, rule, facts] of each).
    """
    return _sound("snapshot", {"day": day, "digest": digest}, dict(said))


def read(data: bytes) -> Leaf:
    """The leaf of its bytes. Raises NotALeaf."""
    try:
        any_leaf = any_leaves.read_leaf(data)
    except any_leaves.NotALeaf as error:
        raise NotALeaf(str(error)) from error
    public = {name: value for name, value in any_leaf.said.items() if name not in _OWN}
    form = FORMS.get(any_leaf.kind)
    if form is not None:
        public = _all_checked(public, form.public)
        if (form.secret is None) != (any_leaf.commitment is None):
            wanted = "nothing" if form.secret is None else "a commitment"
            raise NotALeaf(f"c: {wanted} in a leaf of the kind {any_leaf.kind}")
    return Leaf(any_leaf.kind, any_leaf.at, any_leaf.id, public, any_leaf.commitment)


def opened(leaf: Leaf, opening: Opening) -> Mapping[str, Any] | bytes:
    """What the opening of a leaf says: a map, or a signed statement's bytes. Raises NotALeaf."""
    if leaf.commitment is None or not commitments.opens(leaf.commitment, opening.salt, opening.secret):
        raise NotALeaf("c: the opening is not what the leaf committed to")
    form = FORMS[leaf.kind]
    if form.secret == _ENVELOPE:
        return opening.secret
    assert isinstance(form.secret, Mapping)
    return _all_checked(_map(opening.secret), form.secret)


def hash_of(data: bytes) -> bytes:
    """The hash of a leaf as the tree has it; of the genesis, what is pinned."""
    return merkle.leaf_hash(data)


def _sound(kind: str, public: dict[str, Any], secret: dict[str, Any] | bytes | None = None) -> Body:
    """A body that `read` will take. Raises NotALeaf."""
    form = FORMS[kind]
    _all_checked(public, form.public)
    if isinstance(form.secret, Mapping):
        assert isinstance(secret, dict)
        _all_checked(secret, form.secret)
    return Body(kind, public, secret)


def _map(data: bytes) -> dict[str, Any]:
    try:
        said = canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotALeaf(f"not canonical CBOR ({error})") from error
    if not isinstance(said, dict) or not {str}.issuperset(map(type, said)):
        raise NotALeaf("a map with names as keys")
    return said


def _all_checked(said: Mapping[str, Any], form: Mapping[str, Check]) -> dict[str, Any]:
    if said.keys() != form.keys():
        strange = ", ".join(sorted(map(str, said.keys() ^ form.keys())))
        raise NotALeaf(f"{strange[:120]}: exactly these: {', '.join(form)}")
    name, sound = "", {}
    try:
        for name, check in form.items():
            sound[name] = check(said[name])
    except bounds.OutOfBounds as error:
        raise NotALeaf(f"{name}: {error}") from error
    return sound
