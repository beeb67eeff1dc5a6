"""What a staff list may hold and how its columns are headed (imports/staff.yaml). Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kaimen.packs import Found, Kind, Words, Wrong, kind, words
from kaimen.packs.reading import Read, read

COLUMNS = ("name", "national_id", "phone", "department", "floor", "building", "back_on", "birth_date")
_BRACKETS = re.compile(r"[(\[【〔<{].*?[)\]】〕>}]")


@dataclass(frozen=True)
class StaffColumn:
    """One column: what it is, who needs it and why, and the headings people give it."""

    slug: str
    title: Words
    why: Words
    headings: tuple[str, ...]
    required: bool
    example: str


@dataclass(frozen=True)
class StaffColumns:
    """The columns of a staff list, in the order a blank one offers them."""

    columns: tuple[StaffColumn, ...]

    @cached_property
    def _by_heading(self) -> dict[str, StaffColumn]:
        return {plain(heading): column for column in self.columns for heading in column.headings}

    def headed(self, text: str) -> StaffColumn | None:
        """The column people mean by the heading `text`."""
        return self._by_heading.get(plain(text))

    def column(self, slug: str) -> StaffColumn:
        """The column `slug`. Raises KeyError."""
        return {column.slug: column for column in self.columns}[slug]


def plain(heading: str) -> str:
    """A heading without what may differ between two that mean the same: case, spaces, signs, remarks in brackets."""
    narrow = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(character for character in _BRACKETS.sub("", narrow) if character.isalnum())


def _parse(found: Found) -> Iterable[StaffColumns]:
    columns = []
    owners: dict[str, str] = {}
    for slug, one in found.data["columns"].items():
        for heading in one["headings"]:
            owner = owners.setdefault(plain(heading), slug)
            if owner != slug:
                path = ("columns", slug, "headings")
                raise Wrong(f"the heading {heading} means {owner} already", "Leave it with one column", path)
        columns.append(_column(slug, one))
    yield StaffColumns(tuple(columns))


def _column(slug: str, one: dict[str, Any]) -> StaffColumn:
    title, why = Words.of(one["title"]), Words.of(one["why"])
    return StaffColumn(slug, title, why, tuple(one["headings"]), one.get("required", False), one.get("example", ""))


_COLUMN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "why", "headings"],
    "properties": {
        "title": words.SCHEMA,
        "why": words.SCHEMA,
        "headings": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "uniqueItems": True},
        "required": {"type": "boolean"},
        "example": {"type": "string"},
    },
}

STAFF_LIST = kind(
    Kind(
        name="staff-list",
        pattern="imports/staff.yaml",
        parse=_parse,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["columns"],
            "properties": {
                "columns": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "national_id", "phone"],
                    "properties": dict.fromkeys(COLUMNS, _COLUMN),
                }
            },
        },
    )
)


def usual() -> StaffColumns:
    """The columns where a pack brings none of its own."""
    file = Path(__file__).with_name("staff.yaml")
    result = read(file.name, file.read_bytes())
    assert isinstance(result, Read), result
    return next(iter(_parse(Found(file.name, "staff", result.data))))
