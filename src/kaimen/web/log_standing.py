"""How the log stands, for people: its size, what it signed last, and who outside has seen how much of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kaimen.kit import clock
from kaimen.ledger import queries, signing
from kaimen.ledger.models import Checkpoint, Cosignature, Log, PendingLeaf, Witness

LATE = timedelta(hours=1)  # a log that has grown and was not seen for longer is worth a question
BEHIND = timedelta(minutes=1)


@dataclass(frozen=True)
class Seen:
    """A witness, and the largest tree it has cosigned; 0 where it has seen none."""

    name: str
    verifier: str
    since: datetime
    replays: bool  # openings are given to it, so that it works out every colour again
    size: int
    at: datetime | None
    missing: int  # entries signed since
    late: bool


@dataclass(frozen=True)
class Standing:
    """The log now. `checkpoint` is None before the first is signed."""

    origin: str
    verifier: str
    size: int
    waiting: int
    behind: bool
    checkpoint: Checkpoint | None
    root: str  # in hexadecimal
    witnesses: tuple[Seen, ...]
    earlier: tuple[Log, ...]  # names and keys it had before
    at: datetime


def standing() -> Standing:
    """Read all of it."""
    newest, current = queries.checkpoint(), signing.current()
    signed, now = newest.size if newest else 0, clock.now()
    witnesses = Witness.objects.filter(ended=None).select_related("given").order_by("name")
    return Standing(
        origin=current.origin if current else "",
        verifier=current.verifier if current else "",
        size=queries.size(),
        waiting=PendingLeaf.objects.count(),
        behind=queries.behind(BEHIND),
        checkpoint=newest,
        root=bytes(newest.root).hex() if newest else "",
        witnesses=tuple(_seen(one, signed, now) for one in witnesses),
        earlier=tuple(Log.objects.exclude(pk=current.pk) if current else ()),
        at=now,
    )


def keys() -> list[str]:
    """The verifier keys of the log, its earlier ones among them, and of the witnesses heard now."""
    logs = Log.objects.order_by("-id").values_list("verifier", flat=True)
    return [*logs, *Witness.objects.filter(ended=None).order_by("name").values_list("verifier", flat=True)]


def _seen(witness: Witness, signed: int, now: datetime) -> Seen:
    last = Cosignature.objects.filter(witness=witness).select_related("checkpoint").order_by("-checkpoint__id").first()
    size, at = (last.checkpoint.size, last.at) if last else (0, None)
    late = size < signed and now - (at or witness.since) > LATE
    given = getattr(witness, "given", None) is not None
    return Seen(witness.name, witness.verifier, witness.since, given, size, at, max(signed - size, 0), late)
