"""One box for people, organisations and places. Each answer is limited to what the asker may see."""

from dataclasses import dataclass

from django.db.models import Q

from kaimen.register import access
from kaimen.register.models import Organisation, Person, Place, Post

LONGEST = 60
SHOWN = 20


@dataclass(frozen=True)
class Found:
    """What a search brought; None where the post may not search at all."""

    people: list[Person] | None
    organisations: list[Organisation] | None
    places: list[Place] | None

    @property
    def nothing(self) -> bool:
        """Whether no row was found."""
        return not (self.people or self.organisations or self.places)

    @property
    def not_yours(self) -> bool:
        """Whether the post may search none of them."""
        return self.people is self.organisations is self.places is None


def found(post: Post | None, text: str) -> Found:
    """Rows whose name begins with `text`: people (or their given name), organisations, places."""
    if post is None:
        return Found(None, None, None)
    may_people = access.grants(post, "register.search_people")
    may_house = may_people or access.grants(post, "board.see") or access.grants(post, "register.see_staff")
    if not text:
        return Found([] if may_people else None, [] if may_house else None, [] if may_house else None)
    return Found(
        _people(post, text) if may_people else None,
        list(access.visible(post, Organisation).filter(_named(text))[:SHOWN]) if may_house else None,
        list(access.visible(post, Place).filter(_named(text) | Q(code__istartswith=text))[:SHOWN])
        if may_house
        else None,
    )


def _named(text: str) -> Q:
    return Q(name__contains=text) | Q(name_en__icontains=text)


def _people(post: Post, text: str) -> list[Person]:
    rows = access.visible(post, Person).select_related("area")
    return list(rows.filter(Q(name__startswith=text) | Q(given_name__startswith=text)).order_by("name", "id")[:SHOWN])
