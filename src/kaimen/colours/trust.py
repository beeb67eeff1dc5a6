"""Whose keys count, and the door every statement goes through.

The genesis names the authorities. Two of them together accredit a source's key and publish rules; nothing else gives a
key or a rule any force. The server asks here before it takes a statement in, and the replay asks again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kaimen.colours.moments import MINUTE
from kaimen.colours.statements import (
    Accreditation,
    AccreditationEnd,
    Approval,
    BySource,
    Evidence,
    Finding,
    Publication,
    Signed,
    Statement,
    Withdrawal,
)
from kaimen.colours.terms import EvidenceKind, StatusDefinition, typed
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.rules.tree import Value

SKEW = 5 * MINUTE  # how far a source's clock may run ahead of the log's
APPROVAL, FINDING = "approval", "finding"  # kinds an accreditation may name beside kinds of evidence

Code = Literal[
    "other-log", "not-a-statement-for-here", "too-few-authorities", "not-a-key", "period", "said-before",
    "unknown-key", "key-ended", "signature", "kind-not-accredited",
    "rules-not-published", "other-rules", "unknown-kind", "says", "late", "from-the-future", "lasts", "over",
    "other-person", "not-known", "not-theirs", "same-organisation",
]  # fmt: skip
Verify = Callable[[Signed, PublicKey], bool]


class NotAdmitted(ValueError):
    """A statement without effect: `code` says why, the message what would be right."""

    def __init__(self, code: Code, should: str) -> None:
        super().__init__(f"{code}: {should}")
        self.code: Code = code
        self.should = should


@dataclass(frozen=True)
class Authority:
    """One of those who accredit sources and publish rules."""

    name: str
    key: PublicKey


@dataclass(frozen=True)
class Genesis:
    """What a log of colours begins with. Its hash is pinned outside, at witnesses and gates."""

    hash: bytes
    authorities: tuple[Authority, ...]
    threshold: int


@dataclass
class Accredited:
    """A source's key, what it may sign, and from when to when."""

    id: bytes
    source: str
    organisation: str
    key: PublicKey
    kinds: frozenset[str]
    since: int
    until: int
    ended: int | None = None  # nothing logged then or later counts

    def in_force(self, at: int) -> bool:
        """Whether what it signs and is logged at `at` counts."""
        return self.since <= at < self.until and (self.ended is None or at < self.ended)


@dataclass
class Trust:
    """All that authorities have said so far, in the order of the log. `verify` may look a signature up."""

    genesis: Genesis
    verify: Verify = Signed.signed_by
    accredited: dict[bytes, Accredited] = field(default_factory=dict)  # by id of the accreditation
    published: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)  # status → (from, digest)
    _by_key: dict[tuple[str, bytes], list[Accredited]] = field(default_factory=dict)  # source and key id

    def accredit(self, signed: Signed, at: int) -> Accredited:
        """Take an accreditation logged at `at`. Raises NotAdmitted."""
        said = self._by_authorities(signed)
        if not isinstance(said, Accreditation):
            raise NotAdmitted("not-a-statement-for-here", "an accreditation")
        if said.id in self.accredited:
            raise NotAdmitted("said-before", "each accreditation once")
        if said.until <= said.since:
            raise NotAdmitted("period", "an accreditation ends after it begins")
        try:
            key = PublicKey.from_raw(said.public_key)
        except NotAKey as error:
            raise NotAdmitted("not-a-key", str(error)) from error
        since = max(said.since, at)  # nothing counts before the log has it
        new = Accredited(said.id, said.source, said.organisation, key, frozenset(said.kinds), since, said.until)
        self.accredited[new.id] = new
        self._by_key.setdefault((new.source, key.key_id), []).append(new)
        return new

    def end(self, signed: Signed) -> Accredited:
        """End an accreditation. What was logged at its `since` or later counts no more. Raises NotAdmitted."""
        said = self._by_authorities(signed)
        if not isinstance(said, AccreditationEnd):
            raise NotAdmitted("not-a-statement-for-here", "the end of an accreditation")
        accredited = self.accredited.get(said.accreditation)
        if accredited is None:
            raise NotAdmitted("not-known", "the end of an accreditation that was made")
        accredited.ended = said.since if accredited.ended is None else min(said.since, accredited.ended)
        return accredited

    def publish(self, signed: Signed, at: int) -> Publication:
        """Take a publication of rules logged at `at`. They hold from what it says, never before `at`.

        Raises NotAdmitted.
        """
        said = self._by_authorities(signed)
        if not isinstance(said, Publication):
            raise NotAdmitted("not-a-statement-for-here", "a publication of rules")
        versions = self.published.setdefault(said.status, [])
        versions.append((max(said.since, at), said.digest))
        versions.sort(key=lambda one: one[0])  # of two that begin together, the later said holds
        return said

    def rules_at(self, status: str, at: int) -> bytes | None:
        """Digest of the rules in force; None when none are."""
        return next((digest for since, digest in reversed(self.published.get(status, ())) if since <= at), None)

    def rules_of_day(self, status: str, begins: int, ends: int) -> bytes | None:
        """Digest of the rules that say when a day is over: those in force as it begins, on their first day those.

        Whatever takes effect during a day moves nothing on it. None when none are in force before the day ends.
        """
        first = next((digest for since, digest in self.published.get(status, ()) if since < ends), None)
        return self.rules_at(status, begins) or first

    def admit(self, signed: Signed, at: int) -> tuple[BySource, Accredited]:
        """The statement of a source logged at `at`, and the accreditation it rests on. Raises NotAdmitted.

        What evidence says is for `check_evidence`; what the others are about, for whom holds that.
        """
        said = self._of_here(signed)
        if not isinstance(said, BySource):
            raise NotAdmitted("not-a-statement-for-here", "a statement of a source")
        known = self._by_key.get((said.source, said.key), [])
        if not known:
            raise NotAdmitted("unknown-key", "a key that two authorities have accredited for this source")
        ready = [one for one in known if one.in_force(at)]
        if not ready:
            raise NotAdmitted("key-ended", "a key whose accreditation is in force")
        able = [one for one in ready if _may(one, said)]
        if not able:
            raise NotAdmitted("kind-not-accredited", f"one of {', '.join(sorted(ready[0].kinds))}")
        if len(signed.signatures) != 1 or not self.verify(signed, able[0].key):
            raise NotAdmitted("signature", "one signature, by the key the statement names")
        if said.made > at + SKEW:
            raise NotAdmitted("from-the-future", "a statement made before it is logged")
        return said, able[0]

    def _of_here(self, signed: Signed) -> Statement:
        if signed.statement.genesis != self.genesis.hash:
            raise NotAdmitted("other-log", "a statement that names the genesis of this log")
        return signed.statement

    def _by_authorities(self, signed: Signed) -> Statement:
        said = self._of_here(signed)
        agreeing = {one.name for one in self.genesis.authorities if self.verify(signed, one.key)}
        if len(agreeing) < self.genesis.threshold:
            wanted = f"signatures of {self.genesis.threshold} authorities; {len(agreeing)} hold"
            raise NotAdmitted("too-few-authorities", wanted)
        return said


def _may(accredited: Accredited, said: BySource) -> bool:
    if isinstance(said, Evidence):
        return said.of in accredited.kinds
    if isinstance(said, Approval):
        return APPROVAL in accredited.kinds
    if isinstance(said, Finding):
        return FINDING in accredited.kinds
    return isinstance(said, Withdrawal)  # what it withdraws must be its own


def check_evidence(said: Evidence, definition: StatusDefinition, at: int, identity: bytes | None) -> None:
    """Whether evidence fits the rules in force when it is logged. Raises NotAdmitted.

    `identity` is what the subject was registered with; None where nobody can know it (at a source).
    """
    if said.status != definition.slug:
        raise NotAdmitted("other-rules", f"evidence for {definition.slug}")
    kind = definition.evidence.get(said.of)
    if kind is None:
        raise NotAdmitted("unknown-kind", f"one of {', '.join(definition.evidence)}")
    if identity is not None and said.identity != identity:
        raise NotAdmitted("other-person", "the identity of the subject it names")
    _check_times(said, kind, definition.late, at)
    _check_says(said, kind)


def _check_times(said: Evidence, kind: EvidenceKind, late: int, at: int) -> None:
    if not said.seen <= said.made + SKEW:
        raise NotAdmitted("from-the-future", "what was seen before it was signed")
    if at - said.made > late:
        raise NotAdmitted("late", "evidence logged soon after it was signed")
    if said.until > said.seen + kind.lasts:
        raise NotAdmitted("lasts", f"an end at most {kind.lasts:,} ms after it was seen")
    if said.until <= at:
        raise NotAdmitted("over", "evidence that has not ended yet")


def _check_says(said: Evidence, kind: EvidenceKind) -> None:
    for name, value in said.says.items():
        if name not in kind.fields:
            raise NotAdmitted("says", f"{name} is no field of {said.of}; there are {', '.join(kind.fields)}")
        try:
            typed(value, kind.fields[name])
        except ValueError as error:
            raise NotAdmitted("says", str(error)) from error


def values_of(says: Mapping[str, bool | int | str], of: str, definition: StatusDefinition) -> dict[str, Value] | None:
    """What evidence says, typed; None when these rules no longer know such evidence."""
    kind = definition.evidence.get(of)
    if kind is None:
        return None
    try:
        return {name: typed(value, kind.fields[name]) for name, value in says.items()}
    except (KeyError, ValueError):
        return None
