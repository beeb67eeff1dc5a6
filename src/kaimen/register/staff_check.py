"""What the rows of a staff list say, or what is wrong with them: cell by cell, with what would be right."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kaimen.register import identifiers
from kaimen.register.identifiers import NotAnIdentifier
from kaimen.register.staff_list import FoundList, Line, Text
from kaimen.ui.spreadsheets import Cell, Kind

_ID_LENGTH = 18
_EXACT_DIGITS = 15  # a spreadsheet's number keeps so many
_LENGTHS = {"department": 60, "floor": 20}
_BLANKS = frozenset({"", "-", "--", "—", "/", "\\", "无", "暂无", "n/a", "na", "none", "null"})
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")  # 张　三, to line up with longer names
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_EARLIEST = date(1900, 1, 1)


class Staff(NamedTuple):
    """One person as the list says it."""

    name: str
    national_id: str | None = None
    phone: str | None = None
    department: str = ""
    floor: str = ""
    place: UUID | None = None
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one cell, and what would be right."""

    column: str
    address: str
    message: Text
    remedy: Text


@dataclass(slots=True)
class Checked:
    """One row: a person, or its mistakes.

    `repeats` and `contradicts` are the earlier row about the same person, which says the same or something else.
    `lost_digits` says that the file's ID numbers went through a spreadsheet's 15 digits, this one among them.
    `doubts` do not keep a good row from being taken.
    """

    line: Line
    staff: Staff | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    repeats: int | None = None
    contradicts: int | None = None
    lost_digits: bool = False
    doubts: tuple[Text, ...] = ()

    @property
    def number(self) -> int:
        """Its number in the file."""
        return self.line.number

    def mistake(self, column: str) -> Mistake | None:
        """The mistake in a column."""
        return next((mistake for mistake in self.mistakes if mistake.column == column), None)


def check(found: FoundList, buildings: Mapping[str, UUID], today: date) -> list[Checked]:
    """Read every row of `found`. `buildings` are the organisation's own, by each name they are known by."""
    reader = _Reader(buildings, today)
    rounded = _rounded(found.lines)
    rows = [reader.read(Checked(line, lost_digits=line.number in rounded)) for line in found.lines]
    _find_repeats(rows)
    return rows


def recheck(rows: Iterable[Checked], buildings: Mapping[str, UUID], today: date) -> list[Checked]:
    """Find the mistakes of rows known to be wrong once more, without the rows around them."""
    reader = _Reader(buildings, today)
    checked = [reader.read(row) for row in rows]
    for row in checked:
        if row.contradicts is not None and not row.mistakes:
            _contradict(row, row.contradicts)
    return checked


def _rounded(lines: Iterable[Line]) -> set[int]:
    """The rows whose ID numbers end in three zeros, if they went through a spreadsheet's 15 digits.

    One of them with a checksum that fails gives that away; those where it holds by chance are as wrong.
    """
    suspects = {}
    for line in lines:
        cell = line.cells.get("national_id")
        text = identifiers.normalise(cell.text) if cell else ""
        if len(text) == _ID_LENGTH and text.endswith("000"):
            suspects[line.number] = text
    return set(suspects) if any(not _is_national_id(text) for text in suspects.values()) else set()


def _is_national_id(text: str) -> bool:
    try:
        identifiers.national_id(text)
    except NotAnIdentifier:
        return False
    return True


class _Reader:
    """Reads rows; collects the mistakes of the one it is at."""

    def __init__(self, buildings: Mapping[str, UUID], today: date) -> None:
        self.buildings = {_key(name): place for name, place in buildings.items()}
        self.names = list(dict.fromkeys(buildings))
        self.today = today
        self.row = Checked(Line(0, {}))

    def read(self, row: Checked) -> Checked:
        self.row, line = row, row.line
        name = self._identifier("name")
        number, phone = self._identifier("national_id"), self._identifier("phone")
        staff = Staff(
            name=name or "",
            national_id=number,
            phone=phone,
            department=self._text("department"),
            floor=self._text("floor"),
            place=self._building(),
            back_on=self._day("back_on"),
        )
        self._birth_date(number)
        if not self.row.mistakes and not (number or phone):
            column = "national_id" if "national_id" in line.cells else "phone"
            self._wrong(column, _("There is neither an ID number nor a phone."), _("Fill in one of the two."))
        if not self.row.mistakes:
            self.row.staff = staff
        return self.row

    def _wrong(self, column: str, message: Text, remedy: Text) -> None:
        self.row.mistakes.append(Mistake(column, self.row.line.cells[column].address, message, remedy))

    def _identifier(self, column: str) -> str | None:
        cell = self.row.line.cells.get(column)
        text = cell.text.strip() if cell else ""
        if cell is None or (column != "name" and text.casefold() in _BLANKS):
            return None
        try:
            match column:
                case "name":
                    return _name(cell, text)
                case "phone":
                    return identifiers.phone(text)
            return self._national_id(cell, text)
        except NotAnIdentifier as error:
            self._wrong(column, error.message, error.remedy)
            return None

    def _national_id(self, cell: Cell, text: str) -> str:
        """Raises NotAnIdentifier; a number that lost its digits is refused even when the checksum holds by chance."""
        is_long = isinstance(cell.value, float) or (isinstance(cell.value, int) and len(text) > _EXACT_DIGITS)
        if is_long or self.row.lost_digits:
            raise NotAnIdentifier(
                "lost-digits",
                _("A spreadsheet turned this ID number into a number and lost its last digits."),
                _("Set the column to text and type the ID number again."),
            )
        number = identifiers.national_id(text, self.today)
        self.row.doubts = number.warnings
        return number.number

    def _text(self, column: str) -> str:
        cell = self.row.line.cells.get(column)
        if cell is None:
            return ""
        text = unicodedata.normalize("NFKC", cell.text)
        if not text.isprintable():
            text = "".join(character if character.isprintable() else " " for character in text)
        text = " ".join(text.split())
        if text.casefold() in _BLANKS:
            return ""
        if text.startswith(("=", "@")):
            self._wrong(column, _("This looks like a formula."), _("Type what it should read."))
        elif len(text) > _LENGTHS[column]:
            message = format_lazy(_("This has {count} characters; {most} are the most."), count=len(text),
                                  most=_LENGTHS[column])  # fmt: skip
            self._wrong(column, message, _("Shorten it."))
        return text

    def _building(self) -> UUID | None:
        cell = self.row.line.cells.get("building")
        text = cell.text.strip() if cell else ""
        if text.casefold() in _BLANKS:
            return None
        place = self.buildings.get(_key(text))
        if place is None:
            self._wrong(
                "building",
                format_lazy(_("Your organisation has no place in “{building}”."), building=text[:40]),
                format_lazy(_("It is in: {buildings}."), buildings="、".join(self.names))
                if self.names
                else _("Leave the cell empty."),
            )
        return place

    def _day(self, column: str) -> date | None:
        cell = self.row.line.cells.get(column)
        if cell is None or cell.text.strip().casefold() in _BLANKS:
            return None
        day = _day_of(cell)
        if day is None or day < _EARLIEST:
            self._wrong(column, _("This is no date."), _("Write year, month and day, for example 2020-03-16."))
        return day

    def _birth_date(self, number: str | None) -> None:
        born = self._day("birth_date")
        if born is None or self.row.mistake("birth_date"):
            return
        if born > self.today:
            self._wrong("birth_date", _("This birth date is in the future."), _("Write the birth date on the ID card."))
        elif number and identifiers.national_id(number, self.today).birth_date != born:
            self._wrong(
                "birth_date",
                _("This birth date is not the one in the ID number."),
                _("Compare both with the card, or leave the birth date empty."),
            )


def _name(cell: Cell, text: str) -> str:
    if not text:
        raise NotAnIdentifier("empty", _("The name is missing."), _("Type the name as it stands on the document."))
    if cell.kind is not Kind.TEXT:
        raise NotAnIdentifier("kind", _("This is no name."), _("Type the name as it stands on the document."))
    return _BETWEEN_CHINESE.sub("", identifiers.person_name(unicodedata.normalize("NFKC", text)))


def _key(name: str) -> str:
    return identifiers.normalise(name)


def _day_of(cell: Cell) -> date | None:
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", cell.text).strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _find_repeats(rows: list[Checked]) -> None:
    """The same person twice: a row that says the same is counted once, one that says otherwise is wrong."""
    seen: dict[tuple[str, ...], Checked] = {}
    for row in rows:
        staff = row.staff
        if staff is None:
            continue
        keys = _keys(staff)
        first = next((seen[key] for key in keys if key in seen), None)
        if first is None or _are_two(first.staff, staff):
            seen.update((key, row) for key in keys if key not in seen)
        elif first.staff == staff:
            row.repeats, row.staff = first.number, None
        else:
            row.contradicts = first.number
            _contradict(row, first.number)


def _keys(staff: Staff) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = []
    if staff.national_id:
        keys.append(("national_id", staff.national_id))
    if staff.phone:
        keys.append(("phone", staff.name, staff.phone))
    return keys


def _are_two(first: Staff | None, second: Staff) -> bool:
    """Two people of one name at one telephone, told apart by their ID numbers."""
    numbers = {first.national_id if first else None, second.national_id}
    return None not in numbers and len(numbers) == 2


def _contradict(row: Checked, first: int) -> None:
    column = "national_id" if row.staff and row.staff.national_id else "name"
    row.mistakes.append(
        Mistake(
            column,
            row.line.cells[column].address,
            format_lazy(_("The same person stands in row {row} already, with other words."), row=first),
            _("Keep the row that is right and delete the other."),
        )
    )
    row.staff = None
