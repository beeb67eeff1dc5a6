"""Two frozen days side by side: which buildings changed colour, how each number moved. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from kaimen.board.showing import Board, Mark
from kaimen.kit.rates import Rate


@dataclass(frozen=True)
class Changed:
    """A building whose colour is another. None: the building was not on that picture."""

    code: str
    title: str
    before: Mark | None
    after: Mark | None
    better: bool


@dataclass(frozen=True)
class Moved:
    """A rate on both days, and by how many percentage points it moved; None where one of them had nobody to count."""

    before: Rate
    after: Rate

    @property
    def points(self) -> Decimal | None:
        """Percentage points, of the rounded rates as they are printed."""
        one, two = self.before.percent(), self.after.percent()
        return None if one is None or two is None else two - one


def changed(before: Board, after: Board, order: list[str]) -> list[Changed]:
    """The buildings that changed colour or stand on one picture only: those that got worse first."""
    first = {one.code: one for one in before.buildings}
    second = {one.code: one for one in after.buildings}
    found = []
    for code in sorted(first.keys() | second.keys()):
        one, two = first.get(code), second.get(code)
        if one is not None and two is not None and one.seen.colour == two.seen.colour:
            continue
        shown = two or one
        assert shown is not None
        better = one is not None and two is not None and _rank(order, two.seen.colour) > _rank(order, one.seen.colour)
        found.append(Changed(code, shown.title, one.mark if one else None, two.mark if two else None, better))
    return sorted(found, key=lambda change: (change.better, change.code))


def _rank(order: list[str], colour: str) -> int:
    return order.index(colour) if colour in order else len(order)
