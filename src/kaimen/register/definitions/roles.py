"""Roles: who may do what, over which sort of scope (roles.yaml)."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.register.permission_names import PERMISSIONS

ScopeKind = Literal["area", "organisation", "place", "self"]


@dataclass(frozen=True)
class Role:
    """A named list of permissions, held over one sort of scope."""

    slug: str
    title: Words
    scope: ScopeKind
    may: frozenset[str]


def _parse(found: Found) -> Iterable[Role]:
    for slug, role in found.data["roles"].items():
        yield Role(slug, Words.of(role["title"]), role["scope"], frozenset(role["may"]))


def _check(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    """Every permission a role lists is one the program asks for: a slip would silently grant nothing."""
    for file, role in pack.definitions:
        if isinstance(role, Role):
            for name in sorted(role.may - PERMISSIONS.keys()):
                near = get_close_matches(name, PERMISSIONS, 1)
                remedy = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(PERMISSIONS))}"
                what = f"{role.slug} lists the permission {name}, which nothing asks for"
                yield file, Wrong(what, remedy, ("roles", role.slug, "may"))


ROLES = kind(
    Kind(
        name="roles",
        pattern="roles.yaml",
        required=True,
        parse=_parse,
        check=_check,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["roles"],
            "properties": {
                "roles": {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z][a-z-]*$"},
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["title", "scope", "may"],
                        "properties": {
                            "title": words.SCHEMA,
                            "scope": {"enum": ["area", "organisation", "place", "self"]},
                            "may": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                        },
                    },
                }
            },
        },
    )
)
