"""An activation without browsers: two authorities, three sources of different organisations, keys kept by the test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaimen.colours import leaves, statements
from kaimen.colours.moments import moment
from kaimen.colours.replay import Logged, Replay
from kaimen.kit import clock, ids
from kaimen.kit.keys import SigningKey
from kaimen.ledger import advancing
from kaimen.ledger.models import Leaf, Opening, PublicObject
from kaimen.ledger.openings import OpeningKey
from kaimen.packs import Pack
from kaimen.register import actions as register
from kaimen.register.models import Area, Organisation, Person, Post
from kaimen.status import authorities, evidence, subjects
from kaimen.status.models import Genesis, Source, Subject

MONDAY = datetime(2020, 3, 16, 2, 0, tzinfo=UTC)  # 10:00 in the wall time of the pack
LAW = "云汀市应急预案（虚构）第 5 条"
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def keys_of_its_own(settings: Any, tmp_path: Any) -> None:
    """Each test has a folder of keys, as each has a database: the log's mark would otherwise tell of another."""
    settings.KEYS = tmp_path / "keys"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """Everything here begins on Monday 16 March 2020 at 10:00."""
    with clock.frozen(MONDAY):
        yield


@dataclass
class PaperSource:
    """A source as the server meets it: what it signs with stays here."""

    row: Source
    key: SigningKey
    genesis: Genesis
    officer: Post
    sent: list[bytes] = field(default_factory=list)

    def evidence(self, subject: Subject, of: str, /, lasts: timedelta = timedelta(days=14), **says: Any) -> bytes:
        """An envelope of evidence about a subject; `made`, `seen`, `until`, `identity`, `id`, `key` may be given."""
        now = moment(clock.now())
        about = {name: says.pop(name) for name in list(says) if name in _ABOUT}
        key = about.pop("signs_with", self.key)
        statement = statements.Evidence(**{
            "genesis": bytes(self.genesis.leaf_hash), "id": ids.new_id().bytes, "made": now, "source": self.row.slug,
            "key": self.key.public.key_id, "status": "person", "subject": subject.pk.bytes, "of": of, "says": says,
            "seen": now, "until": now + int(lasts.total_seconds() * 1000), "basis": LAW,
            "identity": bytes(subject.identity or b""), **about,
        })  # fmt: skip
        self.sent.append(statements.sign(statement, key))
        return self.sent[-1]

    def withdrawal(self, envelope: bytes) -> bytes:
        """An envelope that takes evidence back."""
        said = statements.read(envelope).statement
        return statements.sign(self._says(statements.Withdrawal, evidence=said.id, reason="样本弄混"), self.key)

    def approval(self, *envelopes: bytes) -> bytes:
        """An envelope that countersigns."""
        wanted = tuple(statements.read(one).statement.id for one in envelopes)
        return statements.sign(self._says(statements.Approval, statements=wanted), self.key)

    def finding(self, appeal: bytes, strikes: tuple[bytes, ...] = (), upholds: tuple[bytes, ...] = ()) -> bytes:
        """An envelope that answers an appeal (the id of its leaf)."""
        about = {"appeal": appeal, "strikes": strikes, "upholds": upholds, "reason": "样本标签与本人不符"}
        return statements.sign(self._says(statements.Finding, **about), self.key)

    def _says(self, form: Any, **about: Any) -> Any:
        return form(
            genesis=bytes(self.genesis.leaf_hash), id=ids.new_id().bytes, made=moment(clock.now()),
            source=self.row.slug, key=self.key.public.key_id, **about,
        )  # fmt: skip


_ABOUT = {"made", "seen", "until", "identity", "id", "key", "source", "genesis", "status", "signs_with", "basis"}


@dataclass
class Keeper:
    """A rule-keeper and the key in their browser."""

    post: Post
    key: SigningKey

    def signs(self, proposal: Any) -> Any:
        """Sign a proposal as the browser does."""
        return authorities.sign(self.post, proposal, self.key.sign(statements.DOMAIN + bytes(proposal.content)))


@pytest.fixture
def keepers(district: Area, post: Callable[..., Post]) -> list[Keeper]:
    """Two rule-keepers with enrolled keys."""
    both = [Keeper(post("rule-keeper", district, f"规则{name}"), SigningKey.generate()) for name in "甲乙"]
    for one in both:
        authorities.enrol(one.post, one.key.public.raw)
    return both


@pytest.fixture
def genesis(keepers: list[Keeper]) -> Genesis:
    """The epidemic's activation."""
    return authorities.begin("epidemic")


@pytest.fixture
def ratified(keepers: list[Keeper]) -> Callable[[Any], Any]:
    """`ratified(proposal)`: both keepers sign."""

    def sign(proposal: Any) -> Any:
        for one in keepers:
            proposal = one.signs(proposal)
        return proposal

    return sign


@pytest.fixture
def rules(genesis: Genesis, keepers: list[Keeper], ratified: Any, template_pack: Pack) -> Any:
    """The template's rules, in force."""
    text = authorities.rules_of_pack(template_pack, "person")
    return ratified(authorities.propose_rules(keepers[0].post, "person", text, clock.now()))


@pytest.fixture
def accredit(genesis: Genesis, keepers: list[Keeper], ratified: Any, district: Area, post: Any) -> Any:
    """`accredit(slug, kinds)`: a source of an organisation of its own, with an officer and an accredited key."""

    def make(slug: str, kinds: tuple[str, ...], name: str = "云汀医院") -> PaperSource:
        organisation = Organisation.objects.create(name=name, area=district, kind=Organisation.Kind.AGENCY)
        row = Source.objects.create(slug=slug, name=name, name_en=slug, organisation=organisation)
        key = SigningKey.generate()
        wanted = authorities.Wanted(row, key.public.raw, kinds, clock.now(), clock.now() + YEAR)
        ratified(authorities.propose_accreditation(keepers[0].post, wanted))
        return PaperSource(row, key, genesis, post("source-officer", organisation))

    return make


KINDS = ("test", "symptoms", "contact", "approval", "finding")


@pytest.fixture
def hospital(rules: Any, accredit: Any) -> PaperSource:
    """A hospital that may sign everything."""
    source: PaperSource = accredit("hospital", KINDS, "云汀医院")
    return source


@pytest.fixture
def centre(rules: Any, accredit: Any) -> PaperSource:
    """A disease-control centre that may sign everything."""
    source: PaperSource = accredit("cdc", KINDS, "云汀疾控中心")
    return source


@pytest.fixture
def person(district: Area) -> Person:
    """Somebody on file."""
    (found,) = register.file_people(
        None, [register.Claim("王试", "370299199001011236", "13800000001")], district, Person.Assurance.PHONE_PROVED
    )
    Person.objects.filter(pk=found.pk).update(assurance=Person.Assurance.DOCUMENT_SEEN)
    found.refresh_from_db()
    return found


@pytest.fixture
def subject(person: Person, genesis: Genesis) -> Subject:
    """Who that is in statements."""
    return subjects.subject_drawn(person)


def replayed(genesis: Genesis) -> Any:
    """What an outside witness finds in the log, with every opening."""
    advancing.advance()
    key = OpeningKey.of(genesis.emergency)
    openings = {one.leaf: key.open(one.leaf, bytes(one.sealed)) for one in Opening.objects.all()}
    texts = {bytes(one.digest): bytes(one.data) for one in PublicObject.objects.all()}
    replay = Replay(bytes(genesis.leaf_hash), texts.get)
    for leaf in Leaf.objects.order_by("index"):
        opened = openings.get(leaf.leaf)
        opening = leaves.Opening(opened.salt, opened.secret) if opened else None
        replay.take(Logged(leaf.index, bytes(leaf.data), opening))
    return replay.report(moment(clock.now()))


def state(outcomes: list[evidence.Outcome]) -> list[str]:
    """What became of each envelope: its state, and the code of a refusal."""
    return [f"{one.state}:{one.refused.code}" if one.refused else one.state for one in outcomes]


@pytest.fixture
def people_of(district: Area, genesis: Genesis) -> Callable[[int], list[Subject]]:
    """`people_of(n)`: so many subjects, each with a number of their own."""

    def make(count: int) -> list[Subject]:
        claims = [register.Claim(f"试{chr(0x4E00 + n)}", number_of(n), None) for n in range(count)]
        people = register.file_people(None, claims, district, Person.Assurance.PHONE_PROVED)
        Person.objects.filter(pk__in=[one.pk for one in people]).update(assurance=Person.Assurance.DOCUMENT_SEEN)
        return [subjects.subject_drawn(one) for one in people]

    return make


def number_of(n: int) -> str:
    """A made-up number with its check character, of no district there is."""
    weights, checks = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    digits = f"37029919800101{n:03}"
    return digits + checks[sum(int(c) * w for c, w in zip(digits, weights, strict=True)) % 11]
