"""Whose place is which in the published status lists: a pass has an index, and its index is its place."""

from collections.abc import Collection, Iterable
from uuid import UUID

from kaimen.gate import queries
from kaimen.kit import clock
from kaimen.status import subjects
from kaimen.status.subjects import Placed


class Passes:
    """What `status` asks about passes, which it may not know."""

    def placed(self, people: Collection[UUID] | None = None) -> Iterable[Placed]:
        """The passes of these people (None: of all) that may still open something: person and index."""
        passes = queries.valid_passes(clock.now())
        if people is not None:
            passes = passes.filter(person__in=people)
        return passes.values_list("person_id", "index").iterator()

    def revoked(self) -> Iterable[int]:
        """The indexes of passes that were taken back and have not run out."""
        return queries.taken_back(clock.now()).values_list("index", flat=True).iterator()


subjects.provide(Passes())
