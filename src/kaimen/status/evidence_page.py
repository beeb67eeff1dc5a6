"""What the source's pages show: what may be signed, what was signed, what waits, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.colours.terms import EvidenceKind, StatusDefinition
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status import evidence_read, source_keys, subjects
from kaimen.status.desk_signing import PERSON_DOMAIN, Identity, Item, Row, by_source, field_rows, sources_in
from kaimen.status.evidence_forms import PersonForm
from kaimen.status.models import Decision, Evidence, Genesis, Withdrawal


@dataclass(frozen=True)
class Line:
    """One piece of evidence this source signed: no name, no content."""

    row: Evidence
    kind: str
    state: evidence_read.State


def kinds_of(by: Post, rules: StatusDefinition) -> list[EvidenceKind]:
    """The kinds of evidence the officer's keys are accredited for."""
    held = {kind for key in source_keys.of_post(by) for one in source_keys.accreditations_of(key) for kind in one.kinds}
    return [one for slug, one in rules.evidence.items() if slug in held]


def may_sign(by: Post, kind: str) -> bool:
    """Whether some key of the officer is accredited for a kind."""
    keys = source_keys.of_post(by)
    return any(kind in one.kinds for key in keys for one in source_keys.accreditations_of(key))


def signed_by(by: Post) -> QuerySet[Evidence]:
    """What the officer's sources signed, newest first. The rows say no name."""
    rows = access.visible(by, Evidence).select_related("accreditation__source", "accreditation__ended", "withdrawal")
    became = ("approvals", "withdrawal__approvals", "struck_by", "appeals__finding")
    return rows.prefetch_related(*became).order_by("-made_at", "-id")


def lines(rows: Sequence[Evidence], rules: StatusDefinition) -> list[Line]:
    """The rows in words."""
    language = get_language() or ""
    return [Line(row, _title(rules, row.kind, language), evidence_read.state_of(row)) for row in rows]


def _title(rules: StatusDefinition, kind: str, language: str) -> str:
    known = rules.evidence.get(kind)
    return known.title.to(language) if known else kind


def item_of(by: Post, genesis: Genesis, rules: StatusDefinition, form: PersonForm, found: subjects.Found) -> Item:
    """Evidence about the person found, ready to be signed."""
    kind, language = form.kind, get_language() or ""
    seen = form.cleaned_data["seen"]
    says = by_source(
        genesis, statements.Evidence, status=rules.slug, subject=found.subject.bytes, of=kind.slug,
        says=dict(form.says()), seen=moment(seen), until=moment(seen + timedelta(milliseconds=kind.lasts)),
        basis=kind.basis, identity=b"",
    )  # fmt: skip
    number = form.cleaned_data["number"]  # as it was hashed, however it was typed
    rows = [
        Row("identity", _("ID number"), {number: f"{number} {found.name}"}),
        *evidence_rows(kind, language),
        Row("source", _("Source"), sources_in(by)),
    ]
    return Item(says, [row for row in rows if _is_said(row, says)], Identity(PERSON_DOMAIN, found.salt, number))


def evidence_rows(kind: EvidenceKind, language: str) -> list[Row]:
    """What every piece of evidence shows: its kind and fields, from when to when, the law."""
    return [
        Row("of", _("Kind of evidence"), {kind.slug: kind.title.to(language)}),
        *field_rows(kind, language),
        Row("seen", _("Seen"), as_="moment"),
        Row("until", _("Counts until, at the latest"), as_="moment"),
        Row("basis", _("Legal basis")),
    ]


def _is_said(row: Row, says: dict[str, Any]) -> bool:
    """Fields nobody filled in are no part of the statement."""
    return not row.at.startswith("says.") or row.at.removeprefix("says.") in says["says"]


def withdrawal_of(by: Post, genesis: Genesis, evidence: Evidence, title: str, reason: str) -> Item:
    """Evidence taken back, ready to be signed."""
    says = by_source(genesis, statements.Withdrawal, evidence=evidence.pk.bytes, reason=reason)
    what = _("%(kind)s, signed on %(day)s") % {"kind": title, "day": f"{evidence.made_at:%Y-%m-%d}"}
    rows = [
        Row("evidence", _("Taken back"), {evidence.pk.hex: what}),
        Row("reason", _("Reason")),
        Row("source", _("Source"), sources_in(by)),
    ]
    return Item(says, rows)


def changed_by(evidence: Evidence, rules: StatusDefinition) -> Decision | None:
    """The change of colour this piece of evidence brought about, if any."""
    return Decision.objects.filter(because=evidence, made_at__gte=evidence.made_at).order_by("made_at").first()


def waiting_for(by: Post) -> tuple[list[Evidence], list[Withdrawal]]:
    """What waits for a countersignature of another organisation, and may get this officer's."""
    genesis_rows = {"batch__genesis__ended": None, "waits": True, "approvals": None}
    mine = by.organisation_id
    rows = Evidence.objects.filter(**genesis_rows, withdrawal=None, until__gt=clock.now())
    rows = rows.exclude(batch__organisation=mine)
    back = Withdrawal.objects.filter(**genesis_rows).exclude(batch__organisation=mine)
    about = ("accreditation__source", "batch__organisation")
    return list(rows.select_related(*about).order_by("made_at")), list(back.select_related(*about).order_by("made_at"))
