"""Posts and firms at the start of an installation: who holds what over what. Verbs of the command line.

Whoever may run `kaimen` on the server owns its database; so nobody is asked for a permission here.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.register import identifiers, packs_in_force
from kaimen.register.models import Account, Area, Organisation, Person, Place, Post, Premises

Scope = Area | Organisation | Place | None
_LONGEST_USERNAME = 60


class NotPossible(ValueError):
    """What was asked cannot be done: what is wrong, and what would be right."""


@dataclass(frozen=True)
class Given:
    """A post that was given; `password` is the account's first one, shown once, or empty for an account there was."""

    post: Post
    password: str


@transaction.atomic
def give_post(username: str, name: str, role: str, over: str) -> Given:
    """Let the person behind `username` hold `role` over the area, place or firm with the code `over`.

    Makes person and account where there are none. Raises NotPossible, NotAnIdentifier.
    """
    scope = _scope(role, over)
    account = Account.objects.select_related("person").filter(username=username).first()
    password = ""
    if account is None:
        account, password = _account(username, name, scope)
    if account.person is None:
        raise NotPossible(_("The account %s belongs to nobody on file.") % username)
    column = {Area: "area", Organisation: "organisation", Place: "place"}
    held = {column[type(scope)]: scope} if scope is not None else {}
    today = _today()
    same = Post.objects.filter(person=account.person, role=role, until=None, ended_at=None, **held).first()
    return Given(same or Post.objects.create(person=account.person, role=role, since=today, **held), password)


def end_post(post: Post, last_day: date | None = None, *, at_once: bool = False) -> Post:
    """The post is held until the end of `last_day` (today) and no longer, or from this moment on no more.

    A row stays: who held what is not forgotten. Raises NotPossible.
    """
    last_day = last_day or _today()
    if last_day < post.since:
        raise NotPossible(_("This post began on %s; it cannot end before.") % post.since)
    post.until = last_day
    post.ended_at = clock.now() if at_once else None
    post.save(update_fields=["until", "ended_at"])
    return post


@transaction.atomic
def file_firm(code: str, name: str, building: str, floor: str = "") -> Organisation:
    """The firm with this credit code, in a building. Filed before, its name is renewed.

    Raises NotPossible, NotAnIdentifier.
    """
    place = Place.objects.filter(code=building).select_related("area").first()
    if place is None:
        raise NotPossible(_("No place has the code %s. Codes are in the pack, under places/.") % building)
    if not name.strip():
        raise NotPossible(_("The firm has no name; write it as on its licence."))
    firm, _made = Organisation.objects.update_or_create(
        uscc=identifiers.uscc(code), defaults={"name": name.strip()[:120]}, create_defaults={
            "name": name.strip()[:120], "area": place.area,
        },
    )  # fmt: skip
    Premises.objects.get_or_create(organisation=firm, place=place, floor=floor[:20])
    return firm


def _scope(role: str, over: str) -> Scope:
    roles = packs_in_force.roles()
    if role not in roles:
        raise NotPossible(_("The pack in force has no role %(role)s; it has: %(roles)s") % {
            "role": role, "roles": ", ".join(sorted(roles)),
        })  # fmt: skip
    kind = roles[role].scope
    if kind == "self":
        if over:
            raise NotPossible(_("%s is held over oneself; leave --over out.") % role)
        return None
    found: Scope = {"area": _area, "place": _place, "organisation": _firm}[kind](over)
    if found is None:
        where = {
            "area": _("an area’s code, as in the pack under areas/"),
            "place": _("a building’s code, as in the pack under places/"),
            "organisation": _("a firm’s unified social credit code; file it first with: kaimen firm"),
        }[kind]
        raise NotPossible(
            _("Nothing is found under %(code)s; %(role)s is held over %(where)s.")
            % {"code": over or "—", "role": role, "where": where}
        )
    return found


def _area(code: str) -> Scope:
    return Area.objects.filter(code=code).first()


def _place(code: str) -> Scope:
    return Place.objects.filter(code=code).first()


def _firm(code: str) -> Scope:
    return Organisation.objects.filter(uscc=identifiers.normalise(code)).first()


def _account(username: str, name: str, scope: Scope) -> tuple[Account, str]:
    if not name:
        raise NotPossible(_("No account is called %s yet; give --name, too, so that one is made.") % username)
    if not username or len(username) > _LONGEST_USERNAME:
        raise NotPossible(_("A user name has 1 to %d characters.") % _LONGEST_USERNAME)
    area = scope if isinstance(scope, Area) else scope.area if scope is not None else None
    name = identifiers.person_name(name)
    person = Person.objects.create(name=name, given_name=identifiers.given_name(name), area=area)
    password = secrets.token_urlsafe(12)
    account = Account(username=username, person=person)
    account.set_password(password)
    account.save()
    return account, password


def _today() -> date:
    return clock.today(ZoneInfo(settings.TIME_ZONE))
