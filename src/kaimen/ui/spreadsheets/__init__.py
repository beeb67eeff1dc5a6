"""Spreadsheets in and out: the files people really have, and files that are safe to open.

    workbook = read(upload.read())          # .xls .xlsx .ods .csv, told apart by content; raises NotRead
    workbook.sheets[0].rows[0].cells        # typed cells, each with its address

A file is read in a child process with bounded time and memory: a few hundred bytes can ask the library that reads them
for half a terabyte. Pure: the words for a refusal (`words.explain`) are the only thing here that knows Django.
"""

from kaimen.ui.spreadsheets.cells import Cell, Kind, Row, Sheet, Value, Workbook, address
from kaimen.ui.spreadsheets.isolation import read
from kaimen.ui.spreadsheets.refusal import NotRead
from kaimen.ui.spreadsheets.writing import Column, Marked, csv_bytes, xlsx_bytes

__all__ = [
    "Cell",
    "Column",
    "Kind",
    "Marked",
    "NotRead",
    "Row",
    "Sheet",
    "Value",
    "Workbook",
    "address",
    "csv_bytes",
    "read",
    "xlsx_bytes",
]
