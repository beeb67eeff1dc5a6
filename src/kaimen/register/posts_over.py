"""Who answers for a place: the posts held today, over the place itself or over an area it lies in."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.register.models import Person, Place, Post


def holders(roles: Collection[str]) -> QuerySet[Post]:
    """The posts with one of these roles that are held today."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    held = Q(until=None) | Q(until__gte=today)
    posts = Post.objects.filter(held, role__in=roles, since__lte=today, ended_at=None)
    return posts.select_related("person", "area", "place")


def roles_with(permission: str) -> list[str]:
    """The roles of the pack in force that grant `permission`."""
    return [slug for slug, role in packs_in_force.roles().items() if permission in role.may]


def over_place(roles: Collection[str], place: Place) -> list[Post]:
    """The posts with one of these roles whose scope holds `place`, the nearest first: the place before its grid."""
    held = [post for post in holders(roles) if _holds(post, place)]
    return sorted(held, key=lambda post: (post.place is None, -len(post.area.path) if post.area else 0, post.made_at))


def people_over(permission: str, place: Place) -> list[Person]:
    """The people who hold `permission` over `place`, each once."""
    posts = over_place(roles_with(permission), place)
    return list({post.person_id: post.person for post in posts}.values())


def _holds(post: Post, place: Place) -> bool:
    if post.place is not None:
        return place.path.startswith(post.place.path)
    return post.area is not None and place.area.path.startswith(post.area.path)
