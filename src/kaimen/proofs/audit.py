"""Checking a bundle, without database and without network: whether this is one history, signed, seen, and in time.

The tree is computed here once more, leaf by leaf; none of what wrote it is used. What is checked:

- each checkpoint is signed by a known log, and its root is that of the leaves before it: so no leaf was changed, and
  every checkpoint continues the one before;
- cosignatures of known witnesses hold, and as many as asked for have seen all of it;
- the leaves' times never run backwards, none is later than a witness saw it, and none is much earlier than the tree
  that witnesses had seen without it;
- every opening is what its leaf was committed to;
- a checkpoint somebody kept from earlier is part of this history.

What leaves say about colours is for `kaimen.colours.replay`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from kaimen.proofs import checkpoints
from kaimen.proofs.bundles import Bundle, BundleRefused, Kind
from kaimen.proofs.checkpoints import Checkpoint, Cosigned, NotACheckpoint
from kaimen.proofs.commitments import Opening, opens
from kaimen.proofs.leaf import Leaf, NotALeaf, read_leaf
from kaimen.proofs.notes import NotANote, Note, NotSigned, VerifierKey, verifier_keys

SKEW = timedelta(minutes=5)  # how far the clocks of a log and of a witness may stand apart
PATIENCE = timedelta(hours=1)  # how long a leaf may wait before it is taken into the tree


@dataclass(frozen=True)
class Trust:
    """Whom the reader believes: the logs' keys, the witnesses', and how many of these must have seen everything.

    `seen` are checkpoints kept from earlier, which must be part of the history.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0
    seen: tuple[Checkpoint, ...] = ()


@dataclass
class Audited:
    """What a bundle that holds together holds."""

    kind: Kind
    leaves: int = 0
    root: bytes = b""
    kinds: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    checkpoints: int = 0
    witnessed: dict[str, int] = field(default_factory=dict)  # witness → how many leaves it has seen
    commitments: int = 0
    openings: int = 0
    objects: int = 0
    named: int = 0  # objects that a leaf names by their hash; others mean nothing


def own_trust(bundle: Bundle) -> Trust:
    """The keys a bundle names itself: good enough to find damage, not to find a lie. Raises BundleRefused."""
    try:
        return Trust(verifier_keys(bundle.header.logs), verifier_keys(bundle.header.witnesses))
    except NotANote as error:
        raise BundleRefused("bundle.json", str(error)) from error


def audit(bundle: Bundle, trust: Trust) -> Audited:
    """Check all of it; gives what it holds. Raises BundleRefused at the first thing that is wrong."""
    found = Audited(bundle.header.kind)
    objects = _Objects(bundle, found)
    history = _History(bundle, trust, found)
    openings = _Openings(bundle, found)
    for index, data in enumerate(bundle.leaves()):
        leaf = _leaf(index, data)
        history.add(index, data, leaf)
        openings.check(index, leaf)
        objects.named_by(leaf)
    history.end()
    openings.end()
    _counted(bundle, found)
    return found


class _Tree:
    """The root over leaves, by a stack of finished trees: each half the size of the one below, at most."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, bytes]] = []

    def add(self, data: bytes) -> None:
        height, node = 0, sha256(b"\x00" + data).digest()
        while self._stack and self._stack[-1][0] == height:
            node = sha256(b"\x01" + self._stack.pop()[1] + node).digest()
            height += 1
        self._stack.append((height, node))

    def root(self) -> bytes:
        if not self._stack:
            return sha256().digest()
        node = self._stack[-1][1]
        for _height, left in reversed(self._stack[:-1]):
            node = sha256(b"\x01" + left + node).digest()
        return node


class _History:
    """Leaves against checkpoints, and times against both."""

    def __init__(self, bundle: Bundle, trust: Trust, found: Audited) -> None:
        self._trust, self._found, self._tree = trust, found, _Tree()
        self._signed = signed_checkpoints(bundle, trust)
        self._next = next(self._signed, None)
        self._seen = sorted(trust.seen, key=lambda one: one.size)
        self._at = 0
        self._floor: datetime | None = None  # when witnesses had seen all leaves so far, and no more
        self._reach(0)

    def add(self, index: int, data: bytes, leaf: Leaf) -> None:
        if self._next is None:
            raise BundleRefused(f"leaf {index}", "no checkpoint stands for it: it was added behind what was signed")
        at = _when(leaf.at)
        if leaf.at < self._at:
            raise BundleRefused(f"leaf {index}", f"made {at}, behind one that was made {_when(self._at)}")
        if self._floor is not None and at < self._floor - PATIENCE:
            raise BundleRefused(f"leaf {index}", f"made {at}, but {self._floor} witnesses saw a log without it")
        self._at, found = leaf.at, self._found
        found.first, found.last = found.first or at, at
        found.leaves = index + 1
        found.kinds[leaf.kind] += 1
        self._tree.add(data)
        self._reach(index + 1)

    def end(self) -> None:
        if self._next is not None:
            missing = self._next.checkpoint.size - self._found.leaves
            raise BundleRefused("leaves", f"cut off: the next checkpoint stands for {missing} more")
        if not self._found.checkpoints:
            raise BundleRefused("checkpoints", "there is none: nobody has signed this")
        if self._seen:
            raise BundleRefused("the kept checkpoint", f"of {self._seen[0].size} leaves; the bundle ends before")
        saw_all = [name for name, size in self._found.witnessed.items() if size == self._found.leaves]
        if len(saw_all) < self._trust.quorum:
            raise BundleRefused("witnesses", f"{len(saw_all)} have seen all of it; {self._trust.quorum} are asked for")
        self._found.root = self._tree.root()

    def _reach(self, size: int) -> None:
        """Check every checkpoint of this size: several logs, one after the other, may have signed the same tree."""
        while self._next is not None and self._next.checkpoint.size == size:
            where = f"checkpoint {self._found.checkpoints}"
            if self._next.checkpoint.root != self._tree.root():
                raise BundleRefused(where, f"its root is not that of the {size} leaves before it")
            self._witnessed(where, self._next, size)
            self._found.checkpoints += 1
            self._next = next(self._signed, None)
            if self._next is not None and self._next.checkpoint.size < size:
                raise BundleRefused(f"checkpoint {self._found.checkpoints}", f"smaller than {size}, and behind it")
        while self._seen and self._seen[0].size == size:
            if self._seen.pop(0).root != self._tree.root():
                raise BundleRefused("the kept checkpoint", f"of {size} leaves: this is another history")

    def _witnessed(self, where: str, signed: Cosigned, size: int) -> None:
        for name, at in signed.witnessed.items():
            if at + SKEW < _when(self._at):
                raise BundleRefused(where, f"{name} saw it {at}, before its last leaf was made")
            self._found.witnessed[name] = size
        if signed.witnessed:
            self._floor = min(signed.witnessed.values())


class _Openings:
    """Openings against the commitments of their leaves."""

    def __init__(self, bundle: Bundle, found: Audited) -> None:
        self._openings: Iterator[tuple[int, Opening]] = bundle.openings()
        self._found = found
        self._next = next(self._openings, None)

    def check(self, index: int, leaf: Leaf) -> None:
        self._found.commitments += leaf.commitment is not None
        if self._next is None or self._next[0] != index:
            return
        opening = self._next[1]
        if leaf.commitment is None or not opens(leaf.commitment, opening.salt, opening.secret):
            raise BundleRefused(f"leaf {index}", "its opening is not what it was committed to")
        self._found.openings += 1
        self._next = next(self._openings, None)

    def end(self) -> None:
        if self._next is not None:
            raise BundleRefused(f"the opening of leaf {self._next[0]}", "there is no such leaf")


class _Objects:
    """Public objects, and which of them leaves name by their hash."""

    def __init__(self, bundle: Bundle, found: Audited) -> None:
        self._unnamed = set()
        for data in bundle.objects():
            self._unnamed.add(sha256(data).digest())
            found.objects += 1
        self._found = found

    def named_by(self, leaf: Leaf) -> None:
        if self._unnamed:
            named = {value for value in leaf.said.values() if isinstance(value, bytes)} & self._unnamed
            self._unnamed -= named
            self._found.named += len(named)


def signed_checkpoints(bundle: Bundle, trust: Trust) -> Iterator[Cosigned]:
    """The checkpoints of a bundle, each signed by a known log. Raises BundleRefused."""
    logs = {key.name: key for key in trust.logs}
    for number, note in enumerate(bundle.checkpoints()):
        try:
            yield _checked(note, logs, trust.witnesses)
        except (NotSigned, NotACheckpoint) as error:
            raise BundleRefused(f"checkpoint {number}", str(error)) from error


def _checked(note: Note, logs: Mapping[str, VerifierKey], witnesses: Iterable[VerifierKey]) -> Cosigned:
    origin = note.text.partition("\n")[0]
    if origin not in logs:
        raise NotSigned(f"of {origin[:80]!r}, a log nobody here knows")
    return checkpoints.checked(note, logs[origin], witnesses)


def _leaf(index: int, data: bytes) -> Leaf:
    try:
        return read_leaf(data)
    except NotALeaf as error:
        raise BundleRefused(f"leaf {index}", str(error)) from error


def _counted(bundle: Bundle, found: Audited) -> None:
    header = bundle.header
    for name in ("checkpoints", "leaves", "openings", "objects"):
        if getattr(header, name) != getattr(found, name):
            raise BundleRefused(name, f"{getattr(found, name)} are there, bundle.json counts {getattr(header, name)}")


def _when(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
