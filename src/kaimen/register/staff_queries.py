"""Reads of staff and staff lists, limited to the asker's organisation."""

import hashlib
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from kaimen.kit import clock
from kaimen.register import access, packs_in_force, secrets
from kaimen.register.definitions import StaffColumns
from kaimen.register.definitions.staff import usual
from kaimen.register.models import Employment, Organisation, Post, Premises
from kaimen.register.staff_draft import Draft
from kaimen.register.staff_models import StaffList
from kaimen.register.staff_plan import Plan

SEALED = "register_stafflist.content"


def columns() -> StaffColumns:
    """The columns of a staff list: the pack's, or the usual ones where it names none."""
    try:
        return next(iter(packs_in_force.pack().all(StaffColumns)), None) or usual()
    except packs_in_force.NoPack:
        return usual()


def buildings(organisation: Organisation) -> dict[str, UUID]:
    """The organisation's buildings by each name they are known by."""
    named: dict[str, UUID] = {}
    for premises in Premises.objects.filter(organisation=organisation).select_related("place").order_by("made_at"):
        place = premises.place
        named |= {name: place.pk for name in (place.name, place.name_en, place.code) if name}
    return named


def staff(asker: Post, words: str) -> QuerySet[Employment]:
    """Those at work at the asker's organisation, by name; `words` is part of a name or department, or four digits."""
    found = access.visible(asker, Employment).filter(left_on=None).select_related("place")
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(department__icontains=word) | Q(id_tail=word.upper()) | Q(phone_tail=word)
        )
    return found.order_by("name", "id")


def staff_lists(asker: Post) -> QuerySet[StaffList]:
    """The lists brought for the asker's organisation, newest first."""
    return access.visible(asker, StaffList).select_related("taken", "by__person")


def draft(brought: StaffList) -> Draft:
    """What a list says. Only of one whose content is still kept."""
    assert brought.content is not None
    text = secrets.sealer().open(bytes(brought.content), column=SEALED, row=brought.pk.hex)
    return Draft.from_text(text, buildings(brought.organisation), today())


def fingerprint(planned: Plan) -> str:
    """A mark of what a list would do, so that a clerk confirms what they saw."""
    rows = [number for number, _staff in planned.new], [change.number for change in planned.changed]
    return hashlib.sha256(repr((rows, [sorted(c.columns) for c in planned.changed])).encode()).hexdigest()[:16]


def today() -> date:
    """The local date."""
    return clock.today(ZoneInfo(settings.TIME_ZONE))
