"""Text with separators, as spreadsheets and other programs save it: any of four encodings, three separators."""

import csv
import io
from collections.abc import Iterator

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.cells import Row, Sheet, Workbook
from kaimen.ui.spreadsheets.refusal import NotRead

_SEPARATORS = ",;\t"
_ZEROS = 8  # zero bytes in the first two hundred that make a text UTF-16
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
    odd, even = content[1:200:2].count(0), content[0:200:2].count(0)
    if odd > _ZEROS and odd > 2 * even:
        return ("utf-16-le",)  # "Unicode text" without its mark: every second byte of Latin is zero
    if even > _ZEROS and even > 2 * odd:
        return ("utf-16-be",)
    return ("utf-8", "gb18030")


def _separator(text: str) -> str:
    """The separator most of the first lines hold, as often in each as can be; quoted text does not count."""
    outside = "".join(text[:20_000].split('"')[::2]).splitlines()

    def fits(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in outside if separator in line]
        return len(counts), -len(set(counts))

    return max(_SEPARATORS, key=fits)


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
