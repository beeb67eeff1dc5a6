"""Published rules as everybody reads them: each version with its text, who signed it, from when it held.

What a page says of a version is read from its text and checked against what was signed: a row written by hand shows
as what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import ngettext

from kaimen.colours import definitions, statements
from kaimen.colours.definitions import NotADefinition, StatusDefinition
from kaimen.colours.moments import moment
from kaimen.kit import clock
from kaimen.kit.keys import NotAKey, PublicKey
from kaimen.ledger.models import Leaf
from kaimen.packs import Words
from kaimen.register import packs_in_force
from kaimen.register.models import Post
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import Accreditation, RulesVersion
from kaimen.status.trusted import THRESHOLD

_DAY, _HOUR, _MINUTE = 86_400_000, 3_600_000, 60_000
_SHAPES = {"green": "go", "yellow": "care", "red": "stop", "blue": "info"}


@dataclass(frozen=True)
class Signed:
    """One authority's signature under a version, and whether it holds for the text shown."""

    post: Post
    key_id: str  # in hexadecimal
    signature: str  # in hexadecimal
    at: datetime
    holds: bool


@dataclass(frozen=True)
class Version:
    """One published version of a status's rules. `definition` is None where this program cannot read its text."""

    row: RulesVersion
    definition: StatusDefinition | None
    current: bool

    @property
    def to_come(self) -> bool:
        """Whether it has yet to take effect."""
        return self.row.effective > clock.now()

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return bytes(self.row.digest).hex()

    @property
    def text(self) -> str:
        """The text as it was published."""
        return bytes(self.row.text).decode("utf-8", "replace")

    @cached_property
    def signatures(self) -> list[Signed]:
        """Who signed its publication, in the order they signed."""
        return list(_signatures(self.row))

    @property
    def sound(self) -> bool:
        """Whether the text is the one that enough authorities signed."""
        return len({one.key_id for one in self.signatures if one.holds}) >= THRESHOLD

    @cached_property
    def leaf(self) -> int | None:
        """The entry of the log that publishes it; None while it waits to be taken in."""
        logged = self.row.proposal.leaf
        return Leaf.objects.filter(leaf=logged).values_list("index", flat=True).first() if logged else None


@dataclass(frozen=True)
class Status:
    """A status and every version of its rules, the one that takes effect last first. `pack` is the pack's own text."""

    slug: str
    versions: list[Version]
    pack: StatusDefinition | None

    @property
    def current(self) -> Version | None:
        """The version in force."""
        return next((one for one in self.versions if one.current), None)

    @property
    def coming(self) -> list[Version]:
        """Versions signed, but not yet in force."""
        return [one for one in self.versions if one.to_come]

    @property
    def definition(self) -> StatusDefinition | None:
        """What is in force, or else what the pack would have published; None where neither can be read."""
        return self.current.definition if self.current and self.current.definition else self.pack

    @property
    def title(self) -> Words:
        """Its name; its slug where no text can be read."""
        read = self.definition or next((one.definition for one in self.versions if one.definition), None)
        return read.title if read else Words(self.slug, self.slug)


def statuses() -> list[Status]:
    """Every status the pack names or somebody published, people's first."""
    named = {one.slug for one in _of_pack()} | set(RulesVersion.objects.values_list("status", flat=True))
    return [status(slug) for slug in sorted(named, key=lambda slug: (slug != PERSON, slug))]


def status(slug: str) -> Status:
    """A status with its versions. Raises LookupError where nobody named or published it."""
    rows = list(RulesVersion.objects.filter(status=slug).select_related("proposal__genesis"))
    pack = next((one for one in _of_pack() if one.slug == slug), None)
    if not rows and pack is None:
        raise LookupError(f"no rules of {slug!r} were published, and the pack has none")
    now, held = clock.now(), in_force()
    counts = [one for one in rows if one.effective <= now and one.proposal.genesis == held]
    current = counts[0] if counts else None
    return Status(slug, [Version(one, definition_of(one), one == current) for one in rows], pack)


def definition_of(row: RulesVersion) -> StatusDefinition | None:
    """What a version says, in colours, rules and evidence; None where this program cannot read it."""
    try:
        return definitions.read_text(f"status/{row.status}.yaml", bytes(row.text))
    except NotADefinition:
        return None


def _of_pack() -> list[StatusDefinition]:
    try:
        pack = packs_in_force.pack()
    except packs_in_force.NoPack:
        return []
    return [definitions.definition_in(pack, one.slug) for one in pack.all(StatusDefinition)]


def _signatures(row: RulesVersion) -> Iterator[Signed]:
    content = bytes(row.proposal.content)
    said = statements.read_content(content)
    same = isinstance(said, statements.Publication) and (
        (said.status, said.digest) == (row.status, definitions.digest_of(bytes(row.text)))
        and moment(row.effective) >= said.since
    )
    authorities = set(row.proposal.genesis.authorities.values_list("pk", flat=True))
    for one in row.proposal.signatures.select_related("authority__post__area").order_by("made_at", "id"):
        signature = bytes(one.signature)
        try:
            key = PublicKey.from_raw(bytes(one.authority.public_key))
        except NotAKey:
            continue
        holds = same and one.authority_id in authorities and key.verifies(signature, statements.DOMAIN + content)
        yield Signed(one.authority.post, key.key_id.hex(), signature.hex(), one.made_at, holds)


@dataclass(frozen=True)
class MaySign:
    """A source whose key may sign a kind of evidence now."""

    source: Words
    organisation: Words
    until: datetime


def who_may_sign() -> dict[str, list[MaySign]]:
    """Kind of evidence (and `approval`, `finding`) → the sources accredited for it now, by name."""
    now = clock.now()
    rows = Accreditation.objects.filter(
        proposal__genesis=in_force(), since__lte=now, until__gt=now, ended=None
    ).select_related("source__organisation")
    found: dict[str, dict[str, MaySign]] = {}
    for row in rows.order_by("source__name", "until"):
        source, of = row.source, row.source.organisation
        one = MaySign(_named(source.name, source.name_en), _named(of.name, of.name_en), row.until)
        for kind in row.kinds:
            found.setdefault(kind, {})[source.slug] = one
    return {kind: list(sources.values()) for kind, sources in found.items()}


def _named(name: str, name_en: str) -> Words:
    return Words(name, name_en or name)


def lasting(milliseconds: int) -> str:
    """How long something lasts, in the largest unit that says it whole."""
    if milliseconds % _DAY == 0:
        days = milliseconds // _DAY
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if milliseconds % _HOUR == 0:
        hours = milliseconds // _HOUR
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = milliseconds // _MINUTE
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def shape_of(colour: str) -> str:
    """The sign beside a colour."""
    return _SHAPES.get(colour, "none")
