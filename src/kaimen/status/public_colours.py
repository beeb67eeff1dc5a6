"""The public page of colours: on each day the changes by rule and by source, and what stands out. Never a person.

Small counts stand together (`counted_apart`), and a day is told apart once it is over: whoever watched a table grow
would read single people out of it. The same page with every figure is for those who may see the log's decisions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from kaimen.colours.definitions import StatusDefinition
from kaimen.kit import clock
from kaimen.packs import Words
from kaimen.status import counted_apart, lists, public_counts
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import Placement, RulesVersion, Subject
from kaimen.status.public_counts import Change, Given
from kaimen.status.rules_pages import definition_of, shape_of, status

JUMP_FROM = 20  # people of one source on one day; fewer never stand out
JUMP_TIMES = 5  # as many times what is usual for that source
USUAL_OF = 14  # days before, of which the middle one is usual
_TALL = 56  # of the chart, in its own units
_STEP = 10


@dataclass(frozen=True)
class Shown:
    """A colour with its sign and name."""

    kind: str
    title: Words


@dataclass(frozen=True)
class ChangeShown:
    """So many changes from one colour to another by one rule on one day; without a rule: by several together."""

    after: Shown
    people: int
    before: Shown | None = None
    rule: Words | None = None
    number: int = 0  # of the version of the rules


@dataclass(frozen=True)
class GivenShown:
    """So many changes of one day rest on evidence of one source; without a source: of several together."""

    after: Shown
    people: int
    source: Words | None = None


@dataclass(frozen=True)
class Jump:
    """One source was behind far more changes on one day than is usual for it."""

    day: date
    source: Words
    people: int
    usual: int
    exactly: bool = True  # False: there were more than `people`


@dataclass(frozen=True)
class Day:
    """What changed on one local day."""

    day: date
    total: int
    to: tuple[tuple[Shown, int], ...]  # so many to each colour
    over: bool  # the rest is told only of a day that is over
    changes: tuple[ChangeShown, ...]
    given: tuple[GivenShown, ...]
    jumps: tuple[Jump, ...]


@dataclass(frozen=True)
class Bar:
    """One day of one colour in the chart, in the chart's own units."""

    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Series:
    """The changes to one colour, day by day, all series on one scale."""

    colour: Shown
    total: int
    most: int  # on one day
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Now:
    """What the newest published list says: so many passes of a colour but the usual, of all in the list."""

    counts: tuple[tuple[Shown, int], ...]
    passes: int
    at: datetime


@dataclass(frozen=True)
class Page:
    """Everything the page shows."""

    first: date
    last: date
    days: tuple[Day, ...]
    series: tuple[Series, ...]
    width: int
    total: int
    population: int  # people whose colour is kept in this activation
    cut_off: datetime
    now: Now | None
    jumps: tuple[Jump, ...]
    exact: bool
    least: int  # fewer people are not told apart


class _Names:
    """Colours and rules in words, as the version said that a change was made by."""

    def __init__(self) -> None:
        self._read: dict[RulesVersion, StatusDefinition | None] = {}
        self._current = status_now()

    def _of(self, version: RulesVersion) -> StatusDefinition | None:
        if version not in self._read:
            self._read[version] = definition_of(version)
        return self._read[version] or self._current

    def colour(self, slug: str, version: RulesVersion | None = None) -> Shown:
        """A colour; by its slug where no version names it."""
        of = self._of(version) if version else self._current
        named = of.colours.get(slug) if of else None
        return Shown(shape_of(slug), named.title if named else Words(slug, slug))

    def rule(self, slug: str, version: RulesVersion) -> Words:
        """A rule; by its slug where its version does not name it."""
        of = self._of(version)
        named = next((one.title for one in of.rules if one.slug == slug), None) if of else None
        return named or Words(slug, slug)

    def order(self) -> list[str]:
        """Colours from the worst on."""
        return list(self._current.colours) if self._current else []


def status_now() -> StatusDefinition | None:
    """The rules of people's colours as they are shown now; None where there are none at all."""
    try:
        return status(PERSON).definition
    except LookupError:
        return None


def page(first: date, last: date, *, exact: bool = False) -> Page:
    """The counts of the local days from `first` to `last`; `exact`: of today too, and each figure as it is."""
    names = _Names()
    changes = public_counts.changes_by_day(first, last)
    given = public_counts.sources_by_day(first - timedelta(days=USUAL_OF), last)
    usual = status_now()
    least = 1 if exact else usual.counted_apart if usual else counted_apart.USUAL
    found = jumps([one for one in given if usual is None or one.after != usual.usual], first, last)
    told = found if exact else tuple(_rounded(one, least) for one in found)
    days = tuple(_days(first, last, changes, given, told, _Telling(names, least, exact)))
    return Page(
        first, last, days,
        series=tuple(_series(first, last, changes, names)),
        width=((last - first).days + 1) * _STEP,
        total=sum(one.people for one in changes),
        population=Subject.objects.filter(genesis=in_force()).count(),
        cut_off=clock.now(), now=_now(names), jumps=told, exact=exact, least=least,
    )  # fmt: skip


def _rounded(jump: Jump, least: int) -> Jump:
    usual = jump.usual // 10 * 10
    return Jump(jump.day, jump.source, counted_apart.more_than(jump.people, least), usual, exactly=False)


def jumps(given: list[Given], first: date, last: date) -> tuple[Jump, ...]:
    """What stands out: a source behind at least JUMP_FROM changes on a day, JUMP_TIMES what is usual for it.

    Usual is the middle of the USUAL_OF days before, days without any counted as none. The most people first.
    """
    by: dict[Words, dict[date, int]] = {}
    for one in given:
        days = by.setdefault(one.source, {})
        days[one.day] = days.get(one.day, 0) + one.people
    found = [
        Jump(day, source, people, usual)
        for source, days in by.items()
        for day, people in days.items()
        if first <= day <= last and people >= JUMP_FROM
        for usual in [int(median(days.get(day - timedelta(days=back), 0) for back in range(1, USUAL_OF + 1)))]
        if people >= JUMP_TIMES * usual
    ]
    return tuple(sorted(found, key=lambda one: (-one.people, one.day)))


@dataclass(frozen=True)
class _Telling:
    """In what words days are told, and from how many people on."""

    names: _Names
    least: int
    exact: bool


def _days(
    first: date, last: date, changes: list[Change], given: list[Given], found: tuple[Jump, ...], telling: _Telling
) -> Iterator[Day]:  # fmt: skip
    """Days on which something changed, newest first."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        mine = [one for one in changes if one.day == day]
        theirs = [one for one in given if one.day == day]
        if not mine and not theirs:
            continue
        over = telling.exact or day < today
        yield Day(
            day, sum(one.people for one in mine), tuple(_to(mine, telling.names)), over,
            tuple(_changes(mine, telling)) if over else (), tuple(_given(theirs, telling)) if over else (),
            tuple(one for one in found if one.day == day),
        )  # fmt: skip


C = TypeVar("C", Change, Given)


def _by_colour(counted: Iterable[C], names: _Names) -> Iterator[tuple[str, list[C]]]:
    """What changed to each colour: those the rules know first, from the worst on."""
    order = names.order()

    def place(one: C) -> tuple[int, str]:
        return order.index(one.after) if one.after in order else len(order), one.after

    for (_place, slug), those in groupby(sorted(counted, key=place), key=place):
        yield slug, list(those)


def _to(changes: list[Change], names: _Names) -> Iterator[tuple[Shown, int]]:
    for slug, those in _by_colour(changes, names):
        yield names.colour(slug, those[0].rules), sum(one.people for one in those)


def _changes(changes: list[Change], telling: _Telling) -> Iterator[ChangeShown]:
    names = telling.names
    for slug, those in _by_colour(changes, names):
        parted = counted_apart.apart(those, _people, telling.least)
        for one in parted.cells:
            before, after = names.colour(one.before, one.rules), names.colour(slug, one.rules)
            yield ChangeShown(after, one.people, before, names.rule(one.rule, one.rules), one.rules.number)
        if parted.together:
            yield ChangeShown(names.colour(slug, those[0].rules), parted.together)


def _given(given: list[Given], telling: _Telling) -> Iterator[GivenShown]:
    for slug, those in _by_colour(given, telling.names):
        parted = counted_apart.apart(those, _people, telling.least)
        for one in parted.cells:
            yield GivenShown(telling.names.colour(slug), one.people, one.source)
        if parted.together:
            yield GivenShown(telling.names.colour(slug), parted.together)


def _people(one: Change | Given) -> int:
    return one.people


def _series(first: date, last: date, changes: list[Change], names: _Names) -> Iterator[Series]:
    """A row of bars for each colour that somebody changed to; all rows on one scale."""
    counts: dict[str, dict[date, int]] = {slug: {} for slug in names.order()}
    for one in changes:
        days = counts.setdefault(one.after, {})
        days[one.day] = days.get(one.day, 0) + one.people
    most = max((people for days in counts.values() for people in days.values()), default=0)
    for slug, days in counts.items():
        if not days:
            continue
        bars = tuple(
            Bar((day - first).days * _STEP + 1, _TALL - height, height)
            for day, people in sorted(days.items())
            for height in [max(1.5, round(people / most * (_TALL - 2), 1))]
        )
        yield Series(names.colour(slug), sum(days.values()), max(days.values()), bars)


def _now(names: _Names) -> Now | None:
    published = lists.newest(PERSON)
    if published is None:
        return None
    counts = tuple((names.colour(slug), people) for slug, people in sorted(published.counts.items(), key=_many))
    return Now(counts, Placement.objects.filter(genesis=published.genesis_id).count(), published.made_at)


def _many(one: tuple[str, int]) -> int:
    return -one[1]


def said(jump: Jump, language: str) -> str:
    """A jump in one plain sentence without its day."""
    about = {"people": f"{jump.people:,}", "source": jump.source.to(language), "usual": f"{jump.usual:,}"}
    if jump.exactly and not jump.usual:
        return _("%(people)s changes by one source on one day: %(source)s. On most days before it had none.") % about
    if jump.exactly:
        return _("%(people)s changes by one source on one day: %(source)s. Usual for it are %(usual)s.") % about
    if not jump.usual:
        return (
            _("More than %(people)s changes by one source on one day: %(source)s. Usual for it are fewer than ten.")
            % about
        )
    return (
        _("More than %(people)s changes by one source on one day: %(source)s. Usual for it are some %(usual)s.") % about
    )
