"""Reads: who is expected, who is inside, how entries went. Figures come from counters, never from a scan of rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language

from kaimen.gate import local_time
from kaimen.gate.models import (
    ChainBreak,
    ChainHead,
    EntryCount,
    EntryEvent,
    ListVersion,
    Node,
    NodeHeard,
    Pass,
    Roster,
    RosterLine,
)
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Employment, Organisation, Place, Post
from kaimen_gate import reasons, wire

_IN, _OUT = wire.DIRECTIONS.index("in"), wire.DIRECTIONS.index("out")
_ENTER = wire.VERDICTS.index("enter")
QUARTERS = 96
_SILENCE = timedelta(minutes=1)


def _counts(day: date, places: Collection[str] | None, before: int = QUARTERS) -> QuerySet[EntryCount]:
    counts = EntryCount.objects.filter(day=day, quarter__lt=before)
    return counts if places is None else counts.filter(place__in=places)


def inside(day: date, places: Collection[str] | None = None, before: int = QUARTERS) -> dict[str, int]:
    """How many people are in each place: who was let in less who left. Never below none; empty places are left out.

    `before` is a quarter hour of the day (0 … 96): how it was when that began.
    """
    balance: dict[str, int] = {}
    moved = _counts(day, places, before).filter(verdict=_ENTER).values_list("place", "direction").annotate(Sum("n"))
    for place, direction, n in moved:
        balance[place] = balance.get(place, 0) + (n if direction == _IN else -n)
    return {place: n for place, n in balance.items() if n > 0}


def entered(day: date, places: Collection[str] | None = None, before: int = QUARTERS) -> dict[str, int]:
    """How many times somebody was let in at each place, up to the quarter hour `before`."""
    let_in = _counts(day, places, before).filter(verdict=_ENTER, direction=_IN)
    return dict(let_in.values_list("place").annotate(Sum("n")))


def entries_by_quarter(day: date, places: Collection[str] | None = None, before: int = QUARTERS) -> list[int]:
    """How many people were let in, by local quarter hour, up to the quarter hour `before`: 96 numbers."""
    quarters = [0] * QUARTERS
    let_in = _counts(day, places, before).filter(verdict=_ENTER, direction=_IN)
    for quarter, n in let_in.values_list("quarter").annotate(Sum("n")):
        quarters[quarter] = n
    return quarters


def verdicts(day: date, place: str) -> dict[str, int]:
    """How often each answer was given to people coming in at a place."""
    given = _counts(day, [place]).filter(direction=_IN).values_list("verdict").annotate(Sum("n"))
    return dict.fromkeys(wire.VERDICTS, 0) | {wire.VERDICTS[verdict]: n for verdict, n in given}


def rosters_in_effect(day: date, **about: object) -> QuerySet[Roster]:
    """The roster of each firm at each place that counts on `day`: the newest of that day or before."""
    holds = Q(one_day=False, day__lte=day) | Q(day=day)
    newer = Roster.objects.filter(
        holds,
        Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), revision__gt=OuterRef("revision")),
        place=OuterRef("place"),
        organisation=OuterRef("organisation"),
    )
    return Roster.objects.filter(holds, ~Exists(newer), **about)


def roster_before(organisation: Organisation, place: Place, day: date) -> Roster | None:
    """The roster that would count on `day` if nobody filed one for it: what a clerk starts from."""
    before = Roster.objects.filter(organisation=organisation, place=place, day__lt=day, one_day=False)
    return before.first()


def named_by(roster: Roster | None, day: date) -> set[UUID]:
    """The employments a roster names, less those who have left by `day`."""
    if roster is None:
        return set()
    lines = roster.lines.filter(employed_on(day, "employment__"))
    return set(lines.values_list("employment_id", flat=True))


def coming(organisation: Organisation, place: Place, day: date) -> set[UUID]:
    """The employments that the roster in effect on `day` names, less those who have left."""
    rosters = rosters_in_effect(day, organisation=organisation, place=place)
    lines = RosterLine.objects.filter(employed_on(day, "employment__"), roster__in=rosters)
    return set(lines.values_list("employment_id", flat=True))


def staff_of(organisation: Organisation, place: Place) -> QuerySet[Employment]:
    """Everybody a firm employs at a place now."""
    return Employment.objects.filter(employed_on(local_time.today()), organisation=organisation, place=place)


def employed_on(day: date, path: str = "") -> Q:
    """The condition that an employment, reached along `path`, has not ended by `day`."""
    return Q(**{f"{path}left_on": None}) | Q(**{f"{path}left_on__gt": day})


def expected_today(day: date, places: Collection[str] | None = None) -> dict[str, int]:
    """How many people the rosters in effect on `day` name, by place."""
    return dict(_expected(day, lists_version(), None if places is None else tuple(sorted(places))))


@lru_cache(maxsize=256)
def _expected(day: date, _version: str, places: tuple[str, ...] | None) -> dict[str, int]:
    """Of some places alone where they are asked for: any firm's new list would make a guard's page count the city."""
    about = {} if places is None else {"place__code__in": places}
    lines = RosterLine.objects.filter(employed_on(day, "employment__"), roster__in=rosters_in_effect(day, **about))
    return dict(lines.values_list("roster__place__code").annotate(Count("employment__person", distinct=True)))


def lists_version() -> str:
    """Changes with every change of a name list."""
    total = ListVersion.objects.aggregate(n=Sum("version"))["n"] or 0
    newest = Roster.objects.aggregate(id=Max("id"))["id"]
    return f"{total}.{newest.hex if newest else 0}"


def version(day: date) -> str:
    """Changes whenever an entry arrives or a roster or a pass on one changes. Two indexed reads."""
    last = EntryEvent.objects.aggregate(seq=Max("seq"))["seq"] or 0
    return f"{day:%Y%m%d}-{last}-{lists_version()}"


def decisions_today(day: date, place: str) -> int:
    """How many decisions a place made on `day`, in and out, whatever the answer."""
    return _counts(day, [place]).aggregate(n=Sum("n"))["n"] or 0


@dataclass(frozen=True)
class EntrySeen:
    """One entry as a building manager or an auditor reads it: firm and floor, no name."""

    at: datetime
    direction: wire.Direction
    verdict: wire.Verdict
    reason: str
    organisation: str
    floor: str
    check: str  # the first bytes of the entry's hash

    @property
    def why(self) -> str:
        """The reason in words, in the reader's language; a code that no gate gives any more stays a code."""
        words = next((said for code, said in reasons.WORDS.items() if code == self.reason), None)
        if words is None:
            return self.reason
        zh, en = words[:2]
        return en if (get_language() or "").startswith("en") else zh


def entries_seen(post: Post, place: Place, day: date, limit: int = 200) -> list[EntrySeen]:
    """The entries behind a place's count, newest first. Raises NotAllowed."""
    access.require(post, "gate.see_entries", place)
    rows = EntryEvent.objects.filter(place=place.code, day=day).order_by("-seq")[:limit]
    entries = [(wire.read_entry(raw), wire.link(raw)) for raw in (bytes(row.raw) for row in rows)]
    firms = _firms_of((entry.index for entry, _ in entries), place)
    return [
        EntrySeen(
            entry.at.astimezone(local_time.zone()),
            entry.direction,
            entry.verdict,
            entry.reason,
            *firms.get(entry.index or 0, ("", "")),
            hash_.hex()[:16],
        )
        for entry, hash_ in entries
    ]


def _firms_of(indexes: Iterable[int | None], place: Place) -> dict[int, tuple[str, str]]:
    known = [index for index in indexes if index is not None]
    employments = Employment.objects.filter(place=place, person__passes__index__in=known)
    return {
        index: (firm, floor)
        for index, firm, floor in employments.values_list("person__passes__index", "organisation__name", "floor")
    }


@dataclass(frozen=True)
class NodeState:
    """A node as the list of gates shows it."""

    node: Node
    codes: list[str]  # of the places it stands at
    heard: datetime | None
    revoked: bool
    forked: bool  # its chain contradicted itself: two disks use one key

    @property
    def online(self) -> bool:
        """Whether it spoke within the last minute of its clock and ours."""
        return self.heard is not None and clock.now() - self.heard < _SILENCE * max(1.0, clock.speed())


def node_states(nodes: QuerySet[Node]) -> list[NodeState]:
    """What the centre knows of each node."""
    heard = {bytes(row.node): row.at for row in NodeHeard.objects.all()}
    forked = {bytes(node) for node in ChainBreak.objects.values_list("node", flat=True).distinct()}
    return [
        NodeState(
            node,
            sorted(place.code for place in node.places.all()),
            heard.get(node.pk.bytes),
            hasattr(node, "revocation"),
            node.pk.bytes in forked,
        )
        for node in nodes.select_related("revocation").prefetch_related("places")
    ]


def valid_passes(at: datetime) -> QuerySet[Pass]:
    """Passes that open gates at `at`: neither expired nor taken back."""
    return Pass.objects.filter(expires__gt=at, revocation=None)


def taken_back(at: datetime) -> QuerySet[Pass]:
    """Passes that were taken back before they expired, and would still open gates at `at`."""
    return Pass.objects.filter(expires__gt=at, revocation__isnull=False)


def chains_of(node: Node) -> dict[int, int]:
    """How far each chain of a node has arrived: epoch → the last number held."""
    heads = ChainHead.objects.filter(node=node.pk.bytes)
    return dict(heads.values_list("epoch", "node_seq"))


def came_in(day: date, places: Collection[str], indexes: Collection[int]) -> dict[int, datetime]:
    """When each of these passes first came into one of these buildings on a local day, in local time."""
    rows = EntryEvent.objects.filter(day=day, place__in=places, index__in=indexes, direction=_IN, verdict=_ENTER)
    came: dict[int, datetime] = {}
    for raw in rows.order_by("seq").values_list("raw", flat=True):
        entry = wire.read_entry(bytes(raw))
        if entry.index is not None:
            came.setdefault(entry.index, entry.at.astimezone(local_time.zone()))
    return came
