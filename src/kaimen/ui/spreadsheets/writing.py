"""Files that are safe to open: no cell of theirs is ever taken for a formula, no number of an ID is rounded."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

_RISKY = tuple("=+-@＝＋－＠\t\r\n'")  # a cell that begins so may be run, or lose its first character
_LONGEST_NUMBER = 11  # digits; a longer one, such as an ID number, is text: a spreadsheet keeps 15


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell marked as wrong, with a note that says why."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, how wide its column is in characters, and a note on the heading."""

    heading: str
    width: int = 14
    note: str = ""


def defused(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would calculate or round it."""
    digits = text.replace(" ", "")
    is_long_number = len(digits) > _LONGEST_NUMBER and digits[:-1].isdigit()
    return f"'{text}" if text.startswith(_RISKY) or is_long_number else text


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Comma separated, UTF-8 with the mark Excel wants, every cell defused."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)  # then no tab or semicolon of a cell is taken for a separator
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str | Marked]], *, sheet: str) -> bytes:
    """A workbook of one sheet, every cell text (never a formula or a link), marked cells red with their note.

    Nothing touches the disk: the rows may hold ID numbers.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 2, "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    wrong = book.add_format({"num_format": "@", "bg_color": "#FFD9D6", "font_color": "#B11E1A", "border": 1})
    page = book.add_worksheet(sheet[:31])
    page.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width, plain)
        page.write_string(0, index, column.heading, head)
        if column.note:
            page.write_comment(0, index, column.note, {"x_scale": 2})
    last = 0
    for last, row in enumerate(rows, 1):
        for index, cell in enumerate(row):
            if isinstance(cell, Marked):
                page.write_string(last, index, cell.text, wrong)
                page.write_comment(last, index, cell.note, {"x_scale": 2})
            elif cell:
                page.write_string(last, index, cell, plain)
    page.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return stream.getvalue()
