"""One box for people, organisations and places. Each answer is limited to what the asker may see."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q

from kaimen.register import access, queries
from kaimen.register.models import Organisation, Person, Place, Post

T = TypeVar("T")

MOST = 20  # rows of each sort
_OPENS_HOUSES = ("register.search_people", "board.see", "register.see_staff", "gate.enrol_node")


@dataclass(frozen=True)
class Found:
    """What a search brought; None where the post may not search that sort at all."""

    people: list[Person] | None
    organisations: list[Organisation] | None
    places: list[Place] | None
    more: bool = False
    most: int = MOST

    @property
    def nothing(self) -> bool:
        """Whether no row was found."""
        return not (self.people or self.organisations or self.places)

    @property
    def not_yours(self) -> bool:
        """Whether the post may search none of them."""
        return all(rows is None for rows in (self.people, self.organisations, self.places))


def found(post: Post | None, text: str) -> Found:
    """What `text` finds: people as in the register's own search; organisations and places by a part of their name.

    Raises NotAnIdentifier when it reads like a number that cannot be one.
    """
    if post is None:
        return Found(None, None, None)
    may_people = access.grants(post, "register.search_people")
    may_houses = any(access.grants(post, permission) for permission in _OPENS_HOUSES)
    if not text:
        return Found([] if may_people else None, [] if may_houses else None, [] if may_houses else None)
    people = queries.search_people(post, text).people if may_people else None
    firms = list(_firms(post, text)) if may_houses else None
    places = list(_places(post, text)) if may_houses else None
    more = any(len(rows) > MOST for rows in (people or [], firms or [], places or []))
    return Found(_cut(people), _cut(firms), _cut(places), more)


def _firms(post: Post, text: str) -> list[Organisation]:
    named = Q(name__contains=text) | Q(name_en__icontains=text) | Q(uscc=text.upper())
    rows = access.visible(post, Organisation).filter(named).prefetch_related("premises__place")
    return list(rows.order_by("name")[: MOST + 1])


def _places(post: Post, text: str) -> list[Place]:
    named = Q(name__contains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text)
    return list(access.visible(post, Place).filter(named).select_related("parent", "area")[: MOST + 1])


def _cut(rows: list[T] | None) -> list[T] | None:
    return None if rows is None else rows[:MOST]
