"""Verbs of staff lists: bring one, take it, drop it."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from kaimen.kit import clock, effects
from kaimen.kit.ids import new_id
from kaimen.register import access, bulk, secrets, staff_list, staff_queries, staff_tasks
from kaimen.register.actions import Claim, file_people, follow
from kaimen.register.models import Employment, Organisation, Person, Post, Premises
from kaimen.register.staff_check import Staff
from kaimen.register.staff_draft import Draft
from kaimen.register.staff_models import StaffList, StaffListTaken
from kaimen.register.staff_plan import Change, Plan, plan
from kaimen.ui import spreadsheets

_EMPLOYMENT = (
    "id", "made_at", "person", "organisation", "name", "id_tail", "phone_tail", "department", "floor", "place",
    "back_on",
)  # fmt: skip
_LONGEST_FILE_NAME = 80


class AnotherAnswer(ValueError):
    """What the clerk confirmed is not what the list would do by now: somebody else changed the staff meanwhile."""


def bring(by: Post, file_name: str, content: bytes) -> StaffList:
    """Read a staff list for the organisation of `by`; nothing is taken yet. The same file again is the same list.

    Raises NotAllowed, spreadsheets.NotRead, staff_list.NotAStaffList.
    """
    organisation = _organisation(by)
    digest = hashlib.sha256(content).digest()
    staff_tasks.forget_old()
    waiting = StaffList.objects.filter(
        organisation=organisation, digest=digest, taken=None, content__isnull=False
    ).first()
    if waiting is not None:
        return waiting
    found = staff_list.find(spreadsheets.read(content), staff_queries.columns())
    draft = Draft.of(found, staff_queries.buildings(organisation), staff_queries.today())
    brought = StaffList(
        organisation=organisation, by=by, file_name=shown_name(file_name), digest=digest, rows=draft.rows
    )
    _seal(brought, draft)
    brought.save()
    staff_tasks.forget_in_time()
    return brought


def take(by: Post, brought: StaffList, answer: str) -> StaffListTaken:
    """Employ the people of the list's good rows, all of them or none; taking it again gives the first result.

    `answer` is the plan's fingerprint the clerk saw. Raises NotAllowed, AnotherAnswer.
    """
    access.require(by, "register.import_staff", brought)
    with transaction.atomic():
        brought = StaffList.objects.select_for_update().select_related("organisation__area").get(pk=brought.pk)
        taken = StaffListTaken.objects.filter(staff_list=brought).first()
        if taken is not None:
            return taken
        draft = staff_queries.draft(brought)
        planned = plan(brought.organisation, draft.good)
        if staff_queries.fingerprint(planned) != answer:
            raise AnotherAnswer
        _carry_out(by, brought.organisation, planned)
        _seal(brought, draft.only_wrong() if draft.wrong else None)
        brought.save(update_fields=["content"])
        return StaffListTaken.objects.create(
            staff_list=brought,
            by=by,
            new=len(planned.new),
            changed=len(planned.changed),
            unchanged=len(planned.unchanged),
            wrong=len(draft.wrong),
        )


def drop(by: Post, brought: StaffList) -> None:
    """Forget a list that was not taken; what a taken one left behind stays for its day. Raises NotAllowed."""
    access.require(by, "register.import_staff", brought)
    StaffList.objects.filter(pk=brought.pk, taken=None).delete()


@transaction.atomic
def leave(by: Post, employment: Employment) -> None:
    """Somebody has left the firm of `by`: today they are on no list any more. Doing it again changes nothing.

    Raises NotAllowed.
    """
    access.require(by, "register.import_staff", employment)
    if Employment.objects.filter(pk=employment.pk, left_on=None).update(left_on=staff_queries.today()):
        effects.fire("staff-changed", organisation=employment.organisation, employments=[employment.pk], by=by)


def shown_name(name: str) -> str:
    """A file name fit to be shown: no path, nothing invisible, nothing that turns the reading direction."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if c == " " or unicodedata.category(c)[0] not in "CZ")
    return visible.strip()[:_LONGEST_FILE_NAME] or "—"


def _organisation(by: Post) -> Organisation:
    access.require(by, "register.import_staff")
    if by.organisation is None:
        raise access.NotAllowed("register.import_staff")
    return by.organisation


def _seal(brought: StaffList, draft: Draft | None) -> None:
    brought.content = None
    if draft is not None:
        sealer = secrets.sealer()
        brought.content = sealer.seal(draft.to_text(), column=staff_queries.SEALED, row=brought.pk.hex)


def _carry_out(by: Post, organisation: Organisation, planned: Plan) -> None:
    homes = _Homes(organisation)
    employments = _employ(by, organisation, [staff for _number, staff in planned.new], homes)
    _change(by, organisation, planned.changed)
    touched = [*employments, *(change.known.id for change in planned.changed)]
    if touched:
        effects.fire("staff-changed", organisation=organisation, employments=touched, by=by)


@dataclass(frozen=True)
class _Home:
    place: UUID
    floor: str


class _Homes:
    """Where somebody works when the list does not say: the only premises, else those on the floor, else the first."""

    def __init__(self, organisation: Organisation) -> None:
        premises = Premises.objects.filter(organisation=organisation).order_by("made_at", "id")
        self._homes = [_Home(place, floor) for place, floor in premises.values_list("place_id", "floor")]

    def place(self, staff: Staff) -> UUID | None:
        on_floor = (home for home in self._homes if home.floor and _floor(home.floor) == _floor(staff.floor))
        home = next(on_floor, self._homes[0] if self._homes else None)
        return staff.place or (home.place if home else None)


def _floor(text: str) -> str:
    """15F, 15楼 and 15 are one floor."""
    return text.upper().removesuffix("F").removesuffix("楼").removesuffix("层").strip()


def _employ(by: Post, organisation: Organisation, people: Sequence[Staff], homes: _Homes) -> list[UUID]:
    """Make the employments of people the organisation does not have yet; their ids."""
    if not people:
        return []
    filed = _file(by, organisation, people)
    now = clock.now()
    rows = [
        (
            new_id(),
            now,
            person.pk,
            organisation.pk,
            staff.name,
            (staff.national_id or "")[-4:],
            (staff.phone or "")[-4:],
            staff.department,
            staff.floor,
            homes.place(staff),
            staff.back_on,
        )
        for person, staff in zip(filed, people, strict=True)
    ]
    bulk.insert(Employment, _EMPLOYMENT, rows)
    return [row[0] for row in rows]


def _file(by: Post, organisation: Organisation, people: Sequence[Staff]) -> list[Person]:
    return file_people(by, [_claim(staff) for staff in people], organisation.area, Person.Assurance.SELF_DECLARED)


def _claim(staff: Staff) -> Claim:
    return Claim(staff.name, staff.national_id, staff.phone)


def _follow(by: Post, organisation: Organisation, changes: Sequence[Change]) -> dict[UUID, UUID]:
    """Employment → person, for people whom the list names otherwise than the one before."""
    if not changes:
        return {}
    ids = [change.known.id for change in changes]
    wanted = set(ids)
    rows = Employment.objects.filter(organisation=organisation).select_related("person")
    people = {row.pk: row.person for row in rows.iterator(2000) if row.pk in wanted}
    named = [(people[change.known.id], _claim(change.staff)) for change in changes]
    return {pk: person.pk for pk, person in zip(ids, follow(by, named, organisation.area), strict=True)}


def _change(by: Post, organisation: Organisation, changes: Sequence[Change]) -> None:
    people = _follow(by, organisation, [change for change in changes if change.names_otherwise])
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for change in changes:
        columns: dict[str, Any] = dict(change.columns)
        if change.known.id in people:
            columns["person"] = people[change.known.id]
        alike.setdefault(tuple(columns), []).append((*columns.values(), change.known.id))
    for names, rows in alike.items():
        bulk.update(Employment, names, rows)
