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


@dataclass(frozen=True)
class Group:
    """Buildings looked after together (网格组)."""

    area: Area
    buildings: list[Building]

    @property
    def number(self) -> str:
        """The group's number: the last part of its code."""
        return self.area.code.rsplit("-", 1)[-1]

    @property
    def resumption(self) -> Rate:
        """Firms open of firms."""
        return summed(b.resumption for b in self.buildings)

    @property
    def staff_back(self) -> Rate:
        """People back of people employed."""
        return summed(b.staff_back for b in self.buildings)

    @property
    def inside(self) -> int:
        """People in the group's buildings now."""
        return sum(b.inside for b in self.buildings)


@dataclass(frozen=True)
class Board:
    """Everything one reader's board shows at one moment."""

    at: datetime
    day: date
    groups: list[Group]
    quarters: list[int]  # entries in each of the day's 96 quarter hours

    @property
    def buildings(self) -> list[Building]:
        """Every building, group by group."""
        return [building for group in self.groups for building in group.buildings]

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
        """People in all buildings now."""
        return sum(b.inside for b in self.buildings)

    @property
    def entered(self) -> int:
        """Entries today."""
        return sum(b.entered for b in self.buildings)

    @property
    def expected(self) -> int:
        """People on today's rosters."""
        return sum(b.expected for b in self.buildings)

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
    groups: dict[Area, list[Building]] = {}
    for place in places:
        one = counted.buildings.get(place.code, tally.Counted())
        groups.setdefault(place.area, []).append(
            Building(
                place,
                Rate(one.firms_open, one.firms, counted.at),
                Rate(one.staff_back, one.staff, counted.at),
                inside.get(place.code, 0),
                entered.get(place.code, 0),
                one.expected,
            )
        )
    return Board(at, day, [Group(area, list_) for area, list_ in groups.items()], gate.entries_by_quarter(day, codes))


def version(post: Post, language: str) -> str:
    """Changes whenever the board of `post` would look different: the ETag of its live part."""
    at = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{post.pk}-{language}-{gate.version(at.date())}-{tally.now().at.timestamp()}-{at:%H%M}"


@dataclass(frozen=True)
class Firm:
    """A firm in a building, for the building's page."""

    organisation: Organisation
    floors: str
    staff: int
    back: int
    open: bool


def firms_in(place: Place, day: date) -> list[Firm]:
    """The firms of a building, those with the most people missing first."""
    staffed = {
        row["organisation"]: (row["n"], row["back"])
        for row in Employment.objects.filter(place=place, left_on=None)
        .values("organisation")
        .annotate(n=Count("pk"), back=Count("pk", filter=Q(back_on__lte=day)))
    }
    floors: dict[Organisation, list[str]] = {}
    for premises in place.occupants.select_related("organisation").order_by("floor"):
        floors.setdefault(premises.organisation, []).append(premises.floor)
    firms = []
    for organisation, where in floors.items():
        n, back = staffed.get(organisation.pk, (0, 0))
        is_open = organisation.resumed_on is not None and organisation.resumed_on <= day
        firms.append(Firm(organisation, ", ".join(filter(None, where)), n, back, is_open))
    return sorted(firms, key=lambda firm: (firm.open, firm.back - firm.staff, firm.organisation.name))


@dataclass(frozen=True)
class FirmRow:
    """A firm behind the rates."""

    organisation: Organisation
    where: str
    staff: int
    back: int
    open: bool


def firms_seen(post: Post, open_: str) -> QuerySet[Organisation]:
    """The firms in the buildings of `post`, those not open first; `open_` is "", "yes" or "no"."""
    day = clock.today(ZoneInfo(settings.TIME_ZONE))
    up = Q(resumed_on__lte=day)
    firms = Organisation.objects.filter(
        Exists(Premises.objects.filter(organisation=OuterRef("pk"), place__in=buildings_seen(post))),
        kind=Organisation.Kind.FIRM,
    )
    if open_:
        firms = firms.filter(up if open_ == "yes" else ~up | Q(resumed_on=None))
    return firms.order_by(Case(When(up, then=1), default=0), "name")


def with_staff(page: Page[Organisation]) -> list[FirmRow]:
    """The firms of a page with their numbers, asked for these firms only."""
    day = clock.today(ZoneInfo(settings.TIME_ZONE))
    firms = list(page.object_list)
    counted = {
        row["organisation"]: (row["n"], row["back"])
        for row in Employment.objects.filter(organisation__in=firms, left_on=None)
        .values("organisation")
        .annotate(n=Count("pk"), back=Count("pk", filter=Q(back_on__lte=day)))
    }
    where: dict[object, list[str]] = {}
    for premises in Premises.objects.filter(organisation__in=firms).select_related("place"):
        where.setdefault(premises.organisation_id, []).append(f"{premises.place} {premises.floor}".strip())
    return [
        FirmRow(
            firm,
            ", ".join(where.get(firm.pk, [])),
            *counted.get(firm.pk, (0, 0)),
            firm.resumed_on is not None and firm.resumed_on <= day,
        )
        for firm in firms
    ]
