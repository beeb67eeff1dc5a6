"""One question at a gate, and its answer before it is on disk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kaimen_gate.wire import Direction, How, Verdict


@dataclass(frozen=True, slots=True)
class ByCode:
    """The text that a scanner read."""

    code: str


@dataclass(frozen=True, slots=True)
class ByCard:
    """The number of an IC or lift card."""

    number: str


@dataclass(frozen=True, slots=True)
class ByName:
    """Somebody without phone and card, asked for a name and the last four of the ID."""

    name: str
    tail: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody whom the guard enters by hand, for a coded reason; a name where there is one."""

    reason: str
    named: ByName | None = None


@dataclass(frozen=True, slots=True)
class Overriding:
    """Letting somebody in all the same: which scan, for which coded reason, on whose word."""

    after: UUID
    reason: str
    host: str = ""
    document: str = ""
    second: str = ""  # the live phone code of a supervisor


@dataclass(frozen=True, slots=True)
class Reporting:
    """One press of the guard: a fever that was seen, or a refusal that the person disputes."""

    after: UUID | None  # the scan it is about
    what: str  # one of reports.REPORTS


@dataclass(frozen=True, slots=True)
class Scan:
    """One question at a gate."""

    id: UUID
    place: str
    direction: Direction
    shown: ByCode | ByCard | ByName | ByHand | Overriding | Reporting
    temperature: int | None = None  # tenths of a degree Celsius
    floor: str = ""
    vehicle: bool = False

    @property
    def how(self) -> How:
        """The word for it in an entry; an override takes over that of its scan."""
        return _HOW[type(self.shown)]


_HOW: dict[type, How] = {
    ByCode: "code", ByCard: "card", ByName: "name", ByHand: "manual", Overriding: "manual", Reporting: "manual",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, before it is on disk."""

    scan: Scan
    at: datetime
    reason: str
    index: int | None
    data_age: int
    verdict: Verdict
    reasons: tuple[str, ...]  # every reason that held, `reason` first
    how: How
    temperature: int | None = None
    override: str = ""
    second: int | None = None
