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
BY_CODE = "by_code"  # this session was opened with a code sent to a phone


def posts_of(account: Account) -> QuerySet[Post]:
    """The posts an account's person holds today, oldest first."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return (
        Post.objects.filter(_lasting(), person=account.person_id, since__lte=today)
        .select_related("person", "area", "organisation", "place")
        .order_by("made_at", "id")
    )


def posts_open(request: HttpRequest) -> list[Post]:
    """The posts this session may be in. A code proves a phone, not a clerk: it opens only the post over oneself."""
    if not isinstance(request.user, Account) or request.user.person_id is None:
        return []
    posts = posts_of(request.user)
    if request.session.get(BY_CODE):
        posts = posts.filter(area=None, organisation=None, place=None)
    return list(posts)


def holds_more_than_oneself(account: Account) -> bool:
    """Whether an account opens, today or from a later day, more than its person's own file."""
    lasting = Post.objects.filter(_lasting(), person=account.person_id)
    return lasting.exclude(area=None, organisation=None, place=None).exists()


def _lasting() -> Q:
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=today))


class PostHeld:
    """Sets `request.posts_open` and `request.post_held`: the one chosen in this session, else the first, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the post before the view runs."""
        posts = posts_open(request)
        chosen = request.session.get(KEY)
        post = next((post for post in posts if str(post.pk) == chosen), posts[0] if posts else None)
        request.posts_open = posts  # type: ignore[attr-defined]
        request.post_held = post  # type: ignore[attr-defined]
        may = access.granted(post) if post is not None else frozenset()
        request.navigation = [item for item in navigation.items() if item.permission in may]  # type: ignore[attr-defined]
        return self.get_response(request)
