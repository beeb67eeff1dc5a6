"""Entries by quarter hour, as a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM = 1000, 240, 64, 34


@dataclass(frozen=True)
class Bar:
    """One quarter hour."""

    x: float
    y: float
    width: float
    height: float
    at: str  # "08:15"
    n: int


@dataclass(frozen=True)
class Mark:
    """A line across with its number, or a time below."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything the template draws; the table beside it says the same."""

    bars: list[Bar]
    rows: list[Mark]
    times: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT


def chart(quarters: Sequence[int], now: int) -> Chart:
    """Bars from the half hour before the first entry to the quarter hour `now` (0 … 95), four hours at least."""
    first = next((index for index, n in enumerate(quarters) if n), now)
    first = max(0, min(first, now) // 2 * 2 - 2)
    last = min(95, max(now, first + 15))
    top = _round_up(max([*quarters[first : last + 1], 4]))
    wide, high = WIDTH - LEFT, HEIGHT - BOTTOM - 12
    step = wide / (last - first + 1)
    bars = []
    for place, index in enumerate(range(first, last + 1)):
        tall = quarters[index] / top * high
        bars.append(
            Bar(LEFT + place * step + step * 0.14, 12 + high - tall, step * 0.72, tall, _time(index), quarters[index])
        )
    every = 2 if last - first < 24 else 4 if last - first < 48 else 8
    rows = [Mark(12 + high - high * part / 4, f"{top * part // 4:,}") for part in range(5)]
    times = [
        Mark(LEFT + (index - first) * step, _time(index)) for index in range(first, last + 1) if index % every == 0
    ]
    return Chart(bars, rows, times)


def _time(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def _round_up(n: int) -> int:
    """The next number that four lines divide evenly: 4, 8, 20, 40, 80, 200 …"""
    size = 1
    while True:
        for lead in (4, 8, 12, 20):
            if lead * size >= n:
                return lead * size
        size *= 10
