"""Evidence about many: read from a spreadsheet, counted before it is signed; what waits for another organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours import bulk, statements
from kaimen.colours.moments import local_day, moment
from kaimen.colours.terms import EvidenceKind, StatusDefinition
from kaimen.colours.trust import APPROVAL, values_of
from kaimen.kit import clock
from kaimen.register.models import Post
from kaimen.rules.tree import Type
from kaimen.status import evidence_page, judged, subjects
from kaimen.status.desk_signing import Item, Row, Signing, by_source, keys_for, sources_in
from kaimen.status.evidence_forms import MOMENT, PREFIX, PersonForm
from kaimen.status.models import Batch, Evidence, Genesis, Withdrawal
from kaimen.status.refusals import Refused
from kaimen.ui.spreadsheets import Row as SheetRow
from kaimen.ui.spreadsheets import Workbook

MOST = 200  # rows: as many people as one officer may look up in an hour
_HEADINGS = {
    "name": ("姓名", "name"),
    "number": ("身份证号", "身份证号码", "证件号码", "id number", "number"),
    "phone": ("手机号", "手机号码", "手机", "电话", "phone"),
}
_YES, _NO = ("是", "yes", "true", "y"), ("否", "no", "false", "n")


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be signed, and why."""

    row: int
    words: str


@dataclass(frozen=True)
class Brought:
    """What a file holds: statements to sign, rows to put right, and how many would wait."""

    items: tuple[Item, ...]
    wrong: tuple[Wrong, ...]
    adverse: int
    waits: int  # of the adverse ones, beyond the number of the rules


def read(by: Post, genesis: Genesis, rules: StatusDefinition, kind: EvidenceKind, workbook: Workbook) -> Brought:
    """Every row as a statement to sign, or with what is wrong. Raises Refused where no heading is found."""
    rows = [row for sheet in workbook.sheets[:1] for row in sheet.rows]
    start, columns = _heading(rows, kind)
    body = [row for row in rows[start + 1 :] if any(cell.text.strip() for cell in row.cells)]
    if len(body) > MOST:
        remedy = _("Split it: %d rows at most in a file.") % MOST
        raise Refused("too-many", _("The list has %d rows.") % len(body), remedy)
    items: list[Item] = []
    wrong, adverse, rows_of = [], 0, dict[str, int]()
    for row in body:
        number = row.cells[0].row
        form = PersonForm(_data(row, columns, kind), kind=kind)
        try:
            item = _item(by, genesis, rules, form)
            _once(rows_of, item, number)
        except Refused as error:
            wrong.append(Wrong(number, f"{error.message} {error.remedy}"))
            continue
        items.append(item)
        adverse += is_adverse(rules, kind, item.says)
    return Brought(tuple(items), tuple(wrong), adverse, waiting_of(by, genesis, rules, adverse))


def _heading(rows: Sequence[SheetRow], kind: EvidenceKind) -> tuple[int, Mapping[int, str]]:
    """The row of headings, and which column holds what."""
    known = {word: name for name, words in _HEADINGS.items() for word in words}
    for name, one in kind.fields.items():
        words = (name, one.title.to("zh-hans"), one.title.to("en"))
        known |= {word.lower(): PREFIX + name for word in words}
    for at, row in enumerate(rows[:20]):
        columns = {cell.column: known[word] for cell in row.cells if (word := _bare(cell.text)) in known}
        if {"name", "number"} <= set(columns.values()) and set(columns.values()) - _HEADINGS.keys():
            return at, columns
    titles = "、".join(one.title.to(get_language() or "") for one in kind.fields.values())
    message = _("No row of headings was found.")
    remedy = _("The list needs columns for name, ID number and: %s. Download the blank sheet.") % titles
    raise Refused("headings", message, remedy)


def _bare(text: str) -> str:
    return "".join(text.lower().split()) if not text.isascii() else " ".join(text.lower().split())


def _data(row: SheetRow, columns: Mapping[int, str], kind: EvidenceKind) -> dict[str, str]:
    """One row as its form wants it."""
    data = {"seen": localtime(clock.now()).strftime(MOMENT)}
    for cell in row.cells:
        name = columns.get(cell.column)
        if name:
            data[name] = _value(cell.text.strip(), name, kind)
    return data


def _value(text: str, name: str, kind: EvidenceKind) -> str:
    """A code by its title, yes and no in words."""
    one = kind.fields.get(name.removeprefix(PREFIX))
    if one is None:
        return text
    if one.type is Type.BOOLEAN:
        return "yes" if text.lower() in _YES else "no" if text.lower() in _NO else text
    titles = {word.lower(): code for code, title in one.codes.items() for word in (title.to("zh-hans"), title.to("en"))}
    return titles.get(text.lower(), text)


def _item(by: Post, genesis: Genesis, rules: StatusDefinition, form: PersonForm) -> Item:
    """One row as a statement. Raises Refused."""
    if not form.is_valid():
        said = [str(one) for errors in form.errors.values() for one in errors]
        raise Refused("form", " ".join(said), "")
    return evidence_page.item_of(by, genesis, rules, form, subjects.find(by, *form.named()))


def _once(rows_of: dict[str, int], item: Item, row: int) -> None:
    """A person stands in a list once; which of two rows is right is for the officer. Raises Refused."""
    assert item.identity is not None, "evidence about a person says whom it is about"
    before = rows_of.setdefault(item.identity.word, row)
    if before != row:
        message = _("The same person stands in row %d, which is kept.") % before
        raise Refused("twice", message, _("Leave the row that is right."))


def is_adverse(rules: StatusDefinition, kind: EvidenceKind, says: Mapping[str, Any]) -> bool:
    """Whether a statement may turn its person's colour for the worse."""
    values = values_of(says["says"], kind.slug, rules)
    judge = judged.judge_of(rules.slug, rules.digest)
    return values is not None and judge.adverse(kind.slug, values, moment(clock.now()), says["until"])


def waiting_of(by: Post, genesis: Genesis, rules: StatusDefinition, adverse: int) -> int:
    """How many of so many adverse acts more would wait for another organisation today."""
    day = local_day(moment(clock.now()), rules.zone)
    before = Batch.objects.filter(genesis=genesis, organisation=by.organisation, day__lte=day)
    counted: dict[date, int] = dict(before.values_list("day", "acts"))
    waits = 0
    for _act in range(adverse):
        waits += bulk.beyond(rules.bulk, counted, day)
        counted[day] = counted.get(day, 0) + 1
    return waits


@dataclass(frozen=True)
class WaitingBatch:
    """What one source sent on one day and waits: how many of which kind, nothing about anybody."""

    batch: Batch
    kind: str
    source: str
    withdrawals: bool
    ids: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """How an address names it."""
        return f"{self.batch.pk.hex}-{self.kind}-{'back' if self.withdrawals else 'new'}"


def waiting(by: Post, rules: StatusDefinition) -> list[WaitingBatch]:
    """What waits for a countersignature this officer may give, by batch and kind."""
    language = get_language() or ""
    evidence, back = evidence_page.waiting_for(by)
    found: dict[tuple[Any, str, str, bool], list[Evidence | Withdrawal]] = {}
    rows: list[Evidence | Withdrawal] = [*evidence, *back]
    for row in rows:
        taken_back = isinstance(row, Withdrawal)
        kind = row.evidence.kind if isinstance(row, Withdrawal) else row.kind
        key = (row.batch, kind, row.accreditation.source.title(language), taken_back)
        found.setdefault(key, []).append(row)
    return [
        WaitingBatch(batch, kind, source, taken_back, tuple(row.pk.bytes for row in rows))
        for (batch, kind, source, taken_back), rows in found.items()
    ]


def kind_title(rules: StatusDefinition, kind: str) -> str:
    """What a kind is called."""
    known = rules.evidence.get(kind)
    return known.title.to(get_language() or "") if known else kind


def approval_of(by: Post, genesis: Genesis, rules: StatusDefinition, one: WaitingBatch) -> Signing:
    """A countersignature, ready to be signed."""
    says = by_source(genesis, statements.Approval, statements=list(one.ids[:2000]))
    what = f"{one.source} · {kind_title(rules, one.kind)} · {one.batch.day:%Y-%m-%d}"
    rows = [Row("statements", what, as_="count"), Row("source", _("Countersigned for"), sources_in(by))]
    return Signing(by, keys_for(by, APPROVAL), [Item(says, rows)])
