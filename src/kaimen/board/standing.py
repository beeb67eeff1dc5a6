"""Which colour each building has: the newest row of each, kept while there is no newer one."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from kaimen.board.models import PlaceColour, PlaceFacts
from kaimen.board.picture import Stored

BUILDING = "building"  # the status of buildings: status/building.yaml


def newest() -> UUID | None:
    """The id of the newest change: it changes whenever some building's colour does. One indexed read."""
    found = PlaceColour.objects.aggregate(id=Max("id"))["id"]
    assert found is None or isinstance(found, UUID)
    return found


def now() -> Mapping[str, PlaceColour]:
    """Each building's colour, by place code; a building that was never judged is left out."""
    return _kept(newest())


@lru_cache(maxsize=2)
def _kept(_newest: UUID | None) -> Mapping[str, PlaceColour]:
    return in_force(None)


def in_force(at: datetime | None) -> dict[str, PlaceColour]:
    """The colour each building had at a moment (aware); None: has now."""
    rows = PlaceColour.objects.filter(status=BUILDING)
    newer = PlaceColour.objects.filter(status=BUILDING, place=OuterRef("place"), made_at__gt=OuterRef("made_at"))
    if at is not None:
        rows, newer = rows.filter(made_at__lte=at), newer.filter(made_at__lte=at)
    return {row.place.code: row for row in rows.filter(~Exists(newer)).select_related("place")}


def history(code: str) -> list[PlaceColour]:
    """Every colour a building had, each with the rule that decided, newest first."""
    return list(PlaceColour.objects.filter(status=BUILDING, place__code=code).order_by("-made_at"))


def facts_of(code: str) -> dict[str, Stored]:
    """What was read about a building last."""
    row = PlaceFacts.objects.filter(place__code=code).first()
    return dict(row.facts) if row else {}
