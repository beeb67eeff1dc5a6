"""The board as a page shows it: the same for this moment and for a frozen day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.board import rollup
from kaimen.board.picture import AreaSeen, BuildingSeen, Fraction, Rolled, Rules
from kaimen.colours.places import UNKNOWN
from kaimen.kit.rates import Rate
from kaimen.kit.words import Words

GRID = "grid"


def said(words: Words) -> str:
    """A text of the pack in the reader's language."""
    return words.to(get_language() or "zh-hans")


def word(rules: Rules | None, colour: str) -> str | Promise:
    """What a colour is called; of no colour, that nothing was reported."""
    titles = dict(rules.colours) if rules else {}
    return said(titles[colour]) if colour in titles else _("no report")


@dataclass(frozen=True)
class Mark:
    """A colour as it is shown: a shape, a word, perhaps how many."""

    kind: str
    word: str | Promise
    n: int = 0
    of: str = ""  # what has the colour: a building's name
    code: str = ""


@dataclass(frozen=True)
class Building:
    """One building as a page shows it."""

    seen: BuildingSeen
    rules: Rules | None
    cut_off: datetime

    @property
    def code(self) -> str:
        """Its code."""
        return self.seen.code

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return said(self.seen.title)

    @property
    def mark(self) -> Mark:
        """Its colour: shape and word."""
        return Mark(
            rollup.kind(self.seen.colour), word(self.rules, self.seen.colour), of=self.title, code=self.seen.code
        )

    @property
    def resumption(self) -> Rate:
        """Firms open of firms (复工率)."""
        return _rate(self.seen.resumption, self.cut_off)

    @property
    def staff_back(self) -> Rate:
        """People back of people employed (返岗率)."""
        return _rate(self.seen.staff_back, self.cut_off)

    @property
    def shade(self) -> str:
        """The class that shades it in the second view: its staff-back rate in steps."""
        percent = self.staff_back.percent(0)
        if percent is None:
            return "none"
        return next(
            name for least, name in ((90, "s4"), (80, "s3"), (70, "s2"), (50, "s1"), (0, "s0")) if percent >= least
        )


@dataclass(frozen=True)
class Together:
    """Buildings together: a group, a street, everything on the page."""

    all: Rolled
    rules: Rules | None
    cut_off: datetime

    @property
    def marks(self) -> list[Mark]:
        """How many buildings have each colour, worst first; with a legend's words. Without rules nobody has one."""
        counts = self.all.counts.items() if self.rules else [(UNKNOWN, self.all.counts[UNKNOWN])]
        return [Mark(rollup.kind(colour), word(self.rules, colour), n) for colour, n in counts]

    @property
    def mark(self) -> Mark:
        """The worst of them."""
        return Mark(rollup.kind(self.all.colour), word(self.rules, self.all.colour))

    @property
    def resumption(self) -> Rate:
        """Firms open of firms."""
        return _rate(self.all.resumption, self.cut_off)

    @property
    def staff_back(self) -> Rate:
        """People back of people employed."""
        return _rate(self.all.staff_back, self.cut_off)


@dataclass(frozen=True)
class Area(Together):
    """An area with those of its buildings that the reader may see."""

    seen: AreaSeen
    buildings: list[Building]

    @property
    def number(self) -> str:
        """A group's number: the last part of its code."""
        return self.seen.code.rsplit("-", 1)[-1]

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return said(self.seen.title)

    @property
    def by_trouble(self) -> list[Building]:
        """Its buildings, the worst colour first."""
        colours = [colour for colour, _title in self.rules.colours] if self.rules else ["green"]
        return sorted(self.buildings, key=lambda one: worst_first(one, colours))

    @property
    def worst(self) -> Building:
        """The building to look at first."""
        return self.by_trouble[0]


@dataclass(frozen=True)
class Board(Together):
    """Everything one reader's board shows: at this moment, or of a frozen day."""

    at: datetime
    day: date
    buildings: list[Building]
    groups: list[Area]
    above: list[Area]  # streets and districts with buildings in more than one group
    quarters: Sequence[int]  # entries in each of the day's 96 quarter hours

    @cached_property
    def trouble_first(self) -> list[Area]:
        """Groups with the worst colours first, more of them first; then the lowest staff-back rate."""
        return sorted(self.groups, key=lambda group: (_trouble(group.all), _behind(group.staff_back), group.number))

    def building(self, code: str) -> Building | None:
        """The building with this code, if the reader may see it."""
        return next((one for one in self.buildings if one.code == code), None)


def worst_first(building: Building, colours: Sequence[str]) -> tuple[object, ...]:
    """A sort key: the colour, then the lowest staff-back rate; a building with nobody to count last."""
    return (rollup.order(colours).index(building.seen.colour), _behind(building.staff_back), building.code)


def _trouble(all_: Rolled) -> tuple[int, ...]:
    """More of a worse colour sorts before; what is well does not count."""
    return tuple(-n for n in list(all_.counts.values())[:-1])


def _behind(rate: Rate) -> tuple[bool, object]:
    percent = rate.percent(4)
    return (percent is None, percent or 0)


def _rate(fraction: Fraction, cut_off: datetime) -> Rate:
    return Rate(fraction.n, fraction.of, cut_off)


def board(  # noqa: PLR0913 — a moment and what was seen at it
    seen: Iterable[BuildingSeen],
    areas: Iterable[AreaSeen],
    rules: Rules | None,
    quarters: Sequence[int],
    *,
    at: datetime,
    day: date,
    cut_off: datetime,
    only: Collection[str] | None = None,
) -> Board:
    """A board of the buildings seen; of those with a code in `only` where it is given.

    Roll-ups are made anew from the buildings shown: a reader who sees a part sees the counts of that part.
    """
    buildings = [Building(one, rules, cut_off) for one in seen if only is None or one.code in only]
    known = {area.code: (area.level, area.parent, area.title) for area in areas}
    colours = [colour for colour, _title in rules.colours] if rules else ["green"]
    rolled = rollup.areas_of([one.seen for one in buildings], known, colours)
    shown = [
        Area(area.all, rules, cut_off, area, [one for one in buildings if one.seen.group == area.code])
        for area in rolled
    ]
    return Board(
        rollup.rolled((one.seen for one in buildings), colours), rules, cut_off, at, day, buildings,
        [area for area in shown if area.buildings], _above(shown, len(buildings)), quarters,
    )  # fmt: skip


def _above(areas: list[Area], buildings: int) -> list[Area]:
    """Streets and districts; of those that hold the whole board, the lowest alone."""
    above = [area for area in areas if not area.buildings]
    whole = [area for area in above if sum(area.all.counts.values()) == buildings]
    return [area for area in above if area not in whole[:-1]]
