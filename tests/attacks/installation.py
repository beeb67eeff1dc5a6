"""An installation on disk, as it really is: SQLite files, a folder of keys, people, sources, an activation.

It is built once and copied for each attack. Whoever attacks holds all of it; what is outside (`Outside`) is a witness
and a gate, which get nothing but what the server serves.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.test.utils import override_settings

from kaimen.gate import actions as gate
from kaimen.gate import snapshots
from kaimen.gate.models import Pass
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing, signing, witnesses
from kaimen.packs import read_folder
from kaimen.proofs.notes import VerifierKey, WitnessKey
from kaimen.register import actions as register
from kaimen.register.installing import install_pack
from kaimen.register.models import Area, Organisation, Person, Post
from kaimen.status import authorities, evidence, judged, lists, trusted
from kaimen.status.models import Genesis, Placement, Source, Subject
from kaimen.status.tests.conftest import Keeper, PaperSource
from tests import tables

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime(2020, 3, 16, 2, 0, tzinfo=UTC)
KINDS = ("test", "symptoms", "contact", "approval", "finding")
ILL = 3  # people whose red is true, and whose evidence an attacker may copy
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@dataclass
class Town:
    """What a test knows of an installation. Keys of sources and keepers are not on its disk."""

    folder: Path
    genesis: UUID
    keepers: list[tuple[UUID, SigningKey]]
    sources: dict[str, tuple[UUID, SigningKey, UUID]] = field(default_factory=dict)  # source, key, officer
    witness: WitnessKey = field(default_factory=lambda: WitnessKey.generate("court.example/witness"))

    @cached_property
    def activation(self) -> Genesis:
        """Its row, as it was at the beginning."""
        return Genesis.objects.get(pk=self.genesis)

    def source(self, slug: str) -> PaperSource:
        """A source that signs with its own key."""
        row, key, officer = self.sources[slug]
        return PaperSource(Source.objects.get(pk=row), key, self.activation, Post.objects.get(pk=officer))

    def keeper(self, number: int) -> Keeper:
        """A rule keeper with the key in their browser."""
        post, key = self.keepers[number]
        return Keeper(Post.objects.get(pk=post), key)

    @property
    def ill(self) -> list[Subject]:
        """Those whom two organisations tested positive."""
        return list(self._subjects()[:ILL])

    @property
    def well(self) -> list[Subject]:
        """Everybody else: whom an attacker wants red."""
        return list(self._subjects()[ILL:])

    def places(self, subjects: list[Subject]) -> set[int]:
        """Their places in the lists."""
        found = dict(Placement.objects.values_list("subject", "index"))
        return {found[one.pk] for one in subjects}

    def log_key(self) -> VerifierKey:
        """The key of its log."""
        log = signing.current()
        assert log is not None
        return VerifierKey.read(log.verifier)

    @staticmethod
    def _subjects() -> QuerySet[Subject]:
        return Subject.objects.select_related("person").order_by("person__made_at", "person_id")


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Everything below works on the installation in `folder`, as a process started there would."""
    try:
        with tables.opened(folder), override_settings(KEYS=folder / "keys"):
            _forget()
            yield
    finally:
        _forget()


def build(folder: Path, people: int) -> Town:
    """A town of `people`, with two authorities, three sources, rules in force, and a few who are ill."""
    tables.put_tables(folder)
    with opened(folder), clock.frozen(MONDAY):
        town = _begun(folder, people)
        for slug, name in (("hospital", "云汀医院"), ("cdc", "云汀疾控中心"), ("review", "云汀复核处")):
            _accredit(town, slug, name)
        for slug in ("hospital", "cdc"):
            source = town.source(slug)
            sent = [source.evidence(one, "test", timedelta(days=10), test_result="positive") for one in town.ill]
            assert [one.state for one in evidence.receive(sent)] == ["taken"] * ILL
        witnesses.add(str(town.witness.verifier))
        witnesses.give_openings(town.witness.name, "court order 12 (made up)")
        lists.publish(town.activation)
        advancing.advance()
    return town


def copied(town: Town, folder: Path) -> Town:
    """The same installation in another folder."""
    shutil.copytree(town.folder, folder)
    return Town(folder, town.genesis, town.keepers, town.sources, town.witness)


def number_of(n: int) -> str:
    """A made-up ID number with its check character, of no district there is."""
    day = date(1980, 1, 1) + timedelta(days=n // 900)
    digits = f"370299{day:%Y%m%d}{n % 900 + 100:03}"
    return digits + _CHECKS[sum(int(c) * w for c, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def _begun(folder: Path, people: int) -> Town:
    install_pack(read_folder(ROOT / "packs" / "template"))
    district = Area.objects.get(level="district")
    claims = [register.Claim(f"试{chr(0x4E00 + n)}", number_of(n), None) for n in range(people)]
    filed = register.file_people(None, claims, district, Person.Assurance.PHONE_PROVED)
    gate._issue([one.pk for one in filed], Pass.Kind.PHONE, None)
    keepers = []
    for name in ("规则甲", "规则乙"):
        keeper, key = _post("rule-keeper", name, area=district), SigningKey.generate()
        authorities.enrol(keeper, key.public.raw)
        keepers.append((keeper.pk, key))
    town = Town(folder, authorities.begin("epidemic").pk, keepers)
    text = (ROOT / "packs" / "template" / "status" / "person.yaml").read_bytes()
    ratify(town, authorities.propose_rules(town.keeper(0).post, "person", text, clock.now()))
    return town


def _accredit(town: Town, slug: str, name: str) -> None:
    district = Area.objects.get(level="district")
    organisation = Organisation.objects.create(name=name, area=district, kind=Organisation.Kind.AGENCY)
    row = Source.objects.create(slug=slug, name=name, name_en=slug, organisation=organisation)
    key = SigningKey.generate()
    until = clock.now() + timedelta(days=300)
    wanted = authorities.Wanted(row, key.public.raw, KINDS, clock.now(), until)
    ratify(town, authorities.propose_accreditation(town.keeper(0).post, wanted))
    town.sources[slug] = row.pk, key, _post("source-officer", f"{name[2:]}员", organisation=organisation).pk


def ratify(town: Town, proposal: Any) -> None:
    """Both authorities sign."""
    for number in (0, 1):
        proposal = town.keeper(number).signs(proposal)


def _post(role: str, name: str, **over: Any) -> Post:
    person = Person.objects.create(name=name, given_name=name[1:], area=Area.objects.get(level="district"))
    return Post.objects.create(person=person, role=role, since=MONDAY.date() - timedelta(days=30), **over)


def _forget() -> None:
    """What a process that starts does not remember."""
    for kept in (trusted._kept, trusted._held, trusted.read_rules, judged.judge_of, snapshots._signed):
        kept.cache_clear()
