"""What the board shows, limited to the buildings its reader may see."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Case, Count, Q, QuerySet, When

from kaimen.board import rollup, rules_in_force, showing, standing, tally
from kaimen.board.models import PlaceColour
from kaimen.board.picture import BuildingSeen, Fraction
from kaimen.board.showing import Board
from kaimen.gate import queries as gate
from kaimen.kit import clock
from kaimen.kit.words import Words
from kaimen.register import access, packs_in_force
from kaimen.register.models import Area, Employment, Organisation, Place, Post, Premises


@dataclass(frozen=True)
class Plot:
    """What the register and the pack say of a building, as pictures keep it."""

    code: str
    title: Words
    group: str
    outline: str  # GeoJSON


def buildings_seen(post: Post) -> QuerySet[Place]:
    """The buildings within the scope of `post`."""
    return (
        access.visible(post, Place)
        .filter(kind=Place.Kind.BUILDING)
        .select_related("area")
        .order_by("area__path", "code")
    )


def plots(post: Post) -> tuple[Plot, ...]:
    """The buildings of `post`, kept while the pack is: they come with it and go with it."""
    if post.organisation_id is not None:  # a firm moves when it likes
        return _drawn(buildings_seen(post))
    return _kept_plots(packs_in_force.installation(), post.area_id, post.place_id)


def every_plot() -> tuple[Plot, ...]:
    """Every building there is."""
    return _every_plot(packs_in_force.installation())


@lru_cache(maxsize=64)
def _kept_plots(_installation: UUID | None, area: UUID | None, place: UUID | None) -> tuple[Plot, ...]:
    return _drawn(buildings_seen(Post(area_id=area, place_id=place)))


@lru_cache(maxsize=2)
def _every_plot(_installation: UUID | None) -> tuple[Plot, ...]:
    return _drawn(Place.objects.filter(kind=Place.Kind.BUILDING).select_related("area").order_by("area__path", "code"))


def _drawn(places: Iterable[Place]) -> tuple[Plot, ...]:
    return tuple(
        Plot(one.code, _words(one), one.area.code, json.dumps(one.outline) if one.outline else "") for one in places
    )


def _words(titled: Place | Area) -> Words:
    return Words(titled.name, titled.name_en or titled.name)


def known_areas() -> Mapping[str, tuple[str, str, Words]]:
    """Every area's level, parent's code and title, by code."""
    return _known_areas(packs_in_force.installation())


@lru_cache(maxsize=2)
def _known_areas(_installation: UUID | None) -> Mapping[str, tuple[str, str, Words]]:
    areas = Area.objects.select_related("parent")
    return {one.code: (one.level, one.parent.code if one.parent else "", _words(one)) for one in areas}


def board(post: Post) -> Board:
    """The board of `post`, now."""
    at = clock.now()
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    there = plots(post)
    counted = tally.now()
    rules = rules_in_force.of_buildings()
    seen = buildings_at(there, counted, day, standing.now() if rules else {}, at)
    colours = [colour for colour, _title in rules.colours] if rules else ["green"]
    areas = rollup.areas_of(seen, known_areas(), colours)
    quarters = gate.entries_by_quarter(day, [plot.code for plot in there])
    return showing.board(seen, areas, rules, quarters, at=at, day=day, cut_off=counted.at)


def buildings_at(
    there: Sequence[Plot], counted: tally.Tally, day: date, colours: Mapping[str, PlaceColour], at: datetime
) -> list[BuildingSeen]:
    """Buildings with their counts, their people on `day`, and their colours. Never judged: no colour since `at`."""
    codes = [plot.code for plot in there]
    inside, entered = gate.inside(day, codes), gate.entered(day, codes)
    seen = []
    for plot in there:
        one, row = counted.buildings.get(plot.code, tally.Counted()), colours.get(plot.code)
        seen.append(
            BuildingSeen(
                plot.code, plot.title, plot.group, plot.outline,
                row.colour if row else "", row.rule if row else 0, row.since if row else at,
                row.expires if row else None, row.facts if row else {},
                Fraction(one.firms_open, one.firms), Fraction(one.staff_back, one.staff),
                inside.get(plot.code, 0), entered.get(plot.code, 0), one.expected,
            )
        )  # fmt: skip
    return seen


def version(post: Post, language: str) -> str:
    """Changes whenever the board of `post` would look different: the ETag of its live part."""
    at = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    colours = f"{standing.newest()}-{packs_in_force.installation()}"
    return f"{post.pk}-{language}-{gate.version(at.date())}-{tally.now().at.timestamp()}-{colours}-{at:%H%M}"


@dataclass(frozen=True)
class Firm:
    """A firm behind the rates: where it sits and how many of its people are back, within the reader's buildings."""

    organisation: Organisation
    where: str
    staff: int
    back: int
    open: bool

    @property
    def back_of_staff(self) -> str:
        """1,204/3,310."""
        return f"{self.back:,}/{self.staff:,}"


def firms_in(code: str, day: date) -> list[Firm]:
    """The firms of a building, those not open and those with the most people missing first."""
    there = Organisation.objects.filter(kind=Organisation.Kind.FIRM, premises__place__code=code).distinct()
    firms = _firms(list(there), Place.objects.filter(code=code), day, say_place=False)
    return sorted(firms, key=lambda firm: (firm.open, firm.back - firm.staff, firm.organisation.name))


def firms_seen(post: Post, open_: str) -> QuerySet[Organisation]:
    """The firms in the buildings of `post`, those not open first; `open_` is "", "yes" or "no"."""
    up = Q(resumed_on__lte=clock.today(ZoneInfo(settings.TIME_ZONE)))
    there = Premises.objects.filter(place__in=buildings_seen(post)).values("organisation")
    firms = Organisation.objects.filter(pk__in=there, kind=Organisation.Kind.FIRM)  # one list; EXISTS asks every firm
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
