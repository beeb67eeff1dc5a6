"""The rounds before the day: officers go from building to building and sign what they find; evenings are frozen.

Nothing here writes a colour. The evidence is signed with the office's key, the product judges and freezes.
"""

import hashlib
import random  # noqa: TID251 — seeded: the sample is the same everywhere, and guards nothing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from kaimen.board import colouring, freezing
from kaimen.board.actions import take_in
from kaimen.board.models import Snapshot
from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.colours.place_facts import identity_of
from kaimen.demo import authorities
from kaimen.demo.cases import Step
from kaimen.demo.definitions import Sample
from kaimen.demo.source_page import names_somebody
from kaimen.gate.local_time import zone
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing
from kaimen.register.models import Area, Person, Place, Post
from kaimen.status.models import Accreditation

EVENINGS = 4  # before the day of the drill: all since the activation began
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


def steps(sample: Sample) -> Iterator[Step]:
    """Every visit to a building, before the day and on it, and when colours are judged after them."""
    places = {place.code: place for place in Place.objects.filter(kind=Place.Kind.BUILDING).order_by("code")}
    office, key = authorities.inspection_office(sample), authorities.key_of(authorities.OFFICE)
    found = findings(sample, list(places))
    for number, finding in enumerate(found):
        at = moment_of(sample, finding.days_before, finding.at)
        visit = _Visit(finding, places[finding.building], office, at, _id(sample, number))
        yield Step(at, partial(visit.make, key))
    judged = {(one.days_before, _soon_after(one.at)) for one in found if one.days_before}
    for days_before, hour in judged | {(days_before, time(20, 30)) for days_before, _hour in judged}:
        yield Step(moment_of(sample, days_before, hour), _recolour)


def _soon_after(at: time) -> time:
    """The quarter hour that follows: buildings are judged again soon after somebody was there."""
    quarter = at.hour * 4 + at.minute // 15 + 1
    return time(quarter // 4 % 24, quarter % 4 * 15)


def _recolour() -> None:
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
    return found + _of_the_day(stage, serious, rest)


def _of_the_day(stage: str, serious: list[str], others: list[str]) -> list[Finding]:
    """What the drill's officers find: a fever is over, another one begins and ends, something was put right."""
    day = timedelta(hours=24)
    found = [Finding(stage, "fever-resolved", {"fever_handled": True}, 0, time(9, 20), day)]
    if others:
        found.append(Finding(others[-1], "fever-report", {"fever_reported": True}, 0, time(8, 45), day))
        found.append(Finding(others[-1], "fever-resolved", {"fever_handled": True}, 0, time(13, 30), day))
    if len(serious) > 1:
        found.append(Finding(serious[1], "inspection", {"inspection_result": "in-order"}, 0, time(10, 40)))
    return found


@dataclass(frozen=True)
class _Visit:
    """An officer is at a building."""

    finding: Finding
    place: Place
    office: Accreditation
    at: datetime
    id: bytes

    def make(self, key: SigningKey) -> None:
        """Sign what was found, and send it."""
        seen = self.at - timedelta(minutes=10)
        statement = statements.Evidence(
            genesis=bytes(self.office.proposal.genesis.leaf_hash), id=self.id, made=moment(self.at),
            source=self.office.source.slug, key=key.public.key_id, status="building", subject=self.place.pk.bytes,
            of=self.finding.kind, says=self.finding.says, seen=moment(seen), until=moment(seen + self.finding.lasts),
            basis="《突发公共卫生事件应急条例》第四十条", identity=identity_of(self.place.code),
        )  # fmt: skip
        take_in(statements.sign(statement, key))


def _id(sample: Sample, number: int) -> bytes:
    return hashlib.sha256(f"{sample.seed}/rounds/{number}".encode()).digest()[:16]


def freeze_evenings(sample: Sample) -> None:
    """The pictures of the evenings before the day, each made at its time."""
    for before in range(EVENINGS, 0, -1):
        at = moment_of(sample, before, time(22, 0, 4))
        if not Snapshot.objects.filter(day=at.date()).exists():
            advancing.advance()  # the picture says how large the log was; taken in by the clock that runs, never frozen
            with clock.frozen(at):
                freezing.freeze(at.date())


def appoint_officers(sample: Sample) -> None:
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


def moment_of(sample: Sample, days_before: int, at: time) -> datetime:
    """The moment so many days before the day, at a time on the wall."""
    return datetime.combine(sample.day - timedelta(days=days_before), at, zone())
