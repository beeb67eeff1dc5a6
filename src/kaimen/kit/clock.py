"""The only source of time.

A drill runs on its own clock: every process of a demonstration is started with the same
`KAIMEN_CLOCK`, `<ISO start>@<unix seconds>x<speed>`, and so they agree without talking.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Drill:
    """A clock that started at `start` when the machine's clock showed `anchor`, and runs `speed` times as fast."""

    start: datetime
    anchor: float
    speed: float

    def now(self) -> datetime:
        """The drill's time (aware, UTC)."""
        return self.start + timedelta(seconds=(time.time() - self.anchor) * self.speed)

    def text(self) -> str:
        """The form `KAIMEN_CLOCK` takes."""
        return f"{self.start.isoformat()}@{self.anchor}x{self.speed:g}"


def read_drill(text: str) -> Drill | None:
    """Parse `KAIMEN_CLOCK`; an empty text means real time.

    Raises ValueError naming the form that would be right.
    """
    if not text:
        return None
    try:
        start, rest = text.split("@")
        anchor, speed = rest.split("x")
        drill = Drill(datetime.fromisoformat(start).astimezone(UTC), float(anchor), float(speed))
    except ValueError as error:
        raise ValueError(
            f"KAIMEN_CLOCK is {text!r}; it should read like 2020-03-16T07:30:00+08:00@1700000000x20"
        ) from error
    return drill


_drill = read_drill(os.environ.get("KAIMEN_CLOCK", ""))
_frozen: datetime | None = None


def now() -> datetime:
    """The time now: aware, UTC."""
    if _frozen is not None:
        return _frozen
    return _drill.now() if _drill else datetime.fromtimestamp(time.time(), UTC)


def today(zone: ZoneInfo) -> date:
    """The local date now."""
    return now().astimezone(zone).date()


def speed() -> float:
    """How many seconds of this clock pass in a real one."""
    return _drill.speed if _drill else 1.0


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stand still at `at` (aware). For tests and for deciding "as of"."""
    global _frozen  # noqa: PLW0603 — one process, one clock
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime; add a zone, for example datetime(..., tzinfo=UTC)")
    before, _frozen = _frozen, at
    try:
        yield
    finally:
        _frozen = before
