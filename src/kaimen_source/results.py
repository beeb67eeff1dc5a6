"""Reads a list of results: CSV with the columns name, number, seen, and the fields of one kind of evidence.

A list with a mistake is not sent at all; every mistake is named with its line, and what would be right.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kaimen.colours.moments import moment
from kaimen.colours.statements import Said
from kaimen.colours.terms import EvidenceKind, FieldOf, StatusDefinition
from kaimen.rules.tree import Type

OWN = ("name", "number", "seen")
PHONE = "phone"  # a column that may be there: needed where no counter has seen the document
_YES, _NO = {"true", "yes", "1", "是"}, {"false", "no", "0", "否"}
_MOST = 20_000
_REST = "\0"  # where cells beyond the last column go


class Unreadable(ValueError):
    """The list cannot be sent: every mistake, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Result:
    """One row: who, when it was seen (moment), and what the evidence says."""

    line: int
    name: str
    number: str
    seen: int
    says: Mapping[str, Said]
    row: bytes  # the row as it was read: what makes it the same row again
    phone: str = ""


def read(data: bytes, of: EvidenceKind, rules: StatusDefinition) -> list[Result]:
    """The rows of a list. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text), restkey=_REST)
    wanted = [*OWN, *of.fields]
    if strange := sorted(set(rows.fieldnames or ()) - {PHONE} ^ set(wanted)):
        columns = f"the columns of {of.slug} are: {', '.join(wanted)} and, where you have it, {PHONE}"
        raise Unreadable([f"{columns}; these are missing or strange: {', '.join(strange)}"])
    found, mistakes = [], []
    for row in rows:
        if rows.line_num > _MOST:
            raise Unreadable([f"more than {_MOST:,} lines; split the list"])
        try:
            found.append(_result(rows.line_num, row, of, rules))
        except ValueError as error:
            mistakes.append(f"line {rows.line_num}: {error}")
    if mistakes or not found:
        raise Unreadable(mistakes or ["the list has no rows"])
    return found


def _result(line: int, row: Mapping[str, str | None], of: EvidenceKind, rules: StatusDefinition) -> Result:
    if _REST in row:
        raise ValueError("it has more cells than there are columns")
    cells = {name: (value or "").strip() for name, value in row.items()}
    for name in ("name", "number", "seen"):
        if not cells.get(name):
            raise ValueError(f"{name} is empty")
    says = {name: _typed(cells[name], field) for name, field in of.fields.items() if cells.get(name)}
    if not says:
        raise ValueError(f"says nothing; fill in one of {', '.join(of.fields)}")
    plain = "\x1f".join([of.slug, *(cells.get(name, "") for name in (*OWN, *of.fields))]).encode()
    seen = _seen(cells["seen"], rules)
    return Result(line, cells["name"], cells["number"], seen, says, plain, cells.get(PHONE, ""))


def _seen(text: str, rules: StatusDefinition) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"seen is {text[:40]!r}; write it as 2020-03-16 08:30") from None
    return moment(at if at.tzinfo else at.replace(tzinfo=rules.zone))


def _typed(text: str, field: FieldOf) -> Said:
    """What a cell says, as statements carry it: decimals and dates stay text."""
    match field.type:
        case Type.BOOLEAN if text.lower() in _YES | _NO:
            return text.lower() in _YES
        case Type.INTEGER if text.lstrip("-").isdigit():
            return int(text)
        case Type.STRING:
            return _code(text, field)
        case Type.DATE:
            return date.fromisoformat(text).isoformat()
        case Type.DECIMAL:
            return text
    raise ValueError(f"{field.name} is {text[:40]!r}; write true or false" if field.type is Type.BOOLEAN
                     else f"{field.name} is {text[:40]!r}; write a whole number")  # fmt: skip


def _code(text: str, field: FieldOf) -> str:
    """A code, or what it is called in either language."""
    for code, words in field.codes.items():
        if text.lower() in {code, words.zh.lower(), words.en.lower()}:
            return code
    raise ValueError(f"{field.name} is {text[:40]!r}; write one of {', '.join(field.codes)}")
