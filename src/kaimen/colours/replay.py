"""The whole log again, by somebody outside: every colour and every published list must follow from it.

Given the hash of the genesis (pinned out of band), every leaf in order with its opening and the moments between which
witnesses saw it, and the texts of published rules. It shares no code with the server's actions: only the form of
statements, whose keys count, and judging. Every deviation is an alarm with a name; an honest log raises none.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kaimen.colours import leaves, lists, statements
from kaimen.colours.alarms import Alarm
from kaimen.colours.hearing import Hearing
from kaimen.colours.judging import Judgement
from kaimen.colours.leaves import Leaf, NotALeaf, Opening
from kaimen.colours.moments import MINUTE
from kaimen.colours.statements import NotAStatement, Signed
from kaimen.colours.trust import Authority, Genesis, NotAdmitted, Trust, Verify
from kaimen.kit import canonical
from kaimen.kit.keys import NotAKey, PublicKey

SKEW = 2 * MINUTE  # between the log's clock and its witnesses'
PATIENCE = 60 * MINUTE  # how long a leaf may wait to be taken into the tree: the audit's own measure
_ENDS = "emergency-ended"

Objects = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Logged:
    """A leaf as it stands in the log. `after` and `before`: when witnesses saw the checkpoints around it."""

    index: int
    data: bytes
    opening: Opening | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Report:
    """What came of it. No alarms: every colour and list follows from rules and evidence."""

    leaves: int
    alarms: tuple[Alarm, ...]
    colours: Mapping[str, Mapping[bytes, Judgement]]  # status → subject → what holds now, the usual left out
    lists: tuple[int, ...]  # leaves of the lists that were derived
    ended: bool

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.alarms

    def counted(self) -> Counter[str]:
        """How many alarms of each kind."""
        return Counter(alarm.kind for alarm in self.alarms)


class Replay:
    """Takes a log leaf by leaf. `objects` gives a published text by its SHA-256; `verify` may look signatures up."""

    def __init__(self, genesis: bytes, objects: Objects, verify: Verify = Signed.signed_by) -> None:
        self._genesis, self._objects, self._verify = genesis, objects, verify
        self._hearing: Hearing | None = None
        self._ended = False
        self._alarms: list[Alarm] = []
        self._times = array("Q")
        self._lists: dict[bytes, int] = {}
        self._newest: dict[str, tuple[int, int]] = {}
        self._derived: list[int] = []

    def take(self, logged: Logged) -> None:
        """The next leaf."""
        try:
            leaf = leaves.read(logged.data)
        except NotALeaf as error:
            self._times.append(self._times[-1] if self._times else 0)
            self._alarm("leaf-malformed", logged.index, str(error))
            return
        self._in_time(leaf, logged)
        if leaf.kind == "genesis":
            self._begin(leaf, logged)
        elif self._hearing is not None and leaf.kind in leaves.FORMS:
            self._hear(self._hearing, leaf, logged)
        elif self._hearing is not None and leaf.kind == _ENDS:
            self._ended = True
        self._times.append(max(leaf.at, self._times[-1] if self._times else 0))

    def take_all(self, log: Iterable[Logged]) -> None:
        """Leaf after leaf."""
        for logged in log:
            self.take(logged)

    def published(self, data: bytes, key: PublicKey) -> bool:
        """Whether a list as it is published stands in the log and was derived; else an alarm."""
        try:
            digest = lists.read(data, key).list.digest
        except lists.NotAList as error:
            self._alarm("list-unlogged", len(self._times), str(error))
            return False
        index = self._lists.get(digest)
        if index is None:
            self._alarm("list-unlogged", len(self._times), "no leaf names this list")
        return index in self._derived

    def picture(self, data: bytes) -> bool:
        """Whether a frozen picture, as it was handed out, is the one in the log; else an alarm."""
        try:
            said = canonical.decode(data)
            seen = [[one["code"], one["colour"], one["rule"], one["facts"]] for one in said["buildings"]]
            day = str(said["day"])
        except (canonical.NotCanonical, KeyError, TypeError):
            day, seen = "", []
        places = self._hearing.buildings if self._hearing else None
        wrong = places.shown(sha256(data).digest(), day, seen) if places else "no genesis, no picture"
        if wrong:
            self._alarm("picture-unlogged", len(self._times), wrong)
        return not wrong

    def current(self) -> Mapping[str, tuple[int, int]]:
        """For each status the leaf of its newest list, and as of when that is; nothing once the emergency has ended."""
        return {} if self._ended else self._newest

    def names(self, digest: bytes) -> int | None:
        """The newest leaf that names a list of this digest."""
        return self._lists.get(digest)

    def report(self, now: int | None = None) -> Report:
        """What came of all leaves taken; `now` lets clocks run on to a later moment."""
        alarms = list(self._alarms)
        if self._hearing is None:
            alarms.append(Alarm("genesis-missing", len(self._times), f"no leaf has the hash {self._genesis.hex()}"))
            return Report(len(self._times), tuple(alarms), {}, (), self._ended)
        if now is not None and not self._ended:
            self._hearing.run_to(now, len(self._times))
        alarms += self._hearing.alarms
        alarms.sort(key=lambda alarm: alarm.index)
        return Report(len(self._times), tuple(alarms), self._hearing.colours(), tuple(self._derived), self._ended)

    def _begin(self, leaf: Leaf, logged: Logged) -> None:
        if self._hearing is not None:
            if not self._ended:
                self._alarm("genesis-second", logged.index, "another log of colours began inside this one")
            self._ended = True
            return
        if leaves.hash_of(logged.data) != self._genesis:
            return  # of another emergency, or of nobody: what follows it is not what was pinned
        try:
            authorities = tuple(Authority(name, PublicKey.from_raw(key)) for name, key in leaf.public["authorities"])
        except NotAKey as error:
            self._alarm("leaf-malformed", logged.index, str(error))
            return
        trust = Trust(Genesis(self._genesis, authorities, leaf.public["threshold"]), self._verify)
        self._hearing = Hearing(trust, self._objects)

    def _hear(self, hearing: Hearing, leaf: Leaf, logged: Logged) -> None:
        if self._ended:
            if leaf.kind in {"colour", "list", "place-colour"}:
                self._alarm("after-the-end", logged.index, f"a leaf of the kind {leaf.kind}")
            return
        hearing.run_to(leaf.at, logged.index)
        if leaf.kind == "list":
            self._list(hearing, leaf, logged.index)
            return
        secret = self._opened(leaf, logged)
        if secret is None and leaf.commitment is not None:
            return
        try:
            hearing.hear(leaf, secret if isinstance(secret, dict) else _signed(leaf, secret), logged.index)
        except NotAStatement as error:
            self._alarm("leaf-malformed", logged.index, str(error))
        except NotAdmitted as error:
            hearing.refuse(leaf, logged.index, str(error))

    def _opened(self, leaf: Leaf, logged: Logged) -> Mapping[str, Any] | bytes | None:
        if leaf.commitment is None:
            return None
        if logged.opening is None:
            self._alarm("opening-missing", logged.index, f"of a leaf of the kind {leaf.kind}")
            return None
        try:
            return leaves.opened(leaf, logged.opening)
        except NotALeaf as error:
            self._alarm("opening-false", logged.index, str(error))
            return None

    def _list(self, hearing: Hearing, leaf: Leaf, index: int) -> None:
        said = leaf.public
        self._lists[said["digest"]] = index
        if said["status"] == leaves.PASSES:
            return
        self._newest[said["status"]] = index, said["as_of"]
        if wrong := self._elsewhere(hearing, leaf, index):
            self._alarm("list-elsewhere", index, wrong)
        elif wrong := hearing.differs(said):
            self._alarm("list-underived", index, wrong)
        else:
            self._derived.append(index)

    def _elsewhere(self, hearing: Hearing, leaf: Leaf, index: int) -> str:
        """What is wrong with the place and time a list says it was computed at; nothing when it is right."""
        size, as_of, fresh = leaf.public["log"], leaf.public["as_of"], hearing.list_fresh(leaf.public["status"])
        if fresh is None:
            return "no rules are in force for it"
        if not 0 < size <= index:
            return f"computed at {size} leaves, but only {index} stand before it"
        if not self._times[size - 1] <= as_of <= leaf.at or leaf.at - as_of > fresh:
            return "computed before its last leaf, after itself, or too long ago"
        if size < index and self._times[size] < as_of:
            return f"computed at {size} leaves when there were more"
        return ""

    def _in_time(self, leaf: Leaf, logged: Logged) -> None:
        """Leaf times never run backwards and lie between the checkpoints around them, as witnesses saw these.

        A leaf has the time of its business; a log that stood still takes it in later, and that is no lie.
        """
        if self._times and leaf.at < self._times[-1]:
            self._alarm("leaf-out-of-time", logged.index, "earlier than the leaf before it")
        if logged.after is not None and leaf.at < logged.after - PATIENCE:
            self._alarm("leaf-out-of-time", logged.index, "earlier than a checkpoint without it")
        if logged.before is not None and leaf.at > logged.before + SKEW:
            self._alarm("leaf-out-of-time", logged.index, "later than the first checkpoint with it")

    def _alarm(self, kind: str, index: int, what: str) -> None:
        self._alarms.append(Alarm(kind, index, what))


def _signed(leaf: Leaf, secret: Mapping[str, Any] | bytes | None) -> Signed | None:
    """The statement in a leaf: in its secret, or, of authorities, in the open."""
    envelope = secret if isinstance(secret, bytes) else leaf.public.get("statement")
    return statements.read(envelope) if isinstance(envelope, bytes) else None
