"""What the board shows, limited to the buildings its reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from kaimen.board import tally
from kaimen.gate import queries as gate
from kaimen.kit import clock
from kaimen.kit.rates import Rate
from kaimen.register import access, packs_in_force
from kaimen.register.models import Area, Employment, Organisation, Place, Post, Premises


@dataclass(frozen=True)
class Building:
    """One building as the board shows it."""

    place: Place
    resumption: Rate
    staff_back: Rate
    inside: int
    entered: int
    expected: int

    @property
    def shade(self) -> str:
        """The class that shades it: its staff-back rate in steps, until colours decide."""
        percent = self.staff_back.percent(0)
        if percent is None:
            return "none"
        return next(
            name for least, name in ((90, "s4"), (80, "s3"), (70, "s2"), (50, "s1"), (0, "s0")) if percent >= least
        )


class Together:
    """What several buildings have together."""

    buildings: list[Building]

    @property
    def resumption(self) -> Rate:
        """Firms open of firms (复工率)."""
        return summed(b.resumption for b in self.buildings)

    @property
    def staff_back(self) -> Rate:
        """People back of people employed (返岗率)."""
        return summed(b.staff_back for b in self.buildings)

    @property
    def inside(self) -> int:
        """People in the buildings now."""
        return sum(b.inside for b in self.buildings)

    @property
    def entered(self) -> int:
        """Entries today."""
        return sum(b.entered for b in self.buildings)

    @property
    def expected(self) -> int:
        """People on today's rosters."""
        return sum(b.expected for b in self.buildings)


@dataclass(frozen=True)
class Group(Together):
    """Buildings looked after together (网格组)."""

    area: Area
    buildings: list[Building]

    @property
    def number(self) -> str:
        """The group's number: the last part of its code."""
        return self.area.code.rsplit("-", 1)[-1]


@dataclass(frozen=True)
class Board(Together):
    """Everything one reader's board shows at one moment."""

    at: datetime
    day: date
    groups: list[Group]
    buildings: list[Building]
    quarters: list[int]  # entries in each of the day's 96 quarter hours

    def worst_first(self) -> list[Group]:
        """Groups with the lowest staff-back rate first; those with nobody employed last."""
        return sorted(
            self.groups, key=lambda g: (g.staff_back.percent(4) is None, g.staff_back.percent(4) or 0, g.number)
        )


def summed(rates: Iterable[Rate]) -> Rate:
    """The rate of several populations together: numerators and denominators add, percentages never."""
    parts = list(rates)
    cut_off = min((part.cut_off for part in parts), default=clock.now())
    return Rate(sum(p.numerator for p in parts), sum(p.denominator for p in parts), cut_off)


def buildings_seen(post: Post) -> QuerySet[Place]:
    """The buildings within the scope of `post`."""
    return (
        access.visible(post, Place)
        .filter(kind=Place.Kind.BUILDING)
        .select_related("area")
        .order_by("area__path", "code")
    )


def _places(post: Post) -> tuple[Place, ...]:
    """The same, kept while the pack is: an area's buildings and their outlines come with it and go with it."""
    if post.organisation_id is not None:  # a firm moves when it likes
        return tuple(buildings_seen(post))
    return _kept_places(packs_in_force.installation(), post.area_id, post.place_id)


@lru_cache(maxsize=64)
def _kept_places(_installation: UUID | None, area: UUID | None, place: UUID | None) -> tuple[Place, ...]:
    return tuple(buildings_seen(Post(area_id=area, place_id=place)))


def board(post: Post) -> Board:
    """The board of `post`, now."""
    at = clock.now()
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    places = _places(post)
    codes = [place.code for place in places]
    counted, inside = tally.now(), gate.inside(day, codes)
    entered = gate.entered(day, codes)
    buildings = [_building(place, counted, inside.get(place.code, 0), entered.get(place.code, 0)) for place in places]
    groups: dict[Area, list[Building]] = {}
    for building in buildings:
        groups.setdefault(building.place.area, []).append(building)
    grouped = [Group(area, those) for area, those in groups.items()]
    return Board(at, day, grouped, buildings, gate.entries_by_quarter(day, codes))


def _building(place: Place, counted: tally.Tally, inside: int, entered: int) -> Building:
    one = counted.buildings.get(place.code, tally.Counted())
    return Building(
        place,
        Rate(one.firms_open, one.firms, counted.at),
        Rate(one.staff_back, one.staff, counted.at),
        inside,
        entered,
        one.expected,
    )


def version(post: Post, language: str) -> str:
    """Changes whenever the board of `post` would look different: the ETag of its live part."""
    at = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{post.pk}-{language}-{gate.version(at.date())}-{tally.now().at.timestamp()}-{at:%H%M}"


@dataclass(frozen=True)
class Firm:
    """A firm behind the rates: where it sits and how many of its people are back, within the reader's buildings."""

    organisation: Organisation
    where: str
    staff: int
    back: int
    open: bool


def firms_in(place: Place, day: date) -> list[Firm]:
    """The firms of a building, those not open and those with the most people missing first."""
    there = Organisation.objects.filter(kind=Organisation.Kind.FIRM, premises__place=place).distinct()
    firms = _firms(list(there), Place.objects.filter(pk=place.pk), day, say_place=False)
    return sorted(firms, key=lambda firm: (firm.open, firm.back - firm.staff, firm.organisation.name))


def firms_seen(post: Post, open_: str) -> QuerySet[Organisation]:
    """The firms in the buildings of `post`, those not open first; `open_` is "", "yes" or "no"."""
    up = Q(resumed_on__lte=clock.today(ZoneInfo(settings.TIME_ZONE)))
    firms = Organisation.objects.filter(
        Exists(Premises.objects.filter(organisation=OuterRef("pk"), place__in=buildings_seen(post))),
        kind=Organisation.Kind.FIRM,
    )
    if open_:
        firms = firms.filter(up if open_ == "yes" else ~up | Q(resumed_on=None))
    return firms.order_by(Case(When(up, then=1), default=0), "name")


def with_staff(page: Page[Organisation], post: Post) -> list[Firm]:
    """The firms of a page with their numbers, asked for these firms and the buildings of `post` only."""
    day = clock.today(ZoneInfo(settings.TIME_ZONE))
    return _firms(list(page.object_list), buildings_seen(post), day, say_place=True)


def _firms(firms: list[Organisation], places: QuerySet[Place], day: date, *, say_place: bool) -> list[Firm]:
    staffed = {
        row["organisation"]: (row["n"], row["back"])
        for row in Employment.objects.filter(gate.employed_on(day), organisation__in=firms, place__in=places)
        .values("organisation")
        .annotate(n=Count("pk"), back=Count("pk", filter=Q(back_on__lte=day)))
    }
    where: dict[UUID, list[str]] = {}
    sits = Premises.objects.filter(organisation__in=firms, place__in=places).select_related("place")
    for premises in sits.order_by("place__code", "floor"):
        said = f"{premises.place} {premises.floor}" if say_place else premises.floor
        where.setdefault(premises.organisation_id, []).append(said.strip())
    return [
        Firm(
            firm,
            ", ".join(filter(None, where.get(firm.pk, []))),
            *staffed.get(firm.pk, (0, 0)),
            firm.resumed_on is not None and firm.resumed_on <= day,
        )
        for firm in firms
    ]
