"""Typed cells with the address a person finds them by."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Value = str | int | float | bool | date | datetime | None


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `row` and `column` count from 1."""

    row: int
    column: int
    value: Value

    @property
    def kind(self) -> Kind:
        """What it holds."""
        match self.value:
            case None:
                return Kind.EMPTY
            case bool():
                return Kind.BOOLEAN
            case int() | float():
                return Kind.NUMBER
            case date():
                return Kind.DATE
        return Kind.TEXT

    @property
    def address(self) -> str:
        """As the spreadsheet names it: C5."""
        return address(self.row, self.column)

    @property
    def text(self) -> str:
        """What a person reads in the cell; a long number reads 3.70299199001011E+17, as the spreadsheet shows it."""
        match self.value:
            case None:
                return ""
            case bool() | int():
                return str(self.value).upper()
            case float():
                return f"{self.value:.15G}"
            case datetime():
                return self.value.isoformat(" ", "minutes")
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something; `number` counts from 1."""

    number: int
    values: tuple[Value, ...]

    def cell(self, column: int) -> Cell:
        """The cell in `column` (from 1); empty beyond the last one."""
        return Cell(self.number, column, self.values[column - 1] if column <= len(self.values) else None)

    @property
    def cells(self) -> list[Cell]:
        """Every cell up to the last that holds something."""
        return [Cell(self.number, column, value) for column, value in enumerate(self.values, 1)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows that hold something, merged cells filled."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file. `format` is what its content says, whatever its name says: xlsx, xls, ods or csv."""

    format: str
    sheets: tuple[Sheet, ...]


def address(row: int, column: int) -> str:
    """The spreadsheet's name for a place: (5, 28) is AB5."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
