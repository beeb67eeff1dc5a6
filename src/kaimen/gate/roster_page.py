"""Tomorrow's list as its clerk confirms it: by exception, from today's. And as the building manager prints it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext

from kaimen.gate import local_time, queries, snapshots
from kaimen.gate.models import EntryEvent, Pass, Roster
from kaimen.kit import clock
from kaimen.register.models import Employment, Organisation, Place, Post
from kaimen_gate import wire

Change = Literal["joins", "stays-away", "same", "not-planned"]
_WORKING_DAY = timedelta(hours=10)
_RANK: dict[Change, int] = {"joins": 0, "stays-away": 1, "same": 2, "not-planned": 3}


@dataclass(frozen=True)
class Row:
    """One person of the firm, and how tomorrow differs from today."""

    employment: Employment
    expected_today: bool
    comes: bool
    filed_since: bool  # filed after the last list was confirmed
    pass_words: str  # until when the pass is good

    @property
    def change(self) -> Change:
        """What the clerk is about to confirm for this person."""
        if self.comes:
            return "same" if self.expected_today else "joins"
        return "stays-away" if self.expected_today else "not-planned"


@dataclass(frozen=True)
class Tomorrow:
    """The list of one firm at one place, about to be confirmed for `day`."""

    organisation: Organisation
    place: Place
    day: date
    due: datetime
    rows: list[Row]
    today: Roster | None  # the list in effect today
    confirmed: Roster | None  # tomorrow's, once confirmed

    def count(self, change: Change) -> int:
        """How many people change in this way."""
        return sum(row.change == change for row in self.rows)

    @cached_property
    def equation(self) -> dict[str, int]:
        """Today + joining − staying away = tomorrow."""
        joins, away = self.count("joins"), self.count("stays-away")
        today = sum(row.expected_today for row in self.rows)
        return {"today": today, "joins": joins, "away": away, "tomorrow": today + joins - away}

    @property
    def not_planned(self) -> int:
        """On the books, but neither today nor tomorrow."""
        return self.count("not-planned")

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return clock.now() >= self.due

    @property
    def left(self) -> timedelta:
        """How long until the deadline."""
        return max(timedelta(), self.due - clock.now())

    @property
    def hours_left(self) -> int:
        """Whole hours until the deadline."""
        return int(self.left.total_seconds()) // 3600

    @property
    def minutes_left(self) -> int:
        """Minutes beyond the whole hours."""
        return int(self.left.total_seconds()) % 3600 // 60

    @property
    def share_left(self) -> float:
        """How much of the working day before the deadline is left, for the ring that empties."""
        return min(1.0, self.left / _WORKING_DAY)


def tomorrow(organisation: Organisation, place: Place, ticked: Iterable[UUID] | None = None) -> Tomorrow:
    """The list of `organisation` at `place` for tomorrow, with `ticked` where the clerk has ticked already."""
    today = local_time.today()
    day = today + timedelta(days=1)
    in_effect = queries.rosters_in_effect(today, organisation=organisation, place=place).first()
    confirmed = Roster.objects.filter(organisation=organisation, place=place, day=day).first()
    rows = _rows(organisation, place, day, ticked)
    return Tomorrow(
        organisation=organisation,
        place=place,
        day=day,
        due=local_time.due_for(day, snapshots.profile_of(place).roster_due),
        rows=sorted(rows, key=lambda row: (_RANK[row.change], _storey(row.employment.floor), row.employment.name)),
        today=in_effect,
        confirmed=confirmed,
    )


def _rows(organisation: Organisation, place: Place, day: date, ticked: Iterable[UUID] | None) -> list[Row]:
    staff = list(queries.staff_of(organisation, place).only("name", "department", "floor", "made_at", "person_id"))
    expected = queries.coming(organisation, place, day - timedelta(days=1))
    planned = queries.coming(organisation, place, day)
    newest = queries.rosters_in_effect(day, organisation=organisation, place=place).first()
    since = {one.pk for one in staff if newest is None or one.made_at > newest.made_at}
    comes = set(ticked) if ticked is not None else planned | since
    until, none = _pass_ends(organisation), gettext("with the confirmation")
    return [
        Row(one, one.pk in expected, one.pk in comes, one.pk in since, until.get(one.person_id, none)) for one in staff
    ]


def _pass_ends(organisation: Organisation) -> dict[UUID, str]:
    """Until when the last pass of each of a firm's people is good. One question, and few days among 20,000 people."""
    ends = queries.valid_passes(clock.now()).filter(person__employments__organisation=organisation)
    last = {person: at.astimezone(local_time.zone()).date() for person, at in _newest_last(ends)}
    words, form = gettext("to %(day)s"), gettext("j F")
    said = {day: words % {"day": dateformat.format(day, form)} for day in set(last.values())}
    return {person: said[day] for person, day in last.items()}


def _newest_last(passes: QuerySet[Pass]) -> Iterable[tuple[UUID, datetime]]:
    return passes.values_list("person_id", "expires").order_by("expires")


def arrived(roster: Roster, day: date) -> int:
    """How many people of a list were let in on `day`."""
    indexes = set(Pass.objects.filter(person__employments__roster_lines__roster=roster).values_list("index", flat=True))
    let_in = {"direction": wire.DIRECTIONS.index("in"), "verdict": wire.VERDICTS.index("enter")}
    entered = EntryEvent.objects.filter(place=roster.place.code, day=day, **let_in)
    seen = {index for index in entered.values_list("index", flat=True) if index in indexes}
    return Pass.objects.filter(index__in=seen).values("person").distinct().count() if seen else 0


def receipt_number(roster: Roster) -> str:
    """The number a clerk may quote: the list's day, its revision, and the end of its id."""
    return f"R-{roster.day:%Y%m%d}-{roster.revision}-{roster.pk.hex[-6:].upper()}"


@dataclass(frozen=True)
class FirmList:
    """One firm's people in a building on a day, for the manager's printed list."""

    roster: Roster
    renewed: bool  # confirmed for this very day; else the last list counts (未更新)
    late: bool  # confirmed after the deadline
    people: list[Employment]

    @property
    def floors(self) -> list[tuple[str, list[Employment]]]:
        """The people floor by floor."""
        floors: dict[str, list[Employment]] = {}
        for one in self.people:
            floors.setdefault(one.floor, []).append(one)
        return sorted(floors.items(), key=lambda item: _storey(item[0]))


def _storey(floor: str) -> tuple[int, str]:
    digits = "".join(letter for letter in floor if letter.isdigit())
    return (int(digits) if digits else 0, floor)


def lists_of(place: Place, day: date) -> list[FirmList]:
    """Who is expected at `place` on `day`, firm by firm."""
    due = local_time.due_for(day, snapshots.profile_of(place).roster_due)
    rosters = queries.rosters_in_effect(day, place=place).select_related("organisation").order_by("organisation__name")
    return [
        FirmList(
            roster,
            roster.day == day,
            roster.day == day and roster.made_at > due,
            list(
                Employment.objects.filter(queries.employed_on(day), roster_lines__roster=roster).order_by(
                    "floor", "name"
                )
            ),
        )
        for roster in rosters
    ]


def places_of(post: Post) -> list[Place]:
    """The buildings with gates whose lists a post may see: its own, or those its firm has desks in."""
    if post.organisation is not None:
        houses = Place.objects.filter(occupants__organisation=post.organisation, parent=None)
        return list(houses.exclude(profile="").distinct())
    return [post.place] if post.place is not None and post.place.profile else []
