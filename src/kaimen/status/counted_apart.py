"""Which counts may stand apart in public, so that none says of one or two people by which rule or on whose evidence.

Totals stand as they are. Of the cells that make a total up, those below a number are put together with the next
smallest until what is put together is as many as that number, or is the whole: no sum and no difference of what is
shown then comes to fewer. See docs/decisions/0015-small-counts-stand-together.md. Pure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
USUAL = 3  # where the rules say nothing else
_ROUND = 10


@dataclass(frozen=True)
class Apart(Generic[T]):
    """What may stand apart, the most first, and how many the rest are together."""

    cells: tuple[T, ...]
    together: int


def apart(cells: Iterable[T], count: Callable[[T], int], least: int) -> Apart[T]:
    """The cells of one total: those that may be told apart when nothing below `least` may be."""
    ordered = sorted(cells, key=count)
    together = taken = 0
    for cell in ordered:
        if count(cell) >= least and (not together or together >= least):
            break
        together, taken = together + count(cell), taken + 1
    return Apart(tuple(reversed(ordered[taken:])), together)


def more_than(count: int, least: int) -> int:
    """A round number that `count` exceeds by `least` at least: from it and a total nothing below `least` follows."""
    return max(0, (count - least) // _ROUND * _ROUND)
