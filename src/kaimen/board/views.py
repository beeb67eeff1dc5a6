"""Pages of the board."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from kaimen.board import evening, officers, queries, reasons, rollup, rules_in_force, showing, standing, table
from kaimen.board.chart import chart
from kaimen.board.drawn import draw, underlay
from kaimen.board.evening import quarter_of
from kaimen.gate import queries as gate
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required

GROUPS_AT_DESK = 20
GROUPS_ON_WALL = 13
FIRMS_A_PAGE = 100
VIEWS = ("colour", "staff")  # what the map's colours say
EARLIER = 6  # changes of a building that its page lists


def _shown(request: PostRequest, board: showing.Board, *, wall: bool = False, selected: str = "") -> dict[str, Any]:
    groups = board.trouble_first
    every_group = "all" in request.GET
    first = GROUPS_ON_WALL if wall else GROUPS_AT_DESK
    view = request.GET.get("show", VIEWS[0])
    if view not in VIEWS:
        raise Http404
    return {
        "board": board,
        "scope": request.post_held.area or request.post_held.place,
        "map": draw(board, underlay(), view=view, selected=selected),
        "view": view,
        "kept": "&".join(
            part for part in ("all" if every_group else "", f"show={view}" if view != VIEWS[0] else "") if part
        ),
        "chart": chart(board.quarters, quarter_of(board.at)),
        "groups": groups if every_group else groups[:first],
        "groups_left": 0 if every_group else max(0, len(groups) - first),
        "every_group": every_group,
        "evening": evening.of(board.at),
        **_rules_missing(board, access.granted(request.post_held)),
    }


def _rules_missing(board: showing.Board, may: Collection[str]) -> dict[str, Any]:
    """Why no building has a colour, where no rules are in force, and whether the reader can do something about it."""
    if board.rules is not None:
        return {}
    return {"no_rules": rules_in_force.why_none(), "may_keep_rules": "status.keep_rules" in may}


def _etag(request: PostRequest, **_: Any) -> str:
    return f'"{queries.version(request.post_held, get_language() or "")}-{request.GET.urlencode()}"'


@require_safe
@post_required("board.see")
def now(request: PostRequest) -> HttpResponse:
    """The board at a desk or on a phone; whoever sees one building only is shown that building."""
    mine = queries.plots(request.post_held)
    if len(mine) == 1:
        return redirect("board:building", mine[0].code)
    return render(request, "board/now.html", _shown(request, queries.board(request.post_held)))


@require_safe
@post_required("board.see")
@condition(etag_func=_etag)
def live(request: PostRequest) -> HttpResponse:
    """The moving part of the board, for polling: 304 while nothing changed."""
    wall = "wall" in request.GET
    template = "board/wall_live.html" if wall else "board/live.html"
    return render(request, template, _shown(request, queries.board(request.post_held), wall=wall))


@require_safe
@post_required("board.see")
def wall(request: PostRequest) -> HttpResponse:
    """The board for a screen on the wall: it hangs where everybody reads it, so it gives no reason for any colour."""
    return render(request, "board/wall.html", _shown(request, queries.board(request.post_held), wall=True))


@require_safe
@post_required("board.see")
def buildings(request: PostRequest) -> HttpResponse:
    """Every building in a table, with its colour, why and since when: the twin of the map."""
    board = queries.board(request.post_held)
    sort = request.GET.get("sort", table.SORTS[0])
    if sort not in table.SORTS:
        raise Http404
    may = access.granted(request.post_held)
    context = {"board": board, "rows": table.rows(board, sort, may), "sort": sort, **_rules_missing(board, may)}
    return render(request, "board/buildings.html", context)


@require_safe
@post_required("board.see")
def building(request: PostRequest, code: str) -> HttpResponse:
    """One building: why it has its colour, its rates, its people now, the firms behind the numbers."""
    return render(request, "board/building.html", _shown_building(request, code))


@require_safe
@post_required("board.see")
@condition(etag_func=_etag)
def building_live(request: PostRequest, code: str) -> HttpResponse:
    """The moving part of a building's page, for polling."""
    return render(request, "board/building_live.html", _shown_building(request, code))


def _shown_building(request: PostRequest, code: str) -> dict[str, Any]:
    """Raises Http404 where the building is none of the post's."""
    board = queries.board(request.post_held)
    one = board.building(code)
    if one is None:
        raise Http404
    may = access.granted(request.post_held)
    group = next(group for group in board.groups if group.seen.code == one.seen.group)
    read = replace(one.seen, facts=standing.facts_of(code))  # what the rules read a minute ago
    return _shown(request, board, selected=code) | {
        "one": one,
        "group": group,
        "why": reasons.why(read, board.rules, may) if board.rules else None,
        "officer": officers.officers([one.seen.group]).get(one.seen.group),
        "earlier": _earlier(one, board, may),
        "may_see_entries": "gate.see_entries" in may,
        "firms": queries.firms_in(code, board.day),
        "chart_here": chart(gate.entries_by_quarter(board.day, [code]), quarter_of(board.at)),
    }


def _earlier(one: showing.Building, board: showing.Board, may: Collection[str]) -> list[dict[str, Any]]:
    """The colours before this one, newest first, with the reasons the reader may know."""
    rows = standing.history(one.code)[1:EARLIER]
    return [
        {"since": row.since, "kind": rollup.kind(row.colour), "word": showing.word(board.rules, row.colour)}
        for row in rows
    ]


@require_safe
@post_required("board.see")
def firms(request: PostRequest) -> HttpResponse:
    """The rows behind 复工率 and 返岗率: every firm of the scope, with n and N."""
    open_ = request.GET.get("open", "")
    if open_ not in ("", "yes", "no"):
        raise Http404
    rows = queries.firms_seen(request.post_held, open_)
    page = Paginator(rows, FIRMS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "board/firms.html", {"page": page, "rows": queries.with_staff(page, request.post_held), "open": open_}
    )
