"""The rounds before the day: officers go from building to building and sign what they find; evenings are frozen.

Nothing here writes a colour. The evidence is signed with the office's key, the product judges and freezes.
"""

import random  # noqa: TID251 — seeded: the sample is the same everywhere, and guards nothing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kaimen.board import colouring, freezing
from kaimen.board.actions import take_in
from kaimen.board.evidence import identity_of
from kaimen.board.models import PlaceEvidence, Snapshot
from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.demo import authorities
from kaimen.demo.definitions import Sample
from kaimen.demo.source_page import names_somebody
from kaimen.gate.local_time import zone
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing
from kaimen.register.models import Area, Person, Place, Post
from kaimen.status.models import Accreditation

EVENINGS = 3  # before the day of the drill
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Finding:
    """What an officer found somewhere: so many days before the drill, at a time of day."""

    building: str
    kind: str
    says: dict[str, bool | str]
    days_before: int
    at: time
    lasts: timedelta = _WEEK


def walk(sample: Sample) -> None:
    """Go round every building but a few, and sign. Done once; again, it does nothing."""
    if PlaceEvidence.objects.exists():
        return
    buildings = list(Place.objects.filter(kind=Place.Kind.BUILDING).order_by("code"))
    with clock.frozen(_moment(sample, 4, time(9))):
        office = authorities.inspection_office(sample)
        _officers(sample)
    places = {place.code: place for place in buildings}
    key = authorities.key_of(authorities.OFFICE)
    found = findings(sample, list(places))
    for finding in found:
        with clock.frozen(_moment(sample, finding.days_before, finding.at)):
            take_in(_signed(finding, places[finding.building], office, key))
    for days_before in sorted({finding.days_before for finding in found}, reverse=True):
        with clock.frozen(_moment(sample, days_before, time(20, 30))):
            colouring.recolour()


def findings(sample: Sample, buildings: list[str]) -> list[Finding]:
    """What is found where, in the order of time. The personas' building has somebody with a fever."""
    draw, trouble = random.Random(f"{sample.seed}/rounds"), sample.trouble  # noqa: S311
    stage = sample.stage.building
    mixed = draw.sample([code for code in buildings if code != stage], len(buildings) - 1)
    serious, rest = mixed[: trouble.serious], mixed[trouble.serious :]
    minor, rest = rest[: trouble.minor], rest[trouble.minor :]
    left_out = set(rest[: trouble.never_inspected])
    result = dict.fromkeys(serious, "serious") | dict.fromkeys(minor, "minor")
    found = [
        Finding(code, "inspection", {"inspection_result": result.get(code, "in-order")}, 4, time(10, at // 4 % 60))
        for at, code in enumerate(code for code in buildings if code not in left_out)
    ]
    if len(serious) > 1:  # one was put right, one got worse: two evenings differ
        found.append(Finding(serious[0], "inspection", {"inspection_result": "in-order"}, 2, time(11)))
    if len(minor) > 1:
        found.append(Finding(minor[0], "inspection", {"inspection_result": "serious"}, 2, time(15)))
        found.append(Finding(minor[1], "inspection", {"inspection_result": "in-order"}, 1, time(10)))
    found.append(Finding(stage, "fever-report", {"fever_reported": True}, 1, time(20), timedelta(hours=24)))
    return found


def _signed(finding: Finding, place: Place, office: Accreditation, key: SigningKey) -> bytes:
    now = clock.now()
    statement = statements.Evidence(
        genesis=bytes(office.proposal.genesis.leaf_hash), id=ids.new_id().bytes, made=moment(now),
        source=office.source.slug, key=key.public.key_id, status="building", subject=place.pk.bytes, of=finding.kind,
        says=finding.says, seen=moment(now - timedelta(minutes=10)), until=moment(now - timedelta(minutes=10)
        + finding.lasts), basis="《突发公共卫生事件应急条例》第四十条", identity=identity_of(place.code),
    )  # fmt: skip
    return statements.sign(statement, key)


def freeze_evenings(sample: Sample) -> None:
    """The pictures of the evenings before the day, each made at its time."""
    for before in range(EVENINGS, 0, -1):
        at = _moment(sample, before, time(22, 0, 4))
        if not Snapshot.objects.filter(day=at.date()).exists():
            with clock.frozen(at):
                colouring.recolour()
                advancing.advance()  # the picture says how large the log was
                freezing.freeze(at.date())


def _officers(sample: Sample) -> None:
    """Somebody answers for every grid; the grid of the personas' building has its own officer."""
    draw = random.Random(f"{sample.seed}/officers")  # noqa: S311
    families, given = list(sample.family_names), sample.men + sample.women
    stage = Place.objects.select_related("area").get(code=sample.stage.building).area
    for grid in Area.objects.filter(level=Area.Level.GRID).exclude(pk=stage.pk).order_by("path"):
        name = next(name for name in _names(draw, families, given) if not names_somebody(name))
        person = Person.objects.create(name=name, given_name=name[1:], area=grid)
        Post.objects.create(person=person, role="grid-officer", area=grid, since=sample.first_day)


def _names(draw: random.Random, families: list[str], given: str) -> Iterator[str]:
    while True:
        yield draw.choice(families) + draw.choice(given) + draw.choice(given)


def _moment(sample: Sample, days_before: int, at: time) -> datetime:
    return datetime.combine(sample.day - timedelta(days=days_before), at, zone())
