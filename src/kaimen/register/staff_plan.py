"""What a staff list would change: each of its people beside what the organisation has of them already.

Only the organisation's own employments are looked at. Whether the register knows a person from elsewhere makes no
difference to anything here, and so shows nowhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from kaimen.register import secrets
from kaimen.register.models import Employment, Organisation
from kaimen.register.staff_check import Staff

_CHANGEABLE = ("department", "floor", "back_on")
_COLUMNS = ("id", "name", "id_tail", "phone_tail", "department", "floor", "place", "back_on", "left_on")


@dataclass(frozen=True, slots=True)
class Known:
    """An employment the organisation has, and what its person is found by."""

    id: UUID
    name: str
    id_tail: str
    phone_tail: str
    department: str
    floor: str
    place: UUID | None
    back_on: date | None
    left_on: date | None
    id_index: bytes | None
    phone_index: bytes | None
    filed_name: str

    @property
    def names(self) -> tuple[str, str]:
        """The name a list gave last, and the one on file: either finds the person again."""
        return self.name, self.filed_name


@dataclass(frozen=True, slots=True)
class Change:
    """An employment that the list says something new about."""

    number: int
    staff: Staff
    known: Known
    columns: dict[str, Any]

    @property
    def names_otherwise(self) -> bool:
        """Whether the list gives a name or a number that it did not give before."""
        return not self.columns.keys().isdisjoint(("name", "id_tail", "phone_tail"))


@dataclass
class Plan:
    """What would be made and changed, and who the list does not name."""

    new: list[tuple[int, Staff]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[tuple[int, Staff]] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to confirm."""
        return not self.new and not self.changed


def plan(organisation: Organisation, good: Iterable[tuple[int, Staff]]) -> Plan:
    """Compare the good rows of a list with what `organisation` has."""
    known = _Known(organisation)
    result = Plan()
    for number, staff in good:
        match = known.match(staff)
        if match is None:
            result.new.append((number, staff))
            continue
        columns = _differences(match, staff)
        if columns:
            result.changed.append(Change(number, staff, match, columns))
        else:
            result.unchanged.append((number, staff))
    result.missing = known.unnamed()
    return result


def _differences(known: Known, staff: Staff) -> dict[str, Any]:
    """Columns of the employment to change. A blank cell says nothing, and so changes nothing."""
    said: dict[str, Any] = {"name": staff.name}
    said |= {column: getattr(staff, column) for column in _CHANGEABLE if getattr(staff, column)}
    if staff.national_id:
        said["id_tail"] = staff.national_id[-4:]
    if staff.phone:
        said["phone_tail"] = staff.phone[-4:]
    if staff.place:
        said["place"] = staff.place
    changed = {column: value for column, value in said.items() if getattr(known, column) != value}
    return changed | ({"left_on": None} if known.left_on else {})


class _Known:
    """What the organisation has, found as a list names people."""

    def __init__(self, organisation: Organisation) -> None:
        self.all = list(_employments(organisation))
        self.by_id = {known.id_index: known for known in self.all if known.id_index}
        self.by_phone = {
            (name, known.phone_index): known for known in self.all if known.phone_index for name in known.names
        }
        self.by_tail = {(known.name, known.phone_tail): known for known in self.all if known.phone_tail}
        self.shared = Counter((known.name, known.phone_tail) for known in self.all)
        self.named: set[UUID] = set()

    def match(self, staff: Staff) -> Known | None:
        """The employment of this person, once a list."""
        found = self._find(staff)
        if found is None or found.id in self.named:
            return None
        self.named.add(found.id)
        return found

    def _find(self, staff: Staff) -> Known | None:
        if staff.national_id and (found := self.by_id.get(secrets.blind_national_id(staff.national_id))):
            return found
        if not staff.phone:
            return None
        found = self.by_phone.get((staff.name, secrets.blind_phone(staff.phone)))
        tail = (staff.name, staff.phone[-4:])
        if found is None and self.shared[tail] == 1:
            found = self.by_tail[tail]  # the person has another phone by now; the list still says the old one
        return None if found and found.id_index and staff.national_id else found

    def unnamed(self) -> list[Known]:
        """Those at work whom the list does not name, by name."""
        return sorted((k for k in self.all if k.left_on is None and k.id not in self.named), key=lambda k: k.name)


def _employments(organisation: Organisation) -> Iterable[Known]:
    found = Employment.objects.filter(organisation=organisation).values(
        *_COLUMNS,
        id_index=F("person__national_id_index"),
        phone_index=F("person__phone_index"),
        filed_name=F("person__name"),
    )
    for row in found.iterator(2000):
        indexes = {name: _bytes(row[name]) for name in ("id_index", "phone_index")}
        yield Known(**{**row, **indexes})


def _bytes(value: Any) -> bytes | None:
    """PostgreSQL hands out memoryviews, which are no keys."""
    return None if value is None else bytes(value)
