"""What a file is, by its content; then its cells. Run in a child process (`isolation`): nothing here bounds memory."""

from kaimen.ui.spreadsheets import limits
from kaimen.ui.spreadsheets.books import read_old, read_zipped
from kaimen.ui.spreadsheets.cells import Row, Workbook
from kaimen.ui.spreadsheets.delimited import read_delimited
from kaimen.ui.spreadsheets.refusal import NotRead

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and whatever Office locks with a password
_OTHERS = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}


def read_here(content: bytes) -> Workbook:
    """Read a file in this process. Raises NotRead."""
    if not content.strip(b"\0 \r\n\t"):
        raise NotRead("empty")
    for magic, reason in _OTHERS.items():
        if content.startswith(magic):
            raise NotRead(reason)
    if content.startswith(_ZIP):
        workbook = read_zipped(content)
    elif content.startswith(_COMPOUND):
        workbook = read_old(content)
    else:
        workbook = read_delimited(content)
    _check_size(workbook)
    return workbook


def _check_size(workbook: Workbook) -> None:
    if not any(sheet.rows for sheet in workbook.sheets):
        raise NotRead("empty")
    characters = 0
    for sheet in workbook.sheets:
        if len(sheet.rows) > limits.ROWS:
            raise NotRead("too-long", sheet=sheet.name, rows=len(sheet.rows))
        for row in sheet.rows:
            if len(row.values) > limits.COLUMNS:
                raise NotRead("too-wide", row=row.number, columns=len(row.values))
            characters += _characters(row)
        if characters > limits.CHARACTERS:
            raise NotRead("bomb")


def _characters(row: Row) -> int:
    return sum(len(value) for value in row.values if isinstance(value, str))
