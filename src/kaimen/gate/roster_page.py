"""A firm's list for a day as its clerk confirms it: by exception, from the list that counts anyway."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext

from kaimen.gate import list_days, local_time, queries
from kaimen.gate.list_models import ListChange, ListChangeAsked
from kaimen.gate.models import EntryEvent, Pass, Roster
from kaimen.kit import clock
from kaimen.register.models import Employment, Organisation, Place, Post
from kaimen_gate import wire

Change = Literal["joins", "stays-away", "same", "not-planned"]
Asked = Literal["", "waiting", "declined"]
_WORKING_DAY = timedelta(hours=10)
_RANK: dict[Change, int] = {"joins": 0, "stays-away": 1, "same": 2, "not-planned": 3}


@dataclass(frozen=True)
class Row:
    """One person of the firm, and how the day differs from the list that counts anyway."""

    employment: Employment
    listed_before: bool
    comes: bool
    filed_since: bool  # filed after the last list was confirmed
    pass_words: str  # until when the pass is good
    listed_today: bool
    asked: Asked  # of the desk, about today or the closed day shown

    @property
    def change(self) -> Change:
        """What the clerk is about to confirm for this person."""
        if self.comes:
            return "same" if self.listed_before else "joins"
        return "stays-away" if self.listed_before else "not-planned"


@dataclass(frozen=True)
class Sheet:
    """The list of one firm at one place for `day`: about to be confirmed, or closed."""

    organisation: Organisation
    place: Place
    day: date
    due: datetime
    rows: list[Row]
    today: Roster | None  # the list in effect today
    confirmed: Roster | None  # the day's own, once there is one
    days: list[list_days.ListDay]
    works: bool

    def count(self, change: Change) -> int:
        """How many people change in this way."""
        return sum(row.change == change for row in self.rows)

    @cached_property
    def equation(self) -> dict[str, int]:
        """The list before + joining − staying away = the day's."""
        joins, away = self.count("joins"), self.count("stays-away")
        before = sum(row.listed_before for row in self.rows)
        return {"before": before, "joins": joins, "away": away, "after": before + joins - away}

    @property
    def not_planned(self) -> int:
        """On the books, but on neither list."""
        return self.count("not-planned")

    @property
    def is_today(self) -> bool:
        """Whether the day has begun."""
        return self.day == local_time.today()

    @property
    def follows_today(self) -> bool:
        """Whether it is tomorrow's, and starts from today's: the words on the page may say so."""
        return self.day == local_time.today() + timedelta(days=1) and self.works

    @property
    def closed(self) -> bool:
        """Whether the deadline has passed: only the building's desk changes it now."""
        return clock.now() >= self.due

    @property
    def renewed(self) -> bool:
        """Whether the firm filed it for this very day."""
        return self.confirmed is not None and self.confirmed.renewed(self.day)

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


def sheet(organisation: Organisation, place: Place, day: date, ticked: Iterable[UUID] | None = None) -> Sheet:
    """The list of `organisation` at `place` for `day`, with `ticked` where the clerk has ticked already."""
    today, due = local_time.today(), list_days.due(place, day)
    own = Roster.objects.filter(organisation=organisation, place=place, day=day).select_related("corrects").first()
    in_effect = queries.rosters_in_effect(today, organisation=organisation, place=place).select_related("corrects")
    rows = _rows(organisation, place, day, ticked, open_=clock.now() < due)
    return Sheet(
        organisation=organisation,
        place=place,
        day=day,
        due=due,
        rows=sorted(rows, key=lambda row: (_RANK[row.change], storey(row.employment.floor), row.employment.name)),
        today=in_effect.first(),
        confirmed=own,
        days=list_days.choices(place),
        works=list_days.works(place, day),
    )


def _rows(
    organisation: Organisation, place: Place, day: date, ticked: Iterable[UUID] | None, *, open_: bool
) -> list[Row]:
    staff = list(queries.staff_of(organisation, place).only("name", "department", "floor", "made_at", "person_id"))
    today, base = local_time.today(), queries.roster_before(organisation, place, day)
    before, planned = queries.named_by(base, day), queries.coming(organisation, place, day)
    newest = queries.rosters_in_effect(day, organisation=organisation, place=place).first()
    since = {one.pk for one in staff if newest is None or one.made_at > newest.made_at}
    offered = planned | since if open_ else planned  # who is new is offered, not slipped onto a closed list
    comes = set(ticked) if ticked is not None else offered
    on_today = queries.coming(organisation, place, today)
    asked = _asked(organisation, place, today if open_ else day)
    until, none = _pass_ends(organisation), gettext("with the confirmation")
    return [
        Row(
            one, one.pk in before, one.pk in comes, one.pk in since, until.get(one.person_id, none),
            one.pk in on_today, asked.get(one.pk, ""),
        )
        for one in staff
    ]  # fmt: skip


def _asked(organisation: Organisation, place: Place, day: date) -> dict[UUID, Asked]:
    """What became of the last thing the clerk asked the desk about each person on a day's list."""
    about = {"employment__organisation": organisation, "place": place, "day": day}
    waiting = ListChangeAsked.objects.filter(answer=None, **about).values_list("employment_id", flat=True)
    declined: dict[UUID, Asked] = {
        change.employment_id: "" if change.roster_id else "declined" for change in ListChange.objects.filter(**about)
    }
    return declined | dict.fromkeys(waiting, "waiting")


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


def storey(floor: str) -> tuple[int, str]:
    """What floors are sorted by: 3 before 12, whatever letters stand around."""
    digits = "".join(letter for letter in floor if letter.isdecimal())
    return (int(digits) if digits else 0, floor)


@dataclass(frozen=True)
class House:
    """One of a firm's buildings, and whether its list for the day is confirmed."""

    place: Place
    confirmed: bool


def houses(organisation: Organisation, places: list[Place], day: date) -> list[House]:
    """A firm's buildings, with those whose list for `day` still waits told apart."""
    filed = Roster.objects.filter(organisation=organisation, place__in=places, day=day, by_desk=False)
    done = set(filed.values_list("place_id", flat=True))
    return [House(place, place.pk in done) for place in places]


def places_of(post: Post) -> list[Place]:
    """The buildings with gates whose lists a post may see: its own, or those its firm has desks in."""
    if post.organisation is not None:
        found = Place.objects.filter(occupants__organisation=post.organisation, parent=None)
        return list(found.exclude(profile="").select_related("area").distinct())
    return [post.place] if post.place is not None and post.place.profile else []
