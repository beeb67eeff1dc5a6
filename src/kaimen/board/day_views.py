"""Pages of frozen days: the list, one day's board drawn from its bytes alone, two days side by side, the bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kaimen.board import comparing, evening, freezing, queries, reasons, rollup, showing
from kaimen.board.access import SEE_HEALTH
from kaimen.board.chart import chart
from kaimen.board.drawn import draw
from kaimen.board.evening import quarter_of
from kaimen.board.models import Snapshot
from kaimen.board.picture import LateSource, Picture
from kaimen.colours.places import UNKNOWN
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Post

_DAYS_A_PAGE = 20


@dataclass(frozen=True)
class Frozen:
    """A frozen day as a page shows it."""

    snapshot: Snapshot
    picture: Picture
    board: showing.Board

    @property
    def sound(self) -> bool:
        """Whether the bytes are those that were signed."""
        return freezing.sound(self.snapshot)

    @property
    def minutes_late(self) -> int:
        """How long after the cut-off the picture was really made."""
        return int((self.picture.made - self.picture.due).total_seconds()) // 60

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return bytes(self.snapshot.digest).hex()

    @property
    def receipt(self) -> list[tuple[Any, Any]]:
        """What was recorded, as rows for the receipt."""
        rules = self.picture.rules
        return [
            (_("Day"), self.picture.day.isoformat()),
            (_("Entry in the log"), self.snapshot.leaf.hex[:12]),
            (_("Log at that time, entries"), self.picture.log_size),
            (_("Rules"), rules.digest.hex()[:12] if rules else "—"),
            (_("Pack"), self.picture.pack[:12]),
        ]


@lru_cache(maxsize=64)
def _read(pk: UUID, content: bytes) -> Picture:
    return Picture.from_bytes(content)


def frozen(snapshot: Snapshot, post: Post) -> Frozen:
    """What `post` may see of a frozen day: its buildings of that evening, and their counts."""
    picture = _read(snapshot.pk, bytes(snapshot.content))
    board = showing.board(
        picture.buildings, picture.areas, picture.rules, picture.quarters, at=picture.due, day=picture.day,
        cut_off=picture.due, only=_mine(picture, post),
    )  # fmt: skip
    return Frozen(snapshot, picture, board)


def _mine(picture: Picture, post: Post) -> set[str]:
    """The buildings of the picture within the scope of `post`: an area's are those it had that evening."""
    if post.area is None:
        return {plot.code for plot in queries.plots(post)}
    parents = {area.code: area.parent for area in picture.areas}
    mine = set()
    for building in picture.buildings:
        code = building.group
        while code and code != post.area.code:
            code = parents.get(code, "")
        if code:
            mine.add(building.code)
    return mine


def _on(day: str) -> Snapshot:
    """The picture of a day written as 2020-03-16. Raises Http404."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404(f"{day[:20]!r} is no day; write it as 2020-03-16") from error
    found = Snapshot.objects.filter(day=wanted).first()
    if found is None:
        raise Http404(f"the picture of {wanted} was never frozen")
    return found


@require_safe
@post_required("board.see")
def days(request: PostRequest) -> HttpResponse:
    """Every frozen day, the newest first."""
    page = Paginator(Snapshot.objects.all(), _DAYS_A_PAGE).get_page(request.GET.get("page"))
    rows = [frozen(snapshot, request.post_held) for snapshot in page.object_list]
    evening_now = evening.of(clock.now())
    return render(request, "board/days.html", {"page": page, "rows": rows, "evening": evening_now})


@require_safe
@post_required("board.see")
def day(request: PostRequest, day: str) -> HttpResponse:
    """The board of one evening, drawn from its bytes alone."""
    shown = frozen(_on(day), request.post_held)
    may = access.granted(request.post_held)
    whole = len(shown.board.buildings) == len(shown.picture.buildings)
    context: dict[str, Any] = {
        "frozen": shown,
        "board": shown.board,
        "map": draw(shown.board, shown.picture.under, view="colour", linked=False),
        "view": "colour",
        "groups": shown.board.trouble_first,
        "chart": chart(shown.board.quarters, max(0, quarter_of(shown.picture.due) - 1)) if whole else None,
        "rows": _trouble(shown, may),
        "late": [_late(source, shown.picture.due) for source in shown.picture.late],
        "whole": whole and SEE_HEALTH in may,
        "before": Snapshot.objects.filter(day__lt=shown.picture.day).order_by("-day").first(),
        "after": Snapshot.objects.filter(day__gt=shown.picture.day).order_by("day").first(),
    }
    return render(request, "board/day.html", context)


def _trouble(shown: Frozen, may: frozenset[str]) -> list[dict[str, Any]]:
    """The buildings that were not well, the worst first, each with the reason the reader may know."""
    rules = shown.picture.rules
    if rules is None:
        return []
    colours = [colour for colour, _title in rules.colours]
    groups = {group.seen.code: group for group in shown.board.groups}
    bad = [one for one in shown.board.buildings if one.seen.colour not in (UNKNOWN, colours[-1])]
    return [
        {"b": one, "group": groups[one.seen.group], "why": reasons.why(one.seen, rules, may)}
        for one in sorted(bad, key=lambda one: showing.worst_first(one, colours))
    ]


def _late(source: LateSource, due: datetime) -> dict[str, Any]:
    minutes = int((due - source.heard).total_seconds()) // 60 if source.heard else None
    return {"title": showing.said(source.title), "minutes": minutes}


@require_safe
@post_required(SEE_HEALTH)
def content(request: PostRequest, day: str) -> HttpResponse:
    """The bytes of a frozen day as they were signed, for whoever may see all of it. Raises Http404."""
    shown = frozen(_on(day), request.post_held)
    if len(shown.board.buildings) != len(shown.picture.buildings):
        raise Http404("this post sees a part of the picture; its bytes are the whole")
    answer = HttpResponse(bytes(shown.snapshot.content), content_type="application/cbor")
    answer["Content-Disposition"] = f'attachment; filename="kaimen-{shown.picture.day:%Y-%m-%d}.cbor"'
    answer["Digest"] = f"sha-256={shown.digest}"
    return answer


@require_safe
@post_required("board.see")
def compare(request: PostRequest) -> HttpResponse:
    """Two frozen days side by side; the newest two unless others are named."""
    all_days = list(Snapshot.objects.values_list("day", flat=True))
    if len(all_days) < 2:
        return render(request, "board/compare.html", {"days": all_days})
    one = request.GET.get("a") or all_days[1].isoformat()
    two = request.GET.get("b") or all_days[0].isoformat()
    first, second = frozen(_on(one), request.post_held), frozen(_on(two), request.post_held)
    rules = second.picture.rules or first.picture.rules
    order = rollup.order([colour for colour, _title in rules.colours] if rules else ["green"])
    a, b = first.board, second.board
    return render(request, "board/compare.html", {
        "days": all_days, "a": first, "b": second,
        "sides": [(one, draw(one.board, one.picture.under, view="colour", linked=False)) for one in (first, second)],
        "view": "colour",
        "changed": comparing.changed(a, b, order),
        "counts": _counts(a, b),
        "rates": [
            (_("Resumption rate"), comparing.Moved(a.resumption, b.resumption)),
            (_("Staff-back rate"), comparing.Moved(a.staff_back, b.staff_back)),
        ],
        "same_rules": first.picture.rules == second.picture.rules,
    })  # fmt: skip


def _counts(a: showing.Board, b: showing.Board) -> list[dict[str, Any]]:
    """How many buildings of each colour on either day, and the difference."""
    before = {(mark.kind, str(mark.word)): mark.n for mark in a.marks}
    after = {(mark.kind, str(mark.word)): mark.n for mark in b.marks}
    return [
        {"kind": kind, "word": word, "a": before.get((kind, word), 0), "b": after.get((kind, word), 0),
         "difference": after.get((kind, word), 0) - before.get((kind, word), 0)}
        for kind, word in dict.fromkeys([*after, *before])
    ]  # fmt: skip
