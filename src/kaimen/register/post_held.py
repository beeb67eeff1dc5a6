"""Which of a person's posts a request is made in."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Account, Post
from kaimen.ui import navigation

KEY = "post_held"


def posts_of(account: Account) -> QuerySet[Post]:
    """The posts an account's person holds today, oldest first."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return (
        Post.objects.filter(Q(until=None) | Q(until__gte=today), person=account.person_id, since__lte=today)
        .select_related("person", "area", "organisation", "place")
        .order_by("made_at", "id")
    )


class PostHeld:
    """Sets `request.post_held`: the post chosen in this session, else the person's first, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the post before the view runs."""
        post = self._of(request)
        request.post_held = post  # type: ignore[attr-defined]
        request.navigation = [  # type: ignore[attr-defined]
            item for item in navigation.items() if post is not None and access.grants(post, item.permission)
        ]
        return self.get_response(request)

    def _of(self, request: HttpRequest) -> Post | None:
        if not request.user.is_authenticated:
            return None
        posts = list(posts_of(request.user))
        chosen = request.session.get(KEY)
        return next((post for post in posts if str(post.pk) == chosen), posts[0] if posts else None)
