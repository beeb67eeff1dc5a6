"""Merged cells of an .ods, which python-calamine does not tell."""

from typing import IO
from xml.etree import ElementTree

from kaimen.ui.spreadsheets.refusal import NotRead

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")

Range = tuple[tuple[int, int], tuple[int, int]]


def merged_ranges(content: IO[bytes]) -> dict[str, list[Range]]:
    """The merged ranges of each table in content.xml, by its name. Raises NotRead."""
    found: dict[str, list[Range]] = {}
    ranges: list[Range] = []
    row = 0
    try:
        for event, element in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314 — entities refused before
            if event == "start" and element.tag == f"{_TABLE}table":
                row, ranges = 0, found.setdefault(element.get(f"{_TABLE}name", ""), [])
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                ranges += _in_row(element, row)
                row += _number(element, "number-rows-repeated")
                element.clear()
    except ElementTree.ParseError as error:
        raise NotRead("damaged") from error
    return found


def _in_row(row: ElementTree.Element, number: int) -> list[Range]:
    ranges: list[Range] = []
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        down, right = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
        if down > 1 or right > 1:
            ranges.append(((number, column), (number + down - 1, column + right - 1)))
        column += _number(cell, "number-columns-repeated")
    return ranges


def _number(element: ElementTree.Element, attribute: str) -> int:
    text = element.get(f"{_TABLE}{attribute}", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
