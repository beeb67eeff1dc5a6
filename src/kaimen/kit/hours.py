"""Office hours: when on a working day an office is open. Pure."""

from dataclasses import dataclass
from datetime import time

END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Hours:
    """Spans of a day (from, to), in order; none where nobody said."""

    spans: tuple[tuple[time, time], ...] = ()

    @property
    def closes(self) -> time:
        """When the office shuts; the end of the day where nobody said."""
        return self.spans[-1][1] if self.spans else END_OF_DAY
