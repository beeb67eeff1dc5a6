"""A small honest world: authorities, sources, people, a server that does what it should, and the log it writes.

Tests, the bench and campaigns replay it, and spoil it. The server here is written for reading: it judges everybody it
touches from the beginning, with `Judge` and nothing of the replay.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kaimen.colours import leaves, lists, statements
from kaimen.colours.bulk import Acts
from kaimen.colours.definitions import StatusDefinition, read_text
from kaimen.colours.judging import Item, Judge, Judgement
from kaimen.colours.leaves import About, Body, Computed, Opening
from kaimen.colours.moments import DAY, HOUR, MINUTE, SECOND, local_day, moment
from kaimen.colours.replay import Logged, Replay, Report
from kaimen.colours.statements import Accreditation, Approval, Evidence, Finding, Publication, Withdrawal
from kaimen.colours.trust import APPROVAL, FINDING, values_of
from kaimen.kit import canonical
from kaimen.kit.keys import SigningKey
from kaimen.proofs.commitments import commit

ROOT = Path(__file__).resolve().parents[4]
TEXT = (ROOT / "packs/template/status/person.yaml").read_bytes()
MONDAY = moment(datetime(2020, 3, 16, tzinfo=UTC))  # 08:00 in Shanghai
PEOPLE = 1_317
POSITIVE = {"test_result": "positive"}
NEGATIVE = {"test_result": "negative"}


@dataclass
class Source:
    """Somebody who signs, with a key the server never has."""

    slug: str
    organisation: str
    kinds: tuple[str, ...]
    key: SigningKey = field(default_factory=SigningKey.generate)
    accreditation: bytes = b""


def definition_of(text: bytes = TEXT) -> StatusDefinition:
    """The rules of the template pack."""
    return read_text("status/person.yaml", text)


@dataclass
class Known:
    """What the server keeps of one piece of evidence."""

    said: Evidence
    source: Source
    item: Item
    waits: bool = False


class World:
    """An emergency with its log. Every method is what an honest server does; spoil it with `log`."""

    def __init__(self, seed: int = 0, people: int = PEOPLE, text: bytes = TEXT) -> None:
        self.chance = random.Random(seed)
        self.now = MONDAY
        self.text = text
        self.definition = definition_of(text)
        self.judge = Judge(self.definition)
        self.authorities = {name: SigningKey.generate() for name in ("health-bureau", "court", "university")}
        everything = tuple(self.definition.evidence)
        self.laboratory = Source("laboratory", "laboratory", ("test", "symptoms"))
        self.hospital = Source("hospital", "hospital", (*everything, APPROVAL))
        self.clinic = Source("clinic", "hospital", everything)  # another key of the same organisation
        self.cdc = Source("cdc", "cdc", (*everything, APPROVAL))
        self.reviewer = Source("reviewer", "review-office", (FINDING,))
        self.sources = [self.laboratory, self.hospital, self.clinic, self.cdc, self.reviewer]
        self.list_key = SigningKey.generate()
        self.leaves: list[bytes] = []
        self.openings: list[Opening | None] = []
        self.checkpoints: list[tuple[int, int]] = []  # size, moment
        self.objects: dict[bytes, bytes] = {}
        self.known: dict[bytes, list[Known]] = {}
        self.by_id: dict[bytes, Known] = {}
        self.shown: dict[bytes, Judgement] = {}
        self.acts = Acts()
        self._begin()
        self.people = [self.chance.randbytes(16) for _ in range(people)]
        self.salts = {one: self.chance.randbytes(16) for one in self.people}
        self.numbers = {one: f"370299{number:012}" for number, one in enumerate(self.people)}
        self.places = dict(zip(self.people, self.chance.sample(range(2 * people), people), strict=True))
        for one in self.people:
            self.log(leaves.index(one, self.places[one], self.identity(one)))
        self.checkpoint()

    # The log

    def log(self, body: Body, at: int | None = None) -> bytes:
        """Write a leaf; gives its id."""
        self.now += self.chance.randint(1, 9)
        id_ = self.chance.randbytes(16)
        said: dict[str, Any] = {"v": 1, "kind": body.kind, "at": self.now if at is None else at, "id": id_}
        opening = None
        if body.secret is not None:
            secret = body.secret if isinstance(body.secret, bytes) else canonical.encode(dict(body.secret))
            opening = Opening(self.chance.randbytes(32), secret)
            said["c"] = commit(opening.salt, secret)
        self.leaves.append(canonical.encode(said | dict(body.public)))
        self.openings.append(opening)
        return id_

    def checkpoint(self) -> None:
        """Witnesses see the log as it is."""
        self.now += SECOND
        self.checkpoints.append((len(self.leaves), self.now))

    def logged(self) -> Iterable[Logged]:
        """The log as an auditor gets it."""
        ends = iter([*self.checkpoints, (len(self.leaves) + 1, None)])
        after, (size, before) = None, next(ends)
        for index, (data, opening) in enumerate(zip(self.leaves, self.openings, strict=True)):
            while index >= size:
                after, (size, before) = before, next(ends)
            yield Logged(index, data, opening, after, before)

    @staticmethod
    def numbered(data: Iterable[bytes], openings: Iterable[Opening | None]) -> Iterable[Logged]:
        """Leaves with their openings, as somebody has them who saw no checkpoint."""
        for index, (leaf, opening) in enumerate(zip(data, openings, strict=True)):
            yield Logged(index, leaf, opening)

    @property
    def genesis(self) -> bytes:
        """What witnesses pin."""
        return leaves.hash_of(self.leaves[0])

    def replay(self) -> Report:
        """All of it, by somebody outside."""
        replay = Replay(self.genesis, self.objects.get)
        replay.take_all(self.logged())
        return replay.report(self.now)

    # Authorities

    def _begin(self) -> None:
        keys = [(name, key.public.raw) for name, key in self.authorities.items()]
        self.log(leaves.genesis("kaimen.test/2020", keys))
        for source in self.sources:
            self.accredit(source)
        self.publish_rules(self.text)

    def two(self) -> list[SigningKey]:
        """Two of the authorities."""
        return self.chance.sample(list(self.authorities.values()), 2)

    def accredit(self, source: Source, *, by: list[SigningKey] | None = None) -> None:
        """Two authorities let a key sign."""
        source.accreditation = self.new_id()
        said = Accreditation(
            self.genesis, source.accreditation, self.now, source.slug, source.organisation, source.key.public.raw,
            source.kinds, self.now, self.now + 365 * DAY,
        )  # fmt: skip
        self.log(leaves.accredited(statements.sign(said, *(by or self.two()))))

    def publish_rules(
        self, text: bytes, *, by: list[SigningKey] | None = None, since: int = 0, status: str = "person"
    ) -> None:
        """Two authorities publish rules."""
        definition = read_text(f"status/{status}.yaml", text)
        self.objects[definition.digest] = text
        said = Publication(self.genesis, self.new_id(), self.now, definition.slug, definition.digest, since)
        self.log(leaves.rules_published(statements.sign(said, *(by or self.two()))))

    # Sources

    def new_id(self) -> bytes:
        """Sixteen bytes."""
        return self.chance.randbytes(16)

    def identity(self, person: bytes) -> bytes:
        """What the source works out from the document before it."""
        return statements.identity_of(self.salts[person], self.numbers[person])

    def says(self, source: Source, person: bytes, of: str, says: Mapping[str, Any], **other: Any) -> Evidence:
        """Evidence, made now; `other` changes what it says."""
        seen = other.pop("seen", self.now)
        said = Evidence(
            self.genesis, self.new_id(), self.now, source.slug, source.key.public.key_id, "person", person, of, says,
            seen, seen + self.definition.evidence[of].lasts, self.definition.evidence[of].basis, self.identity(person),
        )  # fmt: skip
        return replace(said, **other)

    def give(self, source: Source, person: bytes, of: str, says: Mapping[str, Any], **other: Any) -> bytes:
        """Evidence comes in, and what follows from it is logged; gives its id."""
        said = self.says(source, person, of, says, **other)
        self.log(leaves.of_source(statements.sign(said, source.key)))
        self.take(said, source)
        self.follow(person, "evidence")
        return said.id

    def take(self, said: Evidence, source: Source) -> None:
        """Keep evidence for judging."""
        values = values_of(said.says, said.of, self.definition)
        assert values is not None
        item = Item(said.id, source.organisation, said.of, values, said.seen, said.until, len(self.leaves))
        adverse = self.judge.adverse(said.of, values, self.now, said.until)
        day = local_day(self.now, self.definition.zone)
        waits = adverse and self.acts.add(source.organisation, day, self.definition.bulk)
        known = Known(said, source, replace(item, adverse=adverse), waits)
        self.known.setdefault(said.subject, []).append(known)
        self.by_id[said.id] = known

    def withdraw(self, evidence: bytes) -> None:
        """The source takes its evidence back."""
        known = self.by_id[evidence]
        said = Withdrawal(
            self.genesis, self.new_id(), self.now, known.source.slug, known.source.key.public.key_id, evidence,
            "entered for somebody else",
        )  # fmt: skip
        self.log(leaves.of_source(statements.sign(said, known.source.key)))
        day = local_day(self.now, self.definition.zone)
        if known.item.adverse or not self.acts.add(known.source.organisation, day, self.definition.bulk):
            known.item = replace(known.item, in_force=False)
        self.follow(known.said.subject, "withdrawal")

    def approve(self, by: Source, evidence: list[bytes]) -> None:
        """Somebody of another organisation countersigns."""
        said = Approval(self.genesis, self.new_id(), self.now, by.slug, by.key.public.key_id, tuple(evidence))
        self.log(leaves.of_source(statements.sign(said, by.key)))
        for one in evidence:
            self.by_id[one].waits = False
        for one in evidence:
            self.follow(self.by_id[one].said.subject, "approval")

    # The server

    def judged(self, person: bytes, at: int | None = None) -> Judgement:
        """The colour that follows."""
        items = [one.item for one in self.known.get(person, ()) if not one.waits]
        return self.judge.judge(items, self.now if at is None else at)

    def follow(self, person: bytes, why: str, appeal: bytes | None = None) -> None:
        """Log what follows, if it is another rule than before."""
        usual = self.judge.judge((), self.now)
        before = self.shown.get(person, usual)
        now = self.judged(person, self.now + 1)
        if now.rule != before.rule:
            about = About(person, why, appeal)
            self.log(leaves.colour("person", before.colour, now, self.definition.digest, about))
        self.shown[person] = now

    def wait(self, until: int) -> None:
        """Time passes; what changes by itself is logged as it does."""
        while True:
            due = [(when, person) for person in self.known if (when := self._due(person)) is not None]
            first = min(due, default=None)
            if first is None or first[0] > until:
                break
            self.now = max(self.now, first[0])
            self.follow(first[1], "time")
            self.shown[first[1]] = self.judged(first[1])
        self.now = max(self.now, until)

    def goes_on(self, span: int, *, every: int = 5 * MINUTE) -> None:
        """For so long the log goes on about other things, as one does in which lists are published."""
        until = self.now + span
        while self.now < until:
            self.now = min(self.now + every, until)
            self.log(leaves.declaration("person", self.people[0], "health", bytes(32)))

    def _due(self, person: bytes) -> int | None:
        items = [one.item for one in self.known[person] if not one.waits]
        return self.shown[person].until or self.judge.due(items, self.now)

    def appeal(self, person: bytes) -> bytes:
        """The person contests what their colour rests on; gives the appeal's id."""
        because = self.judged(person).because
        due = self.now + self.definition.appeal_within
        return self.log(leaves.appeal("person", person, "SS-0001", because, due))

    def answer(self, appeal: bytes, person: bytes, *, strikes: bool) -> None:
        """The reviewer answers."""
        because = self.judged(person).because
        said = Finding(
            self.genesis, self.new_id(), self.now, "reviewer", self.reviewer.key.public.key_id, appeal,
            because if strikes else (), () if strikes else because, "looked at again",
        )  # fmt: skip
        self.log(leaves.of_source(statements.sign(said, self.reviewer.key)))
        for one in because if strikes else ():
            self.by_id[one].item = replace(self.by_id[one].item, in_force=False)
        self.follow(person, "appeal", appeal)

    def answer_late(self, appeal: bytes, person: bytes, evidence: tuple[bytes, ...]) -> None:
        """The reviewer upholds it after the clock ran out: it counts again."""
        said = Finding(
            self.genesis, self.new_id(), self.now, "reviewer", self.reviewer.key.public.key_id, appeal, (), evidence,
            "looked at late",
        )  # fmt: skip
        self.log(leaves.of_source(statements.sign(said, self.reviewer.key)))
        for one in evidence:
            self.by_id[one].item = replace(self.by_id[one].item, in_force=True)
        self.follow(person, "appeal", appeal)

    def lapse(self, appeal: bytes, person: bytes, evidence: Iterable[bytes]) -> None:
        """Nobody answered: what is contested stops counting."""
        for one in evidence:
            self.by_id[one].item = replace(self.by_id[one].item, in_force=False)
        self.log(leaves.appeal_lapsed("person", person, appeal))
        self.follow(person, "appeal", appeal)

    def computed(self, colour_of: Callable[[bytes], str] | None = None) -> tuple[lists.StatusList, dict[str, int]]:
        """The list as it follows now, or as somebody would like it."""
        values, counts = {}, dict.fromkeys(self.definition.colours, 0)
        for person in self.people:
            colour = colour_of(person) if colour_of else self.judged(person).colour
            counts[colour] += 1
            if value := self.definition.list_value(colour):
                values[self.places[person]] = value
        return lists.packed(values, lists.places_for(2 * len(self.people)), 2), counts

    def publish(self, computed: tuple[lists.StatusList, dict[str, int]] | None = None, **other: Any) -> bytes:
        """A list is published and logged; gives what gates fetch."""
        made, counts = computed or self.computed()
        at = Computed(2, made.size, len(self.leaves), self.now)
        self.log(leaves.status_list("person", made.digest, counts, replace(at, **other)))
        return self.signed(made)

    def signed(self, made: lists.StatusList) -> bytes:
        """The list as gates fetch it."""
        return lists.publish(self.list_key, lists.Published(made, "person", self.now, self.now + HOUR))


def honest(seed: int = 0, people: int = PEOPLE, days: int = 3) -> World:
    """Some days of it: tests, fevers, reds, appeals, a bulk with its approval, lists."""
    world = World(seed, people)
    for _ in range(days):
        _a_day(world)
    return world


def _a_day(world: World) -> None:
    chance, start = world.chance, world.now
    today = local_day(world.now, world.definition.zone).isoformat()
    for person in chance.sample(world.people, max(1, len(world.people) // 20)):
        source = chance.choice([world.laboratory, world.hospital, world.clinic, world.cdc])
        match chance.randrange(8):
            case 0:
                world.give(source, person, "symptoms", {"temperature": "38.2", "symptoms_on": today})
            case 1:
                world.give(world.cdc, person, "contact", {"close_contact": True, "last_contact_on": today})
            case 2:
                world.give(world.laboratory, person, "test", POSITIVE)
                world.give(world.hospital, person, "test", POSITIVE)
            case _:
                world.give(source, person, "test", NEGATIVE)
    world.wait(start + 2 * HOUR)
    world.publish()
    _appeals(world)
    world.checkpoint()
    world.wait(start + DAY)
    world.publish()
    world.checkpoint()


def _appeals(world: World) -> None:
    coloured = [person for person in world.known if world.judged(person).colour != "green"]
    for number, person in enumerate(world.chance.sample(coloured, min(3, len(coloured)))):
        appeal = world.appeal(person)
        world.now += HOUR
        world.answer(appeal, person, strikes=number == 1)
    if coloured:
        world.withdraw(world.known[coloured[0]][0].said.id)
