"""Who may do what: a post grants a permission over a scope that holds the thing, from its first day to its last.

`require` asks about one thing, `visible` about a list. Both ask the same question: `scopes` says once, for each
model, along which path it reaches an area, an organisation, a place or the person themself.

A page about one thing uses `one`: without the permission the answer is 403; with it, a thing outside the scope and a
thing that does not exist are both 404, so that nobody learns what lies beyond their scope by asking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import Cast
from django.db.models.lookups import In
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kaimen.kit import clock
from kaimen.register import packs_in_force, permission_names
from kaimen.register.models import (
    Account,
    Area,
    Employment,
    NumberClaim,
    Organisation,
    Person,
    Place,
    Post,
    Premises,
    Viewing,
)
from kaimen.register.staff_models import StaffList
from kaimen.ui import navigation

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]  # a file that is sent in pieces, too
V = TypeVar("V", bound=View)
Within = Callable[[Any], Q]  # a scope → the rows inside it

PERMISSIONS = permission_names.PERMISSIONS
permissions = permission_names.permissions


class NotAllowed(PermissionDenied):
    """No post held grants this. The answer to the browser is 403, in words."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"no post held grants {permission} here")


class PostRequest(HttpRequest):
    """A request of somebody who holds a post: `post_held` is the one in use."""

    user: Account
    post_held: Post


@dataclass(frozen=True)
class Scopes:
    """How a model's rows lie within a scope; None: never."""

    area: Within | None = None
    organisation: Within | None = None
    place: Within | None = None
    person: Within | None = None


_scopes: dict[type[Model], Scopes] = {}


def scopes(
    model: type[Model],
    *,
    area: str | Within | None = None,
    organisation: str | Within | None = None,
    place: str | Within | None = None,
    person: str | Within | None = None,
) -> None:
    """Say how `model` reaches each scope: a lookup path ("" is the row itself) or a function to a condition."""
    _scopes[model] = Scopes(_subtree(area), _same(organisation), _subtree(place), _same(person))


def _subtree(path: str | Within | None) -> Within | None:
    if not isinstance(path, str):
        return path
    return lambda scope: subtree(scope, path)


def _same(path: str | Within | None) -> Within | None:
    if not isinstance(path, str):
        return path
    return lambda scope: Q(**{path or "pk": scope.pk})


def subtree(scope: Any, path: str = "") -> Q:
    """The rows whose `path` (a lookup, "" is the row itself) leads to `scope` (an area or a place) or below it."""
    return begins(f"{path}__path" if path else "path", scope.path)


def begins(lookup: str, text: str) -> Q:
    """The rows whose text begins so. A range, not LIKE: SQLite walks an index for it, and 天% is only a letter."""
    return Q(**{f"{lookup}__gte": text, f"{lookup}__lt": text[:-1] + chr(ord(text[-1]) + 1)})


def in_force(post: Post) -> bool:
    """Whether `post` is held now."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return post.ended_at is None and post.since <= today and (post.until is None or today <= post.until)


def granted(post: Post) -> frozenset[str]:
    """Every permission the role of `post` lists; none unless the post is held today."""
    role = packs_in_force.roles().get(post.role)
    return role.may if role is not None and in_force(post) else frozenset()


def grants(post: Post, permission: str) -> bool:
    """Whether `post` is held today and its role lists `permission`."""
    return permission in granted(post)


def holds(post: Post, permission: str, thing: Model | None = None) -> bool:
    """Whether `post` grants `permission`, over `thing` where one is given."""
    if not grants(post, permission):
        return False
    return thing is None or visible(post, type(thing)).filter(pk=thing.pk).exists()


def require(post: Post | None, permission: str, thing: Model | None = None) -> None:
    """Raise NotAllowed unless `post` grants `permission` over a scope that holds `thing`."""
    if post is None or not holds(post, permission, thing):
        raise NotAllowed(permission)


def one(post: Post | None, permission: str, model: type[M], pk: UUID) -> M:
    """The row of `model` with this key. Raises NotAllowed without the permission, Http404 outside the scope."""
    require(post, permission)
    assert post is not None
    thing = visible(post, model).filter(pk=pk).first()
    if thing is None:
        raise Http404(f"no {model._meta.model_name} {pk} within the scope of this post")
    return thing


def visible(post: Post, model: type[M]) -> QuerySet[M]:
    """The rows of `model` within the scope of `post`."""
    ways = _scopes[model]
    for scope, way in ((post.area, ways.area), (post.organisation, ways.organisation), (post.place, ways.place)):
        if scope is not None:
            return model._default_manager.filter(way(scope) if way else Q(pk__in=[]))
    return model._default_manager.filter(ways.person(post.person) if ways.person else Q(pk__in=[]))


def post_required(permission: str) -> Callable[[View], View]:
    """A view for people whose post in use grants `permission`. Others sign in, or get 403 in words."""

    def wrap(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: PostRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.post_held, permission)
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def signed_in(view: View) -> View:
    """A view for anybody with an account."""
    guarded: Any = login_required(view)
    guarded.access = "signed in"
    guarded.__wrapped__ = view
    return guarded  # type: ignore[no-any-return]


def public(view: V) -> V:
    """A view for everybody; marked, so that nothing is public by forgetting."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def _kept_in(area: Area) -> Q:
    # The cast keeps the index on area_id out of it: a search by name must walk the index on names, whatever the scope.
    # Without it SQLite collects a district's million people first and looks for 张 among them: seconds, not 7 ms.
    return Q(In(Cast("area_id", UUIDField()), Area.objects.filter(subtree(area)).values("pk")))


def _employed_at(place: Place) -> Q:
    return Q(Exists(Employment.objects.filter(subtree(place, "place"), person=OuterRef("pk"), left_on=None)))


def _housed_in(place: Place) -> Q:
    return Q(Exists(Premises.objects.filter(subtree(place, "place"), organisation=OuterRef("pk"))))


def _houses(organisation: Organisation) -> Q:
    return Q(Exists(Premises.objects.filter(place=OuterRef("pk"), organisation=organisation)))


scopes(Area, area="")
scopes(Organisation, area="area", organisation="", place=_housed_in)
scopes(Place, area="area", place="", organisation=_houses)
scopes(Employment, area="organisation__area", organisation="organisation", place="place", person="person")
scopes(Person, area=_kept_in, place=_employed_at, person="")
scopes(StaffList, organisation="organisation")
scopes(Post, area="area", organisation="organisation", place="place", person="person")
scopes(Viewing, area="person__area", person="person")
scopes(NumberClaim, area="owner__area", person="owner")

permissions({
    "register.see_own_file": "be led to one's own file (it opens to everybody signed in, whatever their post)",
    "register.search_people": "search for people",
    "register.see_person": "open the file of a person; every opening is recorded",
    "register.register_person": "file a person at a counter, with the document seen",
    "register.see_staff": "see the staff of a firm",
    "register.import_staff": "file the staff of a firm from a list",
    "register.see_viewings": "see who opened whose file",
})  # fmt: skip

navigation.add(10, "register:me", _("My file"), "register.see_own_file")
navigation.add(10, "register:counter", _("Counter"), "register.register_person")
navigation.add(15, "register:staff", _("Staff"), "register.see_staff")
navigation.add(20, "register:people", _("People on file"), "register.search_people")
navigation.add(60, "register:viewings", _("Who looked"), "register.see_viewings")
