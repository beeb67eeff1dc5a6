"""Whom to tell when something waits for an officer, and how a person is reached who has no phone."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from kaimen.kit import clock
from kaimen.notify import actions as notify
from kaimen.packs import Words
from kaimen.register import packs_in_force
from kaimen.register.models import Person, Post
from kaimen.status.models import Source, Subject

_MOST = 50  # nobody is helped by a message to a whole department


def holders(permission: str) -> QuerySet[Post]:
    """The posts held today whose role grants `permission`."""
    roles = [slug for slug, role in packs_in_force.roles().items() if permission in role.may]
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    held = Q(until=None) | Q(until__gte=today)
    posts = Post.objects.filter(held, role__in=roles, since__lte=today, ended_at=None)
    return posts.select_related("person")


def over(posts: QuerySet[Post], person: Person) -> list[Post]:
    """Those whose area holds the person's file."""
    path = person.area.path if person.area else ""
    return [post for post in posts.select_related("area") if post.area and path.startswith(post.area.path)]


def accredited_officers(permission: str, *, but: str = "") -> list[Post]:
    """The officers of organisations with a key that counts now; `but` leaves out the organisation of one source."""
    now = clock.now()
    posts = holders(permission).filter(
        organisation__sources__accreditations__since__lte=now,
        organisation__sources__accreditations__until__gt=now,
        organisation__sources__accreditations__ended=None,
    )
    if but:
        posts = posts.exclude(organisation__sources__slug=but)
    return list(posts.distinct())


def tell(posts: list[Post], text: str, **about: Any) -> None:
    """Send a text to each person once, at most to fifty."""
    people = {post.person_id: post.person for post in posts}
    for person in list(people.values())[:_MOST]:
        notify.send(text, person, **about)


def tell_changed(subject: Subject) -> None:
    """Somebody's colour changed. The message names no colour; without a phone it is a letter."""
    person = subject.person
    notify.send("colour-changed" if person.phone_tail else "colour-changed-letter", person)


def tell_person(subject: Subject, text: str, **about: Any) -> None:
    """Send a text to somebody about their own matter."""
    notify.send(text, subject.person, **about)


def words(source: Source) -> Words:
    """What a source is called, in both languages."""
    return Words(source.name, source.title("en"))
