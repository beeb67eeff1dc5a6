"""Who shows a code at which gate, and when: a believable Monday, the same each time.

An appearance is one whole number, so that a hundred thousand of them are light and sort by time.
"""

import random  # noqa: TID251 — seeded: the drill is the same each time, and guards nothing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FIRST = 7 * 3600 + 30 * 60  # the first people come at half past seven
LAST = 22 * 3600
_IN, _OUT = 0, 1
_PEAK, _SPREAD = 8 * 3600 + 14 * 60, 21 * 60
_STRANGERS = 0.012  # of those expected: people whose code is good, but whom nobody expects here


@dataclass(frozen=True)
class Appearance:
    """Somebody stands at a gate: the second of the day, the gate's number, the pass's index, which way."""

    second: int
    gate: int
    index: int
    direction: Literal["in", "out"]


def appearances(seed: int, expected: Sequence[Sequence[int]], strangers: Mapping[int, Sequence[int]]) -> list[int]:
    """The day, packed and in order.

    `expected[building]` are the indexes of the passes its lists name; `strangers[building]` those of people who work
    there but are on no list today.
    """
    draw = random.Random(seed)  # noqa: S311
    day: list[int] = []
    for building, indexes in enumerate(expected):
        for index in indexes:
            day.extend(_visits(draw, building, index))
        unexpected = strangers.get(building, ())
        wanted = min(len(unexpected), round(len(indexes) * _STRANGERS))
        day.extend(_packed(_arrival(draw), building, index, _IN) for index in draw.sample(list(unexpected), wanted))
    day.sort()
    return day


def unpacked(packed: int) -> Appearance:
    """What a packed appearance says."""
    return Appearance(packed >> 42, packed >> 25 & 0xFFFF, packed & 0xFFFFFF, "out" if packed >> 24 & 1 else "in")


def due_at(packed: int) -> int:
    """The second of the day a packed appearance is due."""
    return packed >> 42


def _packed(second: int, building: int, index: int, direction: int) -> int:
    return second << 42 | building << 25 | direction << 24 | index


def _visits(draw: random.Random, building: int, index: int) -> Iterator[int]:
    """In, perhaps out for lunch and in again, and home."""
    come = _arrival(draw)
    yield _packed(come, building, index, _IN)
    if draw.random() < 0.30:
        lunch = max(come + 1800, round(draw.gauss(12 * 3600 + 300, 900)))
        yield _packed(lunch, building, index, _OUT)
        yield _packed(lunch + round(draw.uniform(1200, 3300)), building, index, _IN)
    go = round(draw.gauss(17 * 3600 + 50 * 60, 40 * 60))
    yield _packed(min(LAST - 300, max(come + 5 * 3600, 15 * 3600, go)), building, index, _OUT)


def _arrival(draw: random.Random) -> int:
    """Most between eight and half past; a tail until noon."""
    if draw.random() < 0.10:
        return FIRST + round(draw.expovariate(1 / 4200)) % (4 * 3600)
    while True:
        second = round(draw.gauss(_PEAK, _SPREAD))
        if second >= FIRST:
            return second
