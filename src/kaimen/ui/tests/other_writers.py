"""Spreadsheets as other programs write them (openpyxl, xlwt, odfpy, text by hand): never the library that reads."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, *, merged: Iterable[str] = (), sheets: dict[str, Rows] | None = None) -> bytes:
    """By openpyxl; `sheets` stand before the list, `merged` are ranges such as A1:E1."""
    book = Workbook()
    book.remove(book.active)
    for title, before in (sheets or {}).items():
        page = book.create_sheet(title)
        for row in before:
            page.append(list(row))
    page = book.create_sheet("名单")
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    return _saved(book.save)


def xls(rows: Rows, *, merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """By xlwt, the format of 1997; `merged` are (first row, last row, first column, last column) from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名单")
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    covered = {(row, column) for top, bottom, left, right in merged for row in range(top, bottom + 1)
               for column in range(left, right + 1)}  # fmt: skip
    for top, bottom, left, right in merged:
        page.write_merge(top, bottom, left, right, rows[top][left])
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if (number, column) not in covered and value is not None:
                page.write(number, column, value, *([dated] if isinstance(value, date) else []))
    return _saved(book.save)


def ods(rows: Rows, *, merged: dict[tuple[int, int], tuple[int, int]] | None = None) -> bytes:
    """By odfpy; `merged` gives how far the cell at (row, column), from 0, reaches down and to the right."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="名单")
    document.spreadsheet.addElement(table)
    reach = merged or {}
    covered = {
        (top + down, left + right)
        for (top, left), (height, width) in reach.items()
        for down in range(height)
        for right in range(width)
    } - set(reach)
    for number, row in enumerate(rows):
        line = TableRow()
        for column, value in enumerate(row):
            line.addElement(
                CoveredTableCell() if (number, column) in covered else _cell(value, reach.get((number, column)))
            )
        table.addElement(line)
    return _saved(document.write)


def _cell(value: Any, reach: tuple[int, int] | None) -> TableCell:
    span = {"numberrowsspanned": reach[0], "numbercolumnsspanned": reach[1]} if reach else {}
    if value is None:
        return TableCell(**span)
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **span)
    elif isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=str(value), **span)
    else:
        cell = TableCell(valuetype="string", **span)
    cell.addElement(P(text=str(value)))
    return cell


def csv(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """By hand."""
    return "".join(separator.join(str(cell or "") for cell in row) + "\r\n" for row in rows).encode(encoding)


def _saved(save: Any) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()
