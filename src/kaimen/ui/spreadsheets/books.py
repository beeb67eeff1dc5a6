"""Workbooks: .xlsx, .xls and .ods, through python-calamine. To be called in a child process only (`isolation`)."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.archive import open_safely
from kaimen.ui.spreadsheets.cells import Row, Sheet, Value, Workbook
from kaimen.ui.spreadsheets.open_document import merged_ranges
from kaimen.ui.spreadsheets.refusal import NotRead

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0

_OLD_STREAM = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # how the workbook inside an .xls of 1997 to 2003 begins
_FILEPASS = 0x2F


def read_zipped(content: bytes) -> Workbook:
    """Read an .xlsx or .ods. Raises NotRead."""
    with open_safely(content) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return _read("xlsx", content, {})
        if "content.xml" not in names:
            raise NotRead("archive")
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise NotRead("password")
        return _read("ods", content, _ranges(archive))


def read_old(content: bytes) -> Workbook:
    """Read an .xls, or say that what hides in the same kind of container is locked or no workbook. Raises NotRead."""
    if "EncryptedPackage".encode("utf-16-le") in content or _is_locked(content):
        raise NotRead("password")
    return _read("xls", content, {})


def _is_locked(content: bytes) -> bool:
    """Whether a FILEPASS record stands among the first records."""
    at = content.find(_OLD_STREAM)
    for _ in range(8):
        if at < 0 or at + 4 > len(content):
            return False
        record, length = (int.from_bytes(content[at + i : at + i + 2], "little") for i in (0, 2))
        if record == _FILEPASS:
            return True
        at += 4 + length
    return False


def _ranges(archive: zipfile.ZipFile) -> dict[str, list[Range]]:
    with archive.open("content.xml") as stream:
        return merged_ranges(stream)


def _read(format_: str, content: bytes, ranges: dict[str, list[Range]]) -> Workbook:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if _is_shown(sheet)][: limits.SHEETS]
        sheets = (book.get_sheet_by_name(name) for name in names)
        return Workbook(format_, tuple(_sheet(sheet, ranges.get(sheet.name)) for sheet in sheets))
    except CalamineError as error:
        raise NotRead("damaged") from error


def _is_shown(sheet: SheetMetadata) -> bool:
    return sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet


def _sheet(sheet: CalamineSheet, ranges: list[Range] | None) -> Sheet:
    top, left = sheet.start or (0, 0)
    grid = [[_value(value) for value in row] for row in sheet.to_python()]
    _fill(grid, ranges or sheet.merged_cell_ranges or (), (top, left))
    rows = []
    for number, values in enumerate(grid, top + 1):
        while values and values[-1] is None:
            values.pop()
        if values:
            rows.append(Row(number, (*[None] * left, *values)))
    return Sheet(sheet.name, tuple(rows))


def _fill(grid: list[list[Value]], ranges: Iterable[Range], start: tuple[int, int]) -> None:
    """Give every cell of a merged range the value of its first."""
    top, left = start
    height, width = len(grid), len(grid[0]) if grid else 0
    for (first_row, first_column), (last_row, last_column) in ranges:
        row, column = first_row - top, first_column - left
        if not (0 <= row < height and 0 <= column < width) or grid[row][column] is None:
            continue
        for below in range(row, min(last_row - top + 1, height)):
            for beside in range(column, min(last_column - left + 1, width)):
                grid[below][beside] = grid[row][column]


def _value(value: object) -> Value:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, str):
        return value[: limits.CELL_CHARACTERS] if value.strip() else None
    assert value is None or isinstance(value, bool | int | date)
    return value
