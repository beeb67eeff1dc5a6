"""What the pages about staff lists show: counts, one tab of rows at a time, cells with what is wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from kaimen.register import staff_queries
from kaimen.register.definitions import StaffColumn, StaffColumns
from kaimen.register.identifiers import national_id
from kaimen.register.models import Place
from kaimen.register.staff_check import Checked, Staff
from kaimen.register.staff_draft import Draft
from kaimen.register.staff_models import StaffList, StaffListTaken
from kaimen.register.staff_plan import Change, Known, Plan, plan
from kaimen.ui.spreadsheets import Column, Marked, address, xlsx_bytes

PER_PAGE = 50
_SOME = 4  # headings named as examples
TABS = {
    "wrong": _("To correct"),
    "doubtful": _("Worth a look"),
    "new": _("New"),
    "changed": _("Changed"),
    "unchanged": _("As before"),
    "missing": _("Not in this file"),
}


@dataclass(frozen=True)
class Tab:
    """One sort of rows and how many there are."""

    slug: str
    title: str
    count: int


@dataclass(frozen=True)
class Wrong:
    """One mistake as the page shows it."""

    row: int
    name: str
    address: str
    heading: str
    entered: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Difference:
    """One column of one person that the list changes."""

    title: str
    before: str
    after: str


class Preview:
    """A list that waits for the clerk's word."""

    def __init__(self, brought: StaffList) -> None:
        self.brought = brought
        self.draft: Draft = staff_queries.draft(brought)
        self.plan: Plan = plan(brought.organisation, self.draft.good)
        self.answer = staff_queries.fingerprint(self.plan)
        self.columns = staff_queries.columns()
        self._rows: dict[str, Sequence[Any]] = {
            "wrong": self.draft.wrong,
            "doubtful": [(number, staff) for number, staff in self.draft.good if number in self.draft.doubtful],
            "new": self.plan.new,
            "changed": self.plan.changed,
            "unchanged": self.plan.unchanged,
            "missing": self.plan.missing,
        }

    @property
    def to_take(self) -> int:
        """How many people the button takes."""
        return len(self.plan.new) + len(self.plan.changed)

    @property
    def button(self) -> str:
        """What the button does, in numbers: 录入 1,998 人，2 行待改."""
        n, wrong = self.to_take, len(self.draft.wrong)
        words = ngettext("Take %(n)s person", "Take %(n)s people", n) % {"n": f"{n:,}"}
        if not wrong:
            return words
        left = ngettext("%(wrong)s row to correct", "%(wrong)s rows to correct", wrong) % {"wrong": f"{wrong:,}"}
        return gettext("%(take)s, %(left)s") % {"take": words, "left": left}

    @property
    def nothing_new(self) -> str:
        """That the file says what is known already."""
        n = len(self.plan.unchanged)
        words = ngettext(
            "Nothing changes: %(n)s person of this file is on your list as it stands here.",
            "Nothing changes: all %(n)s people of this file are on your list as they stand here.",
            n,
        )
        return words % {"n": f"{n:,}"}

    @property
    def tabs(self) -> list[Tab]:
        """Every sort of rows there is one of."""
        return [Tab(slug, str(TABS[slug]), len(rows)) for slug, rows in self._rows.items() if rows]

    def tab(self, wanted: str) -> str:
        """The tab asked for, else the first there is: mistakes before the rest."""
        slugs = [tab.slug for tab in self.tabs]
        return wanted if wanted in slugs else next(iter(slugs), "unchanged")

    def page(self, tab: str, number: str) -> Page[Any]:
        """One page of a tab's rows, as the template shows them."""
        page = Paginator(self._rows[tab], PER_PAGE).get_page(number)
        rows = list(page.object_list)
        match tab:
            case "wrong":
                page.object_list = list(wrong_cells(rows, self.draft.headings))
            case "doubtful":
                page.object_list = list(_doubtful(rows, self.draft.headings))
            case "changed":
                page.object_list = list(self._changed(rows))
            case _:
                page.object_list = list(_plain(rows))
        return page

    def _changed(self, rows: Sequence[Change]) -> Iterator[dict[str, Any]]:
        places = dict(Place.objects.filter(pk__in=_places(rows)).values_list("pk", "name"))
        for change in rows:
            yield {
                "row": change.number,
                "staff": change.staff,
                "id_tail": _tail(change.staff.national_id),
                "differences": [
                    _difference(column, getattr(change.known, column), value, self.columns, places)
                    for column, value in change.columns.items()
                ],
            }


def _plain(rows: Sequence[tuple[int, Staff] | Known]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if isinstance(row, Known):
            yield {"row": None, "staff": row, "id_tail": row.id_tail, "phone_tail": row.phone_tail}
        else:
            number, staff = row
            tails = {"id_tail": _tail(staff.national_id), "phone_tail": _tail(staff.phone)}
            yield {"row": number, "staff": staff} | tails


def headline(taken: StaffListTaken) -> str:
    """What taking a list did, in a line."""
    words = ngettext("%(new)s person was taken", "%(new)s people were taken", taken.new) % {"new": f"{taken.new:,}"}
    if not taken.changed:
        return words
    changed = ngettext("%(n)s was changed", "%(n)s were changed", taken.changed) % {"n": f"{taken.changed:,}"}
    return gettext("%(taken)s, %(changed)s") % {"taken": words, "changed": changed}


def column_words(columns: StaffColumns) -> list[dict[str, Any]]:
    """The columns a list may have, in the reader's language."""
    language = get_language() or "zh-hans"
    return [
        {
            "title": column.title.to(language),
            "why": column.why.to(language),
            "required": column.required,
            "headings": _other_headings(column, language),
        }
        for column in columns.columns
    ]


def _other_headings(column: StaffColumn, language: str) -> str:
    """A few headings that will do as well, in the reader's language."""
    english = language.startswith("en")
    others = [heading for heading in column.headings if heading.isascii() == english][1 : _SOME + 1]
    return (", " if english else "、").join(others)


def wrong_cells(rows: Sequence[Checked], headings: dict[str, tuple[int, str]]) -> Iterator[Wrong]:
    """Each mistake of `rows`, with what the clerk typed."""
    for row in rows:
        name = row.line.cells["name"].text.strip()
        for mistake in row.mistakes:
            cell = row.line.cells[mistake.column]
            heading = headings[mistake.column][1]
            yield Wrong(
                row.number, name, mistake.address, heading, cell.text, str(mistake.message), str(mistake.remedy)
            )


def _doubtful(rows: Sequence[tuple[int, Staff]], headings: dict[str, tuple[int, str]]) -> Iterator[Wrong]:
    """Good rows with an ID number that would be unusual, and why."""
    column, heading = headings["national_id"]
    for number, staff in rows:
        for doubt in national_id(staff.national_id or "").warnings:
            place = address(number, column)
            yield Wrong(number, staff.name, place, heading, staff.national_id or "", str(doubt), "")


def marked_file(draft: Draft) -> bytes:
    """The wrong rows as a spreadsheet: each wrong cell red with a note, and what to do in the last column."""
    slugs = sorted(draft.headings, key=lambda slug: draft.headings[slug][0])
    columns = [Column(draft.headings[slug][1], _width(slug)) for slug in slugs]
    rows = [
        [*(_marked(row, slug) for slug in slugs), str(row.number), " ".join(map(_said, row.mistakes))]
        for row in draft.wrong
    ]
    extra = [Column(gettext("Row in your file"), 12), Column(gettext("What to correct"), 80)]
    return xlsx_bytes([*columns, *extra], rows, sheet=gettext("To correct"))


def sample_file(columns: StaffColumns) -> bytes:
    """A blank staff list: headings only, each with who needs it and an example in its note."""
    language = get_language() or "zh-hans"
    headed = []
    for column in columns.columns:
        note = column.why.to(language)
        if column.example:
            note += "\n" + pgettext("in a note on a heading", "For example: %s") % column.example
        headed.append(Column(column.title.to(language), _width(column.slug), note))
    return xlsx_bytes(headed, [], sheet=gettext("Staff"))


def _said(mistake: Any) -> str:
    return f"{mistake.address}: {mistake.message} {mistake.remedy}"


def _marked(row: Checked, slug: str) -> str | Marked:
    mistake, text = row.mistake(slug), row.line.cells[slug].text
    return Marked(text, f"{mistake.message}\n{mistake.remedy}") if mistake else text


def _width(slug: str) -> int:
    return {"name": 12, "national_id": 22, "phone": 16, "floor": 8}.get(slug, 14)


def _tail(number: str | None) -> str:
    return (number or "")[-4:]


def _places(changes: Sequence[Change]) -> set[Any]:
    places = {change.columns.get("place") for change in changes} | {change.known.place for change in changes}
    return places - {None}


_TITLES = {"id_tail": "national_id", "phone_tail": "phone", "place": "building"}


def _difference(column: str, before: Any, after: Any, columns: StaffColumns, places: dict[Any, str]) -> Difference:
    if column == "left_on":
        return Difference(gettext("Back again"), gettext("left on %s") % before, "")
    slug = _TITLES.get(column, column)
    title = columns.column(slug).title.to(get_language() or "zh-hans")
    if column == "place":
        before, after = places.get(before, ""), places.get(after, "")
    return Difference(title, _text(before), _text(after))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
