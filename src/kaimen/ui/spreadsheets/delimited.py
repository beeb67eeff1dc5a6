"""Text with separators, as spreadsheets and other programs save it: any of four encodings, three separators."""

import csv
import io
from collections.abc import Iterator

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.cells import Row, Sheet, Workbook
from kaimen.ui.spreadsheets.refusal import NotRead

_SEPARATORS = ",;\t"
_NOT_TEXT = frozenset(range(32)) - frozenset(b"\t\n\r\f")


def read_delimited(content: bytes) -> Workbook:
    """Read comma, semicolon or tab separated text. Every cell is text. Raises NotRead."""
    text = _decoded(content)
    if text.lstrip().lower().startswith(("<!doctype html", "<html", "<table", "<?xml", "<head", "<meta")):
        raise NotRead("web-page")
    csv.field_size_limit(limits.CHARACTERS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        return Workbook("csv", (Sheet("", tuple(_rows(rows))),))
    except csv.Error as error:
        raise NotRead("damaged") from error


def _decoded(content: bytes) -> str:
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(character) in _NOT_TEXT for character in text[:4096]):
            return text.removeprefix("\ufeff")
    raise NotRead("not-text")


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if content[1:200:2].count(0) > 8:
        return ("utf-16-le",)  # "Unicode text" without its mark: every second byte of Latin is zero
    if content[0:200:2].count(0) > 8:
        return ("utf-16-be",)
    return ("utf-8", "gb18030")


def _separator(text: str) -> str:
    """The separator the first lines hold most of; quoted text does not count."""
    outside = "".join(text[:20_000].split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(reader, 1):
        values = [_value(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if values:
            yield Row(number, tuple(values))


def _value(cell: str) -> str | None:
    """The text meant, without the ="…" or the apostrophe by which people keep Excel from calculating."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        cell = cell[2:-1]
    cell = cell.removeprefix("'")[: limits.CELL_CHARACTERS]
    return cell if cell.strip() else None
