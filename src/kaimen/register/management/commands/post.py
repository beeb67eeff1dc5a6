"""`kaimen post`: who holds which role over what. The first posts of an installation are given here."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kaimen.register import access, identifiers, posts
from kaimen.register.models import Post


class Command(BaseCommand):
    """Give, list and end posts."""

    help = "Give a post with an account to sign in with, list the posts, end one."

    def add_arguments(self, parser: CommandParser) -> None:
        """give USERNAME --name --role --over · list · end ID"""
        verbs = parser.add_subparsers(dest="verb", required=True)
        give = verbs.add_parser("give", help="let somebody hold a role; prints the first password of a new account")
        give.add_argument("username", help="what the person signs in with")
        give.add_argument("--name", default="", help="the person's name, where the account is new")
        give.add_argument("--role", required=True, help="a role of the pack in force, for example grid-officer")
        give.add_argument("--over", default="", metavar="CODE", help="the area's, building's or firm's code")
        verbs.add_parser("list", help="show every post held today")
        end = verbs.add_parser("end", help="make today a post’s last day; the row stays")
        end.add_argument("post", help="the id `kaimen post list` shows")
        end.add_argument("--now", action="store_true", help="at once, not at the end of the day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        try:
            {"give": self._give, "list": self._list, "end": self._end}[options["verb"]](options)
        except (posts.NotPossible, identifiers.NotAnIdentifier) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _give(self, options: dict[str, Any]) -> None:
        given = posts.give_post(options["username"], options["name"], options["role"], options["over"])
        self.stdout.write(f"{given.post.pk}  {given.post.role}  {given.post.person.name}")
        if given.password:
            self.stdout.write(_("First password, shown only now: %s") % given.password)

    def _list(self, _options: dict[str, Any]) -> None:
        rows = Post.objects.select_related("person__account", "area", "organisation", "place")
        for post in filter(access.in_force, rows.order_by("role", "made_at")):
            over = post.area or post.organisation or post.place or "—"
            username = post.person.account.username if hasattr(post.person, "account") else "—"
            last = _("until %s") % post.until if post.until else ""
            self.stdout.write(f"{post.pk}  {post.role}  {username}  {over}  {last}".rstrip())

    def _end(self, options: dict[str, Any]) -> None:
        wanted = _uuid(options["post"])
        post = Post.objects.filter(pk=wanted).first() if wanted else None
        if post is None:
            raise CommandError(_("There is no post %s; see: kaimen post list") % options["post"])
        posts.end_post(post, at_once=options["now"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
