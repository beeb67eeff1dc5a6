"""From buildings to groups, grids and streets: the worst colour with counts; numerators and denominators add. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kaimen.board.picture import AreaSeen, BuildingSeen, Fraction, Rolled
from kaimen.colours.places import UNKNOWN
from kaimen.kit.words import Words

KINDS: Mapping[str, str] = {"red": "stop", "yellow": "care", "green": "go", "blue": "info", UNKNOWN: "none"}


def kind(colour: str) -> str:
    """The shape that stands for a colour; a colour of a pack's own has the square."""
    return KINDS.get(colour, "info")


def order(colours: Sequence[str]) -> list[str]:
    """Worst first. What nobody knows stands before what is known to be well."""
    return [*colours[:-1], UNKNOWN, *colours[-1:]]


def rolled(buildings: Iterable[BuildingSeen], colours: Sequence[str]) -> Rolled:
    """Buildings together."""
    those = list(buildings)
    counted = Counter(one.colour for one in those)
    ranked = order(colours)
    return Rolled(
        colour=next((colour for colour in ranked if counted[colour]), UNKNOWN),
        counts={colour: counted[colour] for colour in ranked},
        resumption=added(one.resumption for one in those),
        staff_back=added(one.staff_back for one in those),
        inside=sum(one.inside for one in those),
        entered=sum(one.entered for one in those),
        expected=sum(one.expected for one in those),
    )


def added(fractions: Iterable[Fraction]) -> Fraction:
    """The rate of several populations together: never an average of percentages."""
    those = list(fractions)
    return Fraction(sum(one.n for one in those), sum(one.of for one in those))


def areas_of(
    buildings: Sequence[BuildingSeen], known: Mapping[str, tuple[str, str, Words]], colours: Sequence[str]
) -> tuple[AreaSeen, ...]:
    """Every area that holds one of the buildings. `known`: code → (level, parent's code, title)."""
    within: dict[str, list[BuildingSeen]] = {}
    for building in buildings:
        code = building.group
        while code:
            within.setdefault(code, []).append(building)
            code = known[code][1]
    return tuple(AreaSeen(code, *known[code], rolled(within[code], colours)) for code in sorted(within))
