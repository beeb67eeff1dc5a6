"""How long an honest log may take to say what is due: counted in its own life, not by the clock.

A machine that slept over the end of somebody's evidence says so as soon as it wakes, and that is no lie. So of a
silence between two leaves only a third of the patience counts, and what came due in a silence is due when it ends.
(A log in which lists are published has a leaf every five minutes, and its patience passes as fast as the clock.)
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kaimen.colours.evenings import Life

_SILENCES = 3  # after so many in a row a patience is gone
What = tuple[Any, ...]


@dataclass
class Patience:
    """What is awaited in a log, each within a grace of its own, in milliseconds of the log's life."""

    _at: int = 0
    _graces: dict[int, tuple[Life, deque[tuple[int, What]]]] = field(default_factory=dict)

    def goes_on(self, at: int) -> None:
        """The next leaf was logged at `at`."""
        self._at = at
        for life, _ in self._graces.values():
            life.goes_on(at)

    def awaits(self, grace: int, *what: Any) -> None:
        """From now on `what` is due."""
        if grace not in self._graces:
            self._graces[grace] = Life(grace // _SILENCES, _last=self._at), deque()
        life, awaited = self._graces[grace]
        awaited.append((life.lived + grace, what))

    def gone(self) -> Iterator[What]:
        """What has been due for longer than its grace, each once."""
        for life, awaited in self._graces.values():
            while awaited and awaited[0][0] <= life.lived:
                yield awaited.popleft()[1]
