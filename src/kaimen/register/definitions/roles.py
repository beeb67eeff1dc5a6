"""Roles: who may do what, over which sort of scope (roles.yaml)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kaimen.packs import Found, Kind, Words, kind, words

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


ROLES = kind(
    Kind(
        name="roles",
        pattern="roles.yaml",
        required=True,
        parse=_parse,
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
