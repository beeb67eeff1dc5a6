"""A staff list between two clicks: its good rows as they will be taken, its wrong rows as they were typed.

Mistakes are not stored: they are found again from the cells, and so are always said in the reader's language.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kaimen.register.staff_check import Checked, Staff, check, recheck
from kaimen.register.staff_list import FoundList, Line
from kaimen.ui.spreadsheets import Cell, Value

Headings = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Draft:
    """What a file says, checked."""

    sheet: str
    headings: Headings
    good: tuple[tuple[int, Staff], ...]  # row in the file, person
    wrong: tuple[Checked, ...]
    repeats: tuple[tuple[int, int], ...]  # row, the earlier row that says the same
    doubtful: frozenset[int]  # good rows worth a second look
    other_sheets: tuple[str, ...]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, found: FoundList, buildings: Mapping[str, UUID], today: date) -> "Draft":
        """Check every row of `found`."""
        rows = check(found, buildings, today)
        return cls(
            sheet=found.sheet,
            headings=found.headings,
            good=tuple((row.number, row.staff) for row in rows if row.staff),
            wrong=tuple(row for row in rows if row.mistakes),
            repeats=tuple((row.number, row.repeats) for row in rows if row.repeats),
            doubtful=frozenset(row.number for row in rows if row.staff and row.doubts),
            other_sheets=found.other_sheets,
            unread=found.unread,
        )

    @property
    def rows(self) -> int:
        """How many rows of the file should be people."""
        return len(self.good) + len(self.wrong) + len(self.repeats)

    def only_wrong(self) -> "Draft":
        """What is still wanted after the good rows were taken."""
        return Draft(self.sheet, self.headings, (), self.wrong, (), frozenset(), self.other_sheets, self.unread)

    def to_text(self) -> str:
        """Everything, for `from_text`; to be sealed."""
        slugs = list(self.headings)
        return json.dumps({
            "sheet": self.sheet, "headings": self.headings, "other_sheets": self.other_sheets, "unread": self.unread,
            "good": [[number, *map(_stored, staff)] for number, staff in self.good],
            "wrong": [
                [row.number, row.contradicts, row.lost_digits, [_stored(row.line.cells[slug].value) for slug in slugs]]
                for row in self.wrong
            ],
            "repeats": self.repeats, "doubtful": sorted(self.doubtful),
        }, ensure_ascii=False)  # fmt: skip

    @classmethod
    def from_text(cls, text: str, buildings: Mapping[str, UUID], today: date) -> "Draft":
        """What `to_text` wrote; the mistakes of the wrong rows are found anew."""
        data = json.loads(text)
        headings: Headings = {slug: (column, heading) for slug, (column, heading) in data["headings"].items()}
        rows = recheck((
            Checked(_line(number, headings, values), contradicts=contradicts, lost_digits=lost)
            for number, contradicts, lost, values in data["wrong"]
        ), buildings, today)  # fmt: skip
        mended = [(row.number, row.staff) for row in rows if row.staff]  # what was wrong for a reason that passed
        return cls(
            sheet=data["sheet"],
            headings=headings,
            good=(*((number, _staff(values)) for number, *values in data["good"]), *mended),
            wrong=tuple(row for row in rows if row.mistakes),
            repeats=tuple((number, first) for number, first in data["repeats"]),
            doubtful=frozenset(data["doubtful"]),
            other_sheets=tuple(data["other_sheets"]),
            unread=tuple(data["unread"]),
        )


def _line(number: int, headings: Headings, values: list[Any]) -> Line:
    pairs = zip(headings.items(), values, strict=True)
    return Line(number, {slug: Cell(number, column, _read_back(value)) for (slug, (column, _text)), value in pairs})


def _staff(values: list[Any]) -> Staff:
    name, national_id, phone, department, floor, place, back_on = values
    return Staff(
        name, national_id, phone, department, floor,
        UUID(place) if place else None, date.fromisoformat(back_on[0]) if back_on else None,
    )  # fmt: skip


def _stored(value: Value | UUID) -> Any:
    """JSON for a value; a date is a list, which nothing else is."""
    if isinstance(value, date):
        return [value.isoformat()]
    return value.hex if isinstance(value, UUID) else value


def _read_back(stored: Any) -> Value:
    if isinstance(stored, list):
        return datetime.fromisoformat(stored[0]) if "T" in stored[0] else date.fromisoformat(stored[0])
    assert stored is None or isinstance(stored, str | int | float)
    return stored
