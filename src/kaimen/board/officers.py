"""Who answers for a building: the officer whose post lies over its group, or the nearest area above it."""

from kaimen.board.access import ANSWER
from kaimen.register import access, packs_in_force
from kaimen.register.models import Area, Post


def officers(groups: list[str]) -> dict[str, Post]:
    """The post that answers for each group (by code of its area); a group nobody answers for is left out."""
    roles = [slug for slug, role in packs_in_force.roles().items() if ANSWER in role.may]
    posts: dict[str, Post] = {}
    for post in Post.objects.filter(role__in=roles, area__isnull=False).select_related("person", "area"):
        assert post.area is not None
        if access.in_force(post) and post.area.code not in posts:
            posts[post.area.code] = post
    paths = Area.objects.filter(code__in=groups).values_list("code", "path")
    found = {}
    for code, path in paths:
        nearest = next((posts[one] for one in reversed(path.strip("/").split("/")) if one in posts), None)
        if nearest is not None:
            found[code] = nearest
    return found
