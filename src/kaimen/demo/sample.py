"""The sample, written: a district full of people who do not exist, in bulk SQL, one building a transaction.

The personas' building fills first. Stopped half-way, it goes on where it stopped; whole, it does nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kaimen.demo import cast, communities, history, rounds
from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.plan import Firm, Individual, Plan, Worker
from kaimen.demo.synthetic import require_synthetic
from kaimen.gate.actions import lists_changed, pass_validity
from kaimen.gate.local_time import zone
from kaimen.gate.models import Pass, Roster, RosterLine
from kaimen.register import identifiers, packs_in_force, secrets
from kaimen.register.bulk import insert
from kaimen.register.models import Employment, Organisation, Person, Place, Premises
from kaimen.status import subjects
from kaimen.status.models import Placement

FIRST = 3  # buildings that are filled before any door opens; what happens to colours happens to people there
_ROOM = 2**20  # ids a building may use: far more than it has rows


def begin_sample() -> SampleProgress:
    """The first buildings, with the personas, and what happened before the day. Again, it does nothing.

    So that doors open at once. Raises NotSynthetic.
    """
    require_synthetic()
    sample = packs_in_force.pack().one(Sample)
    progress, _new = SampleProgress.objects.get_or_create(defaults={"total": sample.people, "seed": sample.seed})
    if not progress.whole:
        _spare_the_disk()
        plan = plan_of(sample)
        _fill(plan, progress, FIRST)
        history.make(sample, plan.buildings[:FIRST])
    return progress


def make_sample() -> SampleProgress:
    """Make the sample of the pack in force; gives the progress row, whole. Raises NotSynthetic."""
    progress = begin_sample()
    if not progress.whole:
        sample = packs_in_force.pack().one(Sample)
        plan = plan_of(sample)
        _place(None)  # whom a run that was stopped left without
        progress.digest = _fill(plan, progress, len(plan.buildings))
        progress.save(update_fields=["digest"])
        rounds.freeze_evenings(sample)
    communities.fill(packs_in_force.pack().one(Sample))
    return progress


def _spare_the_disk() -> None:
    """Let SQLite sync when it suits: after a power cut the sample goes on from an earlier building, no worse."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA wal_autocheckpoint=20000")


def plan_of(sample: Sample) -> Plan:
    """The plan over the buildings that are installed."""
    buildings = Place.objects.filter(kind=Place.Kind.BUILDING)
    return Plan(sample, {place.code: place.detail.get("floors", ["1"]) for place in buildings})


def _fill(plan: Plan, progress: SampleProgress, most: int) -> str:
    """Fill the first `most` buildings, those that are empty; gives the digest of who works in them."""
    sample, digest = plan.sample, hashlib.sha256()
    for at, code in enumerate(plan.buildings[:most]):
        place = Place.objects.select_related("area").get(code=code)
        firms = list(plan.firms_in(code))
        digest.update(repr(firms).encode())
        if not Premises.objects.filter(place=place).exists():
            with transaction.atomic():
                _Building(place, _evening_before(sample), _Ids(sample.seed, at)).fill(firms)
                lists_changed([place.pk])
                progress.done += sum(len(firm.staff) for firm in firms)
                progress.save(update_fields=["done"])
            _place(place)
        if at == 0:
            cast.take_stage(sample, plan.cast(), _evening_before(sample))
    return digest.hexdigest()


def _place(place: Place | None) -> None:
    """Give the passes of a building (of all) that have none their place in the lists of colours.

    In a transaction of its own: a leaf must not wait long for the log.
    """
    passes = Pass.objects.exclude(index__in=Placement.objects.values("index"))
    if place is not None:
        passes = passes.filter(person__employments__place=place)
    subjects.assign(list(passes.values_list("person_id", "index")))


def _evening_before(sample: Sample) -> datetime:
    """When the lists for the day were due: everything in the sample was filed by then."""
    return datetime(sample.day.year, sample.day.month, sample.day.day, 17, tzinfo=zone()) - timedelta(days=1)


def _filed(day: date) -> datetime:
    """When a firm confirmed its list for a day: at five on the working day before, Friday's for Monday."""
    before = day - timedelta(days=(3, 1, 1, 1, 1, 1, 2)[day.weekday()])
    return datetime(before.year, before.month, before.day, 17, tzinfo=zone())


class _Ids:
    """UUIDv7 that are the same each time: ordered by a running number, the rest from the seed."""

    def __init__(self, seed: int, building: int) -> None:
        self._next = 1_583_000_000_000 + building * _ROOM  # milliseconds, as a UUIDv7 has them; early in 2020
        self._salt = int.from_bytes(hashlib.sha256(f"{seed}/{building}".encode()).digest()[:8]) >> 2

    def __call__(self) -> UUID:
        """The next id."""
        self._next += 1
        mixed = (self._next * 0x9E3779B97F4A7C15 ^ self._salt) & (2**62 - 1)
        return UUID(int=self._next << 80 | 7 << 76 | 2 << 62 | mixed)


@dataclass
class _Building:
    """One building and the time its rows were made at."""

    place: Place
    made_at: datetime
    new_id: _Ids

    def fill(self, firms: Sequence[Firm]) -> None:
        """Insert the firms, their staff, passes and lists."""
        organisations = [(self.new_id(), firm) for firm in firms]
        self._organisations(organisations)
        staff = [
            (self.new_id(), self.new_id(), organisation, firm, worker)
            for organisation, firm in organisations
            for worker in firm.staff
        ]
        insert(Person, PERSON, (person_row(one, w.who, self.made_at, self.place) for one, _, _, _, w in staff))
        insert(Employment, _EMPLOYMENT, (self._employed(*one) for one in staff))
        valid = self.made_at + pass_validity()
        insert(
            Pass,
            ("id", "made_at", "person", "kind", "index", "expires"),
            ((self.new_id(), self.made_at, one, "phone", w.who.index, valid) for one, _, _, _, w in staff),
        )
        self._rosters(organisations, staff)

    def _organisations(self, organisations: list[tuple[UUID, Firm]]) -> None:
        area = self.place.area_id
        insert(
            Organisation,
            ("id", "made_at", "name", "name_en", "kind", "uscc", "area", "resumed_on"),
            (
                (pk, self.made_at, firm.name, firm.name_en, "firm", firm.uscc, area, firm.resumed_on)
                for pk, firm in organisations
            ),
        )
        insert(
            Premises,
            ("id", "made_at", "organisation", "place", "floor"),
            ((self.new_id(), self.made_at, pk, self.place.pk, firm.floor) for pk, firm in organisations),
        )

    def _employed(self, person: UUID, pk: UUID, organisation: UUID, firm: Firm, worker: Worker) -> tuple[Any, ...]:
        who = worker.who
        return (
            pk, self.made_at, person, organisation, who.name, who.national_id[-4:], who.phone[-4:], worker.department,
            firm.floor, self.place.pk, worker.back_on,
        )  # fmt: skip

    def _rosters(
        self, organisations: list[tuple[UUID, Firm]], staff: list[tuple[UUID, UUID, UUID, Firm, Worker]]
    ) -> None:
        rosters = {pk: (self.new_id(), firm.list_day) for pk, firm in organisations if firm.list_day}
        insert(
            Roster,
            ("id", "made_at", "organisation", "place", "day", "revision"),
            ((pk, _filed(day), firm, self.place.pk, day, 1) for firm, (pk, day) in rosters.items()),
        )
        insert(
            RosterLine,
            ("roster", "employment"),
            ((rosters[firm][0], employment) for _, employment, firm, _, worker in staff if worker.listed),
        )


PERSON = (
    "id", "made_at", "name", "given_name", "national_id", "national_id_index", "id_tail", "phone", "phone_index",
    "phone_tail", "area", "assurance", "language",
)  # fmt: skip
_EMPLOYMENT = (
    "id", "made_at", "person", "organisation", "name", "id_tail", "phone_tail", "department", "floor", "place",
    "back_on",
)  # fmt: skip


def person_row(pk: UUID, who: Individual, made_at: datetime, place: Place) -> tuple[Any, ...]:
    """The columns PERSON of somebody; the numbers sealed."""
    return (
        pk, made_at, who.name, identifiers.given_name(who.name),
        secrets.seal_national_id(pk, who.national_id), secrets.blind_national_id(who.national_id), who.national_id[-4:],
        secrets.seal_phone(pk, who.phone), secrets.blind_phone(who.phone), who.phone[-4:],
        place.area_id, Person.Assurance.PHONE_PROVED.value, "zh-hans",
    )  # fmt: skip
