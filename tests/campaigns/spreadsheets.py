"""A damaged or hostile spreadsheet is read or refused in words; nothing else comes out of it."""

import io
import random
import zipfile

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook as Xlsx

from kaimen.ui import spreadsheets
from kaimen.ui.spreadsheets import words

PART = "ui"
ROUNDS = 200
_EACH = 4  # damaged copies of each format; every one is read in a process of its own
_ROWS = [["姓名", "身份证号", "手机"], ["试用人", "370299199001011236", "15400000001"], ["=1+1", "@x", "－"]]


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    whole = [_csv(chance), _xls(), _xlsx(), _ods()]
    for content in whole:
        _answered(content)
        for _ in range(_EACH):
            _answered(_damaged(content, chance))
    _answered(chance.randbytes(chance.randint(0, 4000)))
    return len(whole) * (_EACH + 1) + 1


def _answered(content: bytes) -> None:
    """Fails when anything but NotRead is raised, or when there are no words for the refusal."""
    reason = ""
    try:
        workbook = spreadsheets.read(content)
        assert any(sheet.rows for sheet in workbook.sheets), "an empty file was taken for a list"
    except spreadsheets.NotRead as refusal:
        reason = refusal.reason
    assert reason in {"", *words.REASONS}, f"no words for {reason}"


def _damaged(content: bytes, chance: random.Random) -> bytes:
    if content[:2] == b"PK" and chance.random() < 0.5:
        return _damaged_inside(content, chance)
    place = chance.randrange(len(content))
    match chance.randrange(3):
        case 0:
            return content[:place]
        case 1:
            return content[:place] + chance.randbytes(chance.randint(1, 40)) + content[place + 20 :]
    return bytes(byte ^ (chance.random() < 0.002) * chance.randint(1, 255) for byte in content)


def _damaged_inside(content: bytes, chance: random.Random) -> bytes:
    """One member of the archive damaged, the archive itself sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _damaged(data, chance) if name == victim and data[:2] != b"PK" and data else data)
    return out.getvalue()


def _csv(chance: random.Random) -> bytes:
    text = "\r\n".join(chance.choice([",", ";", "\t"]).join(row) for row in _ROWS)
    return text.encode(chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))


def _xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for at, row in enumerate(_ROWS):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    book = Xlsx()
    for row in _ROWS:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods() -> bytes:
    document, table = OpenDocumentSpreadsheet(), Table(name="名单")
    for row in _ROWS:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()
