"""For everybody: how many colours changed, by day, rule and source. Counted from decisions; the log says the same.

A source that turns many people at once stands out here the next morning, whoever agreed to it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from kaimen.kit import clock
from kaimen.packs import Words
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status import lists
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import Batch, Decision, RulesVersion


@dataclass(frozen=True)
class Change:
    """So many people went from one colour to another by one rule on one day."""

    day: date
    before: str
    after: str
    rule: str
    rules: RulesVersion
    people: int


@dataclass(frozen=True)
class Given:
    """So many decisions of a day rest on evidence of a source. One that rests on two sources is counted at both."""

    day: date
    source: Words
    after: str
    people: int


def changes_by_day(first: date, last: date) -> list[Change]:
    """Every change from `first` to `last` (local days), newest day first, the most people first."""
    rows = (
        _between(first, last)
        .annotate(day=TruncDate("made_at", tzinfo=_zone()))
        .values_list("day", "before", "after", "rule", "rules")
        .annotate(people=Count("pk"))
        .order_by("-day", "-people", "rule")
    )
    found = list(rows)
    versions = RulesVersion.objects.defer("text").in_bulk({row[4] for row in found})
    return [
        Change(day, before, after, rule, versions[version], people)
        for day, before, after, rule, version, people in found
        if before != after
    ]


def sources_by_day(first: date, last: date) -> list[Given]:
    """On whose evidence colours changed, newest day first, the most people first."""
    rows = (
        _between(first, last)
        .filter(because__isnull=False)
        .exclude(before=F("after"))  # the rule changed, the colour stayed
        .annotate(day=TruncDate("made_at", tzinfo=_zone()))
        .values_list("day", "because__accreditation__source__name", "because__accreditation__source__name_en", "after")
        .annotate(people=Count("pk", distinct=True))
        .order_by("-day", "-people")
    )
    return [Given(day, Words(name, name_en or name), after, people) for day, name, name_en, after, people in rows]


def colours_now() -> dict[str, int]:
    """How many people have each colour but the usual, as the last published list says; none before there is one."""
    published = lists.newest(PERSON)
    return dict(published.counts) if published else {}


def batches_of(by: Post, days: int = 14) -> list[Batch]:
    """What organisations of the asker's scope sent, by day: how many adverse acts, the newest first."""
    access.require(by, "status.see_changes")
    since = clock.today(_zone()) - timedelta(days=days)
    mine = access.visible(by, Batch).filter(day__gte=since, genesis=in_force())
    return list(mine.select_related("organisation").order_by("-day", "-acts"))


def _between(first: date, last: date) -> QuerySet[Decision]:
    begin = datetime.combine(first, time(), _zone())
    end = datetime.combine(last + timedelta(days=1), time(), _zone())
    return Decision.objects.filter(made_at__gte=begin, made_at__lt=end, subject__genesis=in_force())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
