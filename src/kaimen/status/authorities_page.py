"""What the rule-keepers' pages show: authorities, sources and their keys, proposals and exactly what each says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours import definitions, statements
from kaimen.colours.definitions import StatusDefinition
from kaimen.colours.trust import APPROVAL, FINDING
from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.register.models import Post
from kaimen.status import rules_difference, rules_pages
from kaimen.status.authorities import organisation_slug
from kaimen.status.desk_keys import grouped
from kaimen.status.desk_signing import Item, Row, Signing, values_of
from kaimen.status.models import Accreditation, Authority, Genesis, Proposal, RulesVersion, Source
from kaimen.status.rules_pages import Status
from kaimen.status.trusted import THRESHOLD

TEXT = "rules-text"  # id of the element that shows the text being signed


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in a list."""

    row: Proposal
    words: str
    signed: int
    mine: bool  # whether the reader has signed

    @property
    def missing(self) -> int:
        """Signatures still wanted."""
        return max(THRESHOLD - self.signed, 0)


def kinds() -> list[tuple[str, str]]:
    """All a key may be accredited for: evidence of the pack's statuses, countersigning, answering appeals."""
    language = get_language() or ""
    found = {
        slug: f"{one.title.to(language)} — {definition.title.to(language)}"
        for definition in packs_in_force.pack().all(StatusDefinition)
        for slug, one in definition.evidence.items()
    }
    return [
        *found.items(),
        (APPROVAL, _("Countersign large batches of other organisations")),
        (FINDING, _("Answer appeals")),
    ]


def lines(by: Post, genesis: Genesis) -> list[ProposalLine]:
    """The proposals of an activation, newest first."""
    rows = Proposal.objects.filter(genesis=genesis).prefetch_related("signatures__authority")
    return [line_of(by, row) for row in rows]


def line_of(by: Post, row: Proposal) -> ProposalLine:
    """One proposal in a line."""
    signed = list(row.signatures.all())
    return ProposalLine(row, in_words(row), len(signed), any(one.authority.post_id == by.pk for one in signed))


def in_words(row: Proposal) -> str:
    """What a proposal is about, in a line."""
    said, language = statements.read_content(bytes(row.content)), get_language() or ""
    if isinstance(said, statements.Accreditation):
        return f"{_sources().get(said.source, said.source)} · {grouped(said.public_key.hex())}"
    if isinstance(said, statements.AccreditationEnd):
        return _accreditation_words(said.accreditation, language)
    assert isinstance(said, statements.Publication)
    return f"{_titles().get(said.status, said.status)} · {said.digest.hex()[:8]}"


def _accreditation_words(accreditation: bytes, language: str) -> str:
    row = Accreditation.objects.select_related("source").filter(pk=UUID(bytes=accreditation)).first()
    if row is None:
        return accreditation.hex()
    return f"{row.source.title(language)} · {grouped(bytes(row.public_key).hex())}"


def _sources() -> dict[str, str]:
    language = get_language() or ""
    return {one.slug: one.title(language) for one in Source.objects.all()}


def _titles() -> dict[str, str]:
    language = get_language() or ""
    return {one.slug: one.title.to(language) for one in packs_in_force.pack().all(StatusDefinition)}


def signing_of(by: Post, row: Proposal) -> Signing | None:
    """What this authority is asked to sign; None for whoever is none of the activation's, or has signed."""
    authority = row.genesis.authorities.filter(post=by).first()
    if authority is None or row.leaf is not None or row.signatures.filter(authority=authority).exists():
        return None
    said = statements.read_content(bytes(row.content))
    item = Item(values_of(said), _rows(said), content=bytes(row.content), text=TEXT if row.text else "")
    return Signing(by, [{"public": bytes(authority.public_key).hex(), "source": ""}], [item], only="signature")


def _rows(said: statements.Statement) -> Sequence[Row]:
    made = Row("made", _("Proposed"), as_="moment")
    if isinstance(said, statements.Accreditation):
        return [
            Row("source", _("Source"), _sources()),
            Row("organisation", _("Organisation"), _organisations()),
            Row("kinds", _("What it may sign"), dict(kinds())),
            Row("public_key", _("Key, whole")),
            Row("since", _("From"), as_="moment"),
            Row("until", _("Until"), as_="moment"),
            made,
        ]
    if isinstance(said, statements.AccreditationEnd):
        words = {said.accreditation.hex(): _accreditation_words(said.accreditation, get_language() or "")}
        since = Row("since", _("Counts no more from"), as_="moment")
        return [Row("accreditation", _("Accreditation that ends"), words), since, made]
    return [
        Row("status", _("Rules of"), _titles()),
        Row("since", _("Hold from"), as_="moment"),
        Row("digest", _("SHA-256 of the text below")),
        made,
    ]


def _organisations() -> Mapping[str, str]:
    held = Source.objects.select_related("organisation")
    return {organisation_slug(one.organisation): str(one.organisation) for one in held}


def text_of(row: Proposal) -> dict[str, Any]:
    """For rules: the text, and how it differs from the one in force when there is one."""
    said = statements.read_content(bytes(row.content))
    if not isinstance(said, statements.Publication):
        return {}
    text, held = bytes(row.text), text_in_force(row.genesis, said.status)
    about = {"text": text.decode(), "text_id": TEXT, "status": said.status}
    return about | compared(said.status, held, text)


def compared(status: str, held: bytes | None, text: bytes) -> dict[str, Any]:
    """The difference between two texts of rules, in meaning and in the text; nothing where there was none before."""
    if held is None or held == text:
        return {"same": held == text}
    before, after = (definitions.read_text(f"status/{status}.yaml", one) for one in (held, text))
    return {
        "meaning": rules_difference.differences(before, after, get_language() or ""),
        "difference": rules_difference.lines(held.decode(), text.decode()),
    }


def text_in_force(genesis: Genesis, status: str) -> bytes | None:
    """The text of the rules in force now."""
    now = clock.now()
    held = RulesVersion.objects.filter(proposal__genesis=genesis, status=status, effective__lte=now).first()
    return bytes(held.text) if held else None


def rules_held(genesis: Genesis) -> list[Status]:
    """Every status whose rules authorities may publish, with the versions of this activation."""
    return [
        Status(one.slug, [row for row in one.versions if row.row.proposal.genesis_id == genesis.pk], one.pack)
        for one in rules_pages.statuses()
    ]


def first_text(genesis: Genesis, status: str, asked: Mapping[str, str]) -> bytes:
    """The text to begin with: that of an earlier version or of a proposal (`asked`), the one in force, or the pack's.

    Raises LookupError for a version or proposal there is none of.
    """
    number, proposal = asked.get("version", ""), asked.get("proposal", "")
    held = text_in_force(genesis, status)
    if number.isdecimal():
        row = RulesVersion.objects.filter(status=status, number=int(number[:9])).first()
        return _there(bytes(row.text) if row else b"")
    if proposal:
        return _there(_proposed_text(genesis, status, proposal))
    if held is not None and asked.get("from") != "pack":
        return held
    try:
        return definitions.definition_in(packs_in_force.pack(), status).text
    except LookupError:
        return b""


def _proposed_text(genesis: Genesis, status: str, proposal: str) -> bytes:
    rows = Proposal.objects.filter(genesis=genesis, kind=Proposal.Kind.RULES)
    for row in rows.filter(pk=proposal) if _is_id(proposal) else ():
        said = statements.read_content(bytes(row.content))
        if isinstance(said, statements.Publication) and said.status == status:
            return bytes(row.text)
    return b""


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _there(text: bytes) -> bytes:
    if not text:
        raise LookupError("no such text of rules")
    return text


def authorities() -> list[Authority]:
    """Everybody who enrolled a key, in order."""
    return list(Authority.objects.select_related("post__person").order_by("made_at", "id"))
