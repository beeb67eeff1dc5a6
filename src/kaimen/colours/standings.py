"""What the log says about each subject so far: evidence and what became of it, appeals, places in the list.

The replay's memory. It takes what was admitted and gives items to judge; it raises no alarm and checks nobody.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaimen.colours.judging import Item, Judge, Judgement
from kaimen.colours.statements import Evidence
from kaimen.colours.trust import Accredited, values_of
from kaimen.rules.tree import Value


@dataclass(slots=True)
class Given:
    """A piece of evidence in the log."""

    said: Evidence
    by: Accredited
    at: int
    order: int
    adverse: bool = True
    waits: bool = False  # beyond the number, for another organisation's approval
    withdrawn: bool = False
    withdrawal_waits: bool = False
    struck: bool = False
    suspended: set[bytes] = field(default_factory=set)  # by appeals that nobody answered in time
    values: dict[str, Value] | None = None  # what it says, typed by the rules in force

    def read_by(self, judge: Judge) -> None:
        """Take it as the rules in force read it."""
        said = self.said
        self.values = values_of(said.says, said.of, judge.definition)
        self.adverse = self.values is not None and judge.adverse(said.of, self.values, self.at, said.until)

    def item(self) -> Item | None:
        """As judging sees it; None while it waits, or where these rules do not know it."""
        if self.waits or self.values is None:
            return None
        said = self.said
        in_force = not (self.withdrawn or self.struck or self.suspended) and self.by.in_force(self.at)
        return Item(
            said.id, self.by.organisation, said.of, self.values, said.seen, said.until, self.order, in_force,
            self.adverse,
        )  # fmt: skip


@dataclass(slots=True)
class Appealed:
    """An appeal in the log."""

    id: bytes
    status: str
    subject: bytes
    evidence: tuple[bytes, ...]
    due: int
    index: int
    answered: bool = False
    ran_out: bool = False
    lapse_logged: bool = False


@dataclass(slots=True)
class Standing:
    """One subject under one status: its evidence, what follows, and what the log has said of it."""

    usual: Judgement
    given: list[Given] = field(default_factory=list)
    expected: Judgement = field(init=False)
    logged: tuple[str, str] = field(init=False)  # colour and rule
    since: int | None = None  # when what is expected and what is logged came apart
    missed: int | None = None  # for which `since` an alarm was raised

    def __post_init__(self) -> None:
        self.expected = self.usual
        self.logged = (self.usual.colour, self.usual.rule)

    def items(self) -> list[Item]:
        """What there is to judge."""
        return [item for one in self.given if (item := one.item()) is not None]

    def expects(self, judgement: Judgement, at: int) -> None:
        """Take what follows at `at`."""
        self.expected = judgement
        self._compare(at)

    def was_logged(self, colour: str, rule: str, at: int) -> None:
        """The log says so."""
        self.logged = (colour, rule)
        self._compare(at)

    def _compare(self, at: int) -> None:
        if (self.expected.colour, self.expected.rule) == self.logged:
            self.since = None
        elif self.since is None:
            self.since = at


@dataclass
class Places:
    """Who stands where in the published lists, what is expected there, and how that came about.

    A list may be `fresh` milliseconds old when its leaf is written, never more: changes before that are forgotten.
    """

    owners: dict[int, bytes] = field(default_factory=dict)
    of: dict[bytes, list[int]] = field(default_factory=dict)
    values: dict[str, dict[int, int]] = field(default_factory=dict)  # status → place → value, the usual left out
    fresh: int = 0
    forgotten: int = -1  # the moment of the last change that was forgotten: lists as of then cannot be told any more
    journal: deque[tuple[int, int, str, int, int]] = field(default_factory=deque)  # size, moment, status, place, before

    def assign(self, place: int, subject: bytes) -> bool:
        """Give a place to a subject; False when it is another's."""
        if self.owners.setdefault(place, subject) != subject:
            return False
        mine = self.of.setdefault(subject, [])
        if place not in mine:
            mine.append(place)
        return True

    def show(self, status: str, subject: bytes, value: int, size: int, at: int) -> None:
        """What is expected at the subject's places, from a size of the log and a moment on."""
        while self.journal and self.journal[0][1] < at - self.fresh:
            self.forgotten = self.journal.popleft()[1]
        values = self.values.setdefault(status, {})
        for place in self.of.get(subject, ()):
            before = values.get(place, 0)
            if before == value:
                continue
            self.journal.append((size, at, status, place, before))
            if value:
                values[place] = value
            else:
                del values[place]

    def at(self, status: str, size: int, as_of: int) -> dict[int, int]:
        """What was expected when the log had `size` leaves, at the moment `as_of`: later changes are taken back."""
        values = dict(self.values.get(status, {}))
        for place, before in self._later(status, size, as_of):
            if before:
                values[place] = before
            else:
                values.pop(place, None)
        return values

    def _later(self, status: str, size: int, as_of: int) -> Iterator[tuple[int, int]]:
        for changed_size, moment, of, place, before in reversed(self.journal):
            if changed_size < size or (changed_size == size and moment <= as_of):
                return
            if of == status:
                yield place, before
