"""A small log for tests: leaves, checkpoints, witnesses and openings that hold together, and ways to break them."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from kaimen.kit import canonical
from kaimen.proofs import bundles, checkpoints
from kaimen.proofs.audit import Trust
from kaimen.proofs.bundles import Bundle, Content
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening, commit
from kaimen.proofs.merkle import Frontier, leaf_hash
from kaimen.proofs.notes import LogKey, WitnessKey

LOG = LogKey.generate("log.example/east")
COURT, UNIVERSITY = WitnessKey.generate("court.example"), WitnessKey.generate("university.example")
BEGUN = datetime(2020, 3, 16, 6, 0, tzinfo=UTC)
RULES = b"the rules, as everybody may read them"
TRUST = Trust((LOG.verifier,), (COURT.verifier, UNIVERSITY.verifier), quorum=1)


def milliseconds(at: datetime) -> int:
    """As a leaf says it."""
    return int(at.timestamp() * 1000)


def opening(index: int) -> Opening:
    """What leaf `index` hides."""
    return Opening(sha256(b"salt %d" % index).digest(), b"person %d" % index)


def leaf(index: int, at: datetime) -> bytes:
    """A leaf; the first names the rules."""
    said = {"v": 1, "kind": "colour", "at": milliseconds(at), "id": index.to_bytes(16)}
    one = opening(index)
    more = (
        {"kind": "rules-published", "rules": sha256(RULES).digest()}
        if index == 0
        else {"c": commit(one.salt, one.secret)}
    )
    return canonical.encode(said | more)


@dataclass
class ALog:
    """Leaves a minute apart; a checkpoint after each portion, which the court sees a second later."""

    portions: tuple[int, ...] = (1, 4, 3, 5)
    leaves: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Grow."""
        frontier = Frontier()
        for portion in self.portions:
            for _ in range(portion):
                self.leaves.append(leaf(len(self.leaves), self.at(len(self.leaves))))
                frontier.append(leaf_hash(self.leaves[-1]))
            signed = checkpoints.signed(Checkpoint(LOG.name, frontier.size, frontier.root()), LOG)
            seen = self.at(len(self.leaves) - 1) + timedelta(seconds=1)
            self.notes.append(str(checkpoints.cosigned(signed, COURT, seen)))

    def at(self, index: int) -> datetime:
        """When leaf `index` was made."""
        return BEGUN + timedelta(minutes=index)

    @property
    def openings(self) -> list[tuple[int, Opening]]:
        """Every opening."""
        return [(index, opening(index)) for index in range(1, len(self.leaves))]

    def content(self, *, auditor: bool = True) -> Content:
        """What its bundle holds."""
        return Content(
            (LOG.verifier,), (COURT.verifier, UNIVERSITY.verifier), self.notes, self.leaves,
            self.openings if auditor else None, [RULES],
        )  # fmt: skip


def packed(content: Content) -> bytes:
    """The bytes of a bundle."""
    file = io.BytesIO()
    bundles.write(file, content)
    return file.getvalue()


def opened(data: bytes) -> Bundle:
    """A bundle from its bytes."""
    return Bundle(io.BytesIO(data))


def changed(content: Content, **parts: Iterable[object] | None) -> Bundle:
    """A bundle with some of its parts replaced, in proper form."""
    return opened(packed(replace(content, **parts)))  # type: ignore[arg-type]
