"""What happens to people's colours: evidence, declarations, appeals, answers, each through the part's own doors.

Nothing here writes a colour. An office's key signs, the product judges. What is due before the day is done when the
sample is made, with the clock at that moment; what is due on the day, the drill does when its time has come. Every
statement has the same id and time in every run: said twice, it is known.
"""

import hashlib
import random  # noqa: TID251 — seeded: the sample is the same everywhere, and guards nothing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kaimen.colours import statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.moments import moment
from kaimen.colours.statements import Said
from kaimen.demo import authorities, personas
from kaimen.demo.definitions import Act, Sample
from kaimen.gate.local_time import zone
from kaimen.register.models import Employment, Person, Post
from kaimen.rules.tree import Type
from kaimen.status import appeals, declarations, evidence, judged, subjects
from kaimen.status.models import Appeal, Subject

_APART = timedelta(minutes=11)  # between the people of one case
_SEEN = timedelta(minutes=10)  # before it was signed


@dataclass(frozen=True)
class Step:
    """Something that is done at its time."""

    at: datetime
    do: Callable[[], None]


def steps(sample: Sample, buildings: Sequence[str]) -> Iterator[Step]:
    """All that happens to people who work in these buildings, before the day and on it, in no order."""
    cast = set(sample.cast.values())
    staff = Employment.objects.filter(place__code__in=buildings, back_on__isnull=False, left_on=None)
    pool = [one for one in staff.order_by("id").select_related("person") if one.name not in cast]
    draw = random.Random(f"{sample.seed}/cases")  # noqa: S311
    chosen = iter(draw.sample(pool, sum(case.people for case in sample.cases if not case.who)))
    for number, case in enumerate(sample.cases):
        for nth in range(case.people):
            person = _persona(case.who) if case.who else next(chosen).person
            for which, act in enumerate(case.acts):
                at = datetime.combine(sample.day - timedelta(days=act.before), act.at, zone()) + nth * _APART
                yield Step(at, _Doing(sample, person, act, at, _id(sample, number, nth, which)))


def _persona(slug: str) -> Person:
    person = personas.account_of(slug).person
    assert person is not None
    return person


def _id(sample: Sample, *number: int) -> bytes:
    return hashlib.sha256(f"{sample.seed}/cases/{number}".encode()).digest()[:16]


@dataclass(frozen=True)
class _Doing:
    """One act of one person's case."""

    sample: Sample
    person: Person
    act: Act
    at: datetime
    id: bytes

    def __call__(self) -> None:
        """Do it. Raises Refused where the product would not take it."""
        subject = subjects.subject_drawn(self.person)
        {"evidence": self._evidence, "declares": self._declares, "appeals": self._appeals, "answers": self._answers}[
            self.act.does
        ](subject)

    def _evidence(self, subject: Subject) -> None:
        rules, key, seen = judged.rules_now(subject.genesis), authorities.key_of(self.act.office), self.at - _SEEN
        kind = rules.evidence[self.act.kind]
        assert subject.identity is not None, "everybody of the sample has a number"
        said = statements.Evidence(
            genesis=bytes(subject.genesis.leaf_hash), id=self.id, made=moment(self.at), source=self.act.office,
            key=key.public.key_id, status="person", subject=subject.pk.bytes, of=kind.slug,
            says=_typed(self.act, rules, self.sample.day), seen=moment(seen), until=moment(seen) + kind.lasts,
            basis=kind.basis, identity=bytes(subject.identity),
        )  # fmt: skip
        (outcome,) = evidence.receive([statements.sign(said, key)])
        if outcome.refused is not None:
            raise outcome.refused

    def _declares(self, subject: Subject) -> None:
        says = self.act.says
        if "temperature" in says:
            declarations.declare(subject, declarations.Said("temperature", temperature=says["temperature"]))
        else:
            declarations.declare(subject, declarations.Said("health", symptoms=tuple(says["symptoms"])))

    def _appeals(self, subject: Subject) -> None:
        appeals.file(subject, self.act.words)

    def _answers(self, subject: Subject) -> None:
        appeal = Appeal.objects.filter(subject=subject, finding=None).earliest("made_at")
        contested = tuple(sorted(one.pk.bytes for one in appeal.evidence.all()))
        key = authorities.key_of(self.act.office)
        said = statements.Finding(
            genesis=bytes(subject.genesis.leaf_hash), id=self.id, made=moment(self.at), source=self.act.office,
            key=key.public.key_id, appeal=appeal.leaf.bytes, strikes=contested if self.act.strikes else (),
            upholds=() if self.act.strikes else contested, reason=self.act.words,
        )  # fmt: skip
        appeals.answer(Post.objects.get(role="appeal-reviewer"), appeal, statements.sign(said, key))


def _typed(act: Act, rules: StatusDefinition, day: date) -> dict[str, Said]:
    """What evidence says; a number stands for a date: so many days before the day of the drill."""
    fields = rules.evidence[act.kind].fields
    return {
        name: (day - timedelta(days=value)).isoformat() if fields[name].type is Type.DATE else value
        for name, value in act.says.items()
    }
