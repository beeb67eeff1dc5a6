"""Who may do what: one of a person's posts grants a permission over a scope that holds the thing.

`require` asks about one thing, `visible` about a list. Both ask the same question: `scopes` says once, for each
model, along which path it reaches an area, an organisation, a place or the person themself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from kaimen.register import packs_in_force
from kaimen.register.models import Account, Area, Employment, Organisation, Person, Place, Post, Premises

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponse]
Within = Callable[[Any], Q]  # a scope → the rows inside it

PERMISSIONS: dict[str, str] = {}  # name → what it allows, in English; roles.yaml may name only these


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
    lookup = f"{path}__path__startswith" if path else "path__startswith"
    return lambda scope: Q(**{lookup: scope.path})


def _same(path: str | Within | None) -> Within | None:
    if not isinstance(path, str):
        return path
    return lambda scope: Q(**{path or "pk": scope.pk})


def permissions(names: dict[str, str]) -> None:
    """Name the permissions of a part: name → what it allows."""
    PERMISSIONS.update(names)


def grants(post: Post, permission: str) -> bool:
    """Whether the role of `post` lists `permission`."""
    role = packs_in_force.roles().get(post.role)
    return role is not None and permission in role.may


def holds(post: Post, permission: str, thing: Model | None = None) -> bool:
    """Whether `post` grants `permission`, over `thing` where one is given."""
    if not grants(post, permission):
        return False
    return thing is None or visible(post, type(thing)).filter(pk=thing.pk).exists()


def require(post: Post | None, permission: str, thing: Model | None = None) -> None:
    """Raise NotAllowed unless `post` grants `permission` over a scope that holds `thing`."""
    if post is None or not holds(post, permission, thing):
        raise NotAllowed(permission)


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
        def guarded(request: PostRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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


def public(view: View) -> View:
    """A view for everybody; marked, so that nothing is public by forgetting."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def _employed(field: str) -> Within:
    return lambda scope: Q(
        Exists(Employment.objects.filter(person=OuterRef("pk"), left_on=None, **{f"{field}__path__startswith": scope.path}))
    )


def _houses(field: str) -> Within:
    def within(scope: Model) -> Q:
        return Q(Exists(Premises.objects.filter(**{field: OuterRef("pk")}, organisation=scope.pk)))

    return within


scopes(Area, area="")
scopes(Organisation, area="area", organisation="", place=lambda place: Q(
    Exists(Premises.objects.filter(organisation=OuterRef("pk"), place__path__startswith=place.path))
))
scopes(Place, area="area", place="", organisation=_houses("place"))
scopes(Employment, area="organisation__area", organisation="organisation", place="place", person="person")
scopes(Person, area="area", place=_employed("place"), person="")
scopes(Post, area="area", organisation="organisation", place="place", person="person")
