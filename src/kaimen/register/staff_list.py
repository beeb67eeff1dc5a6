"""A firm's staff list as a spreadsheet has it: where its heading is, which columns mean what, which rows are people.

Nothing is decided here about what the cells say; that is `staff_check`. Columns nobody asks for are not kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kaimen.register.definitions.staff import StaffColumns
from kaimen.ui.spreadsheets import Cell, Row, Sheet, Workbook

Text = str | Promise

MOST_PEOPLE = 20_000
_TITLE_ROWS = 20  # the heading stands within the first so many rows
_NOTE = re.compile(r"^\s*(合计|总计|共计|小计|备注|说明|注[:：]|填表|制表|审核|total\b|note\b)", re.IGNORECASE)
_NUMBERS = ("national_id", "phone")


class NotAStaffList(ValueError):
    """The spreadsheet has no list of people: what is wrong, and what would be right. Both are shown."""

    def __init__(self, message: Text, remedy: Text) -> None:
        super().__init__(str(message))
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Line:
    """One row that should be a person: its number in the file and the cells of the columns that are read."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class FoundList:
    """What was found in a file."""

    format: str
    sheet: str
    headings: dict[str, tuple[int, str]]  # column slug → (column from 1, heading as it stands)
    lines: tuple[Line, ...]
    other_sheets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # headings of columns nobody asks for


@dataclass(frozen=True)
class _Heading:
    row: Row
    columns: dict[str, tuple[int, str]]


def find(workbook: Workbook, columns: StaffColumns) -> FoundList:
    """The first sheet of `workbook` with a heading row, read to its end. Raises NotAStaffList."""
    best = 0
    for sheet in workbook.sheets:
        heading = _heading(sheet, columns)
        if heading is None:
            continue
        best = max(best, len(heading.columns))
        if "name" in heading.columns and any(slug in heading.columns for slug in _NUMBERS):
            others = tuple(other.name for other in workbook.sheets if other is not sheet and other.rows)
            return _read(workbook.format, sheet, heading, others)
    raise _no_heading(columns) if not best else _half_a_heading(columns)


def _no_heading(columns: StaffColumns) -> NotAStaffList:
    return NotAStaffList(
        _("No heading row was found in the first 20 rows."),
        format_lazy(
            _("Put a row above the people that says what each column is: {name}, {id}, {phone}."),
            **_titles(columns),
        ),
    )


def _half_a_heading(columns: StaffColumns) -> NotAStaffList:
    return NotAStaffList(
        format_lazy(_("The heading row needs {name} and at least one of {id} or {phone}."), **_titles(columns)),
        _("Add the missing heading above its column."),
    )


def _titles(columns: StaffColumns) -> dict[str, str]:
    """Names of columns for a message: as they are written in a list here, for the list is most often Chinese."""
    name, number, phone = (columns.column(slug).title for slug in ("name", *_NUMBERS))
    return {key: f"{words.zh}/{words.en}" for key, words in (("name", name), ("id", number), ("phone", phone))}


def _heading(sheet: Sheet, columns: StaffColumns) -> _Heading | None:
    """The first row that names most columns; where the next names as many (a heading two rows high), that one."""
    best: _Heading | None = None
    for row in sheet.rows:
        if row.number > _TITLE_ROWS:
            break
        found = _named(row, columns)
        is_lower_half = best is not None and row.number == best.row.number + 1 and len(found) == len(best.columns)
        if found and (best is None or is_lower_half or len(found) > len(best.columns)):
            best = _Heading(row, found)
    return best


def _named(row: Row, columns: StaffColumns) -> dict[str, tuple[int, str]]:
    named: dict[str, tuple[int, str]] = {}
    for cell in row.cells:
        column = columns.headed(cell.text) if isinstance(cell.value, str) else None
        if column is not None:
            named.setdefault(column.slug, (cell.column, cell.text.strip()))
    return named


def _read(format_: str, sheet: Sheet, heading: _Heading, others: tuple[str, ...]) -> FoundList:
    lines = tuple(_lines(sheet, heading))
    if not lines:
        raise NotAStaffList(
            _("There is a heading, but no people below it."), _("Fill in a row for each person, then choose the file.")
        )
    if len(lines) > MOST_PEOPLE:
        raise NotAStaffList(
            format_lazy(_("There are {count} people in the file."), count=f"{len(lines):,}"),
            format_lazy(_("At most {most} are taken at a time: split the list."), most=f"{MOST_PEOPLE:,}"),
        )
    read = {column for column, _text in heading.columns.values()}
    unread = [cell.text.strip() for cell in heading.row.cells if cell.column not in read and cell.text.strip()]
    return FoundList(format_, sheet.name, heading.columns, lines, others, tuple(dict.fromkeys(unread))[:40])


def _lines(sheet: Sheet, heading: _Heading) -> Iterator[Line]:
    for row in sheet.rows:
        if row.number <= heading.row.number:
            continue
        cells = {slug: row.cell(column) for slug, (column, _text) in heading.columns.items()}
        if not _is_note(cells) and not _repeats_heading(cells, heading):
            yield Line(row.number, cells)


def _is_note(cells: dict[str, Cell]) -> bool:
    """A blank row, a total, or a remark merged across the columns."""
    filled = [cell.text.strip() for cell in cells.values() if cell.text.strip()]
    is_merged = len(filled) > 1 and len(set(filled)) == 1
    has_number = any(slug in cells and cells[slug].text.strip() for slug in _NUMBERS)
    return not filled or is_merged or (not has_number and _NOTE.match(filled[0]) is not None)


def _repeats_heading(cells: dict[str, Cell], heading: _Heading) -> bool:
    """A heading printed again on every page."""
    return sum(cell.text.strip() == heading.columns[slug][1] for slug, cell in cells.items()) > 1
