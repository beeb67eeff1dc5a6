"""Evidence against many at once: one organisation's adverse acts beyond the number wait for another's approval.

An act is adverse evidence, or the withdrawal of evidence that was not adverse. Acts count per organisation, not per
key or sender, and per local day of the log; a batch split into small ones is still one day's number, and a second
limit over more days catches a batch split over days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kaimen.colours.terms import BulkLimit


def beyond(limits: Iterable[BulkLimit], counted: Mapping[date, int], day: date) -> bool:
    """Whether one act more on `day` waits, when so many acts of its organisation were counted on each day."""
    return any(
        sum(counted.get(day - timedelta(days=back), 0) for back in range(limit.days)) >= limit.more_than
        for limit in limits
    )


@dataclass
class Acts:
    """The adverse acts of every organisation, counted in the order of the log."""

    counted: dict[str, dict[date, int]] = field(default_factory=dict)

    def add(self, organisation: str, day: date, limits: Iterable[BulkLimit]) -> bool:
        """Count one. True: it waits for approval."""
        mine = self.counted.setdefault(organisation, {})
        waits = beyond(limits, mine, day)
        mine[day] = mine.get(day, 0) + 1
        return waits
