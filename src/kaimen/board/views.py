"""Pages of the board."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from kaimen.board import map as drawing
from kaimen.board import queries
from kaimen.board.chart import Chart, chart
from kaimen.gate import queries as gate
from kaimen.kit import clock
from kaimen.register import access, packs_in_force
from kaimen.register.access import PostRequest, post_required
from kaimen.register.definitions import BaseMap

GROUPS_AT_DESK = 20
GROUPS_ON_WALL = 15
FIRMS_A_PAGE = 100


@dataclass(frozen=True)
class DrawnBuilding:
    """A building and its outline in the drawing."""

    building: queries.Building
    shape: drawing.Shape


@dataclass(frozen=True)
class DrawnMap:
    """The drawing: what lies under the buildings, the buildings, the groups' numbers."""

    frame: drawing.Frame
    under: list[tuple[str, drawing.Shape, str]]  # (class, shape, name)
    buildings: list[DrawnBuilding]
    groups: list[tuple[queries.Group, float, float]]


def draw(board: queries.Board, language: str) -> DrawnMap | None:
    """Draw a board's buildings over the base map. None when no building has an outline."""
    within = drawing.frame(b.place.outline for b in board.buildings)
    if within is None:
        return None
    drawn = [
        DrawnBuilding(b, _shape(json.dumps(b.place.outline), within))
        for b in board.buildings
        if b.place.outline is not None
    ]
    return DrawnMap(within, _under(packs_in_force.installation(), language, within), drawn, _group_labels(board, drawn))


@lru_cache(maxsize=64)
def _under(_installation: UUID | None, language: str, within: drawing.Frame) -> list[tuple[str, drawing.Shape, str]]:
    return [
        (feature.kind, drawing.shape(feature.geometry, within), feature.title.to(language) if feature.title else "")
        for base in packs_in_force.pack().all(BaseMap)
        for feature in base.features
    ]


@lru_cache(maxsize=10_000)
def _shape(outline: str, within: drawing.Frame) -> drawing.Shape:
    """Outlines change with the pack only; the board is drawn every two seconds."""
    return drawing.shape(json.loads(outline), within)


def _group_labels(board: queries.Board, drawn: list[DrawnBuilding]) -> list[tuple[queries.Group, float, float]]:
    """A group's number stands above the left end of its buildings."""
    labels = []
    for group in board.groups:
        shapes = [d.shape for d in drawn if d.building.place.area_id == group.area.pk]
        if shapes:
            labels.append((group, min(s.left for s in shapes), min(s.top for s in shapes)))
    return labels


def _quarters(board: queries.Board) -> Chart:
    local = board.at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return chart(board.quarters, local.hour * 4 + local.minute // 15)


def _shown(request: PostRequest) -> dict[str, Any]:
    board = queries.board(request.post_held)
    groups = board.worst_first()
    every_group = "all" in request.GET
    first = GROUPS_ON_WALL if request.path == reverse("board:wall") or "wall" in request.GET else GROUPS_AT_DESK
    return {
        "board": board,
        "scope": request.post_held.area or request.post_held.place,
        "map": draw(board, get_language() or "zh-hans"),
        "chart": _quarters(board),
        "groups": groups if every_group else groups[:first],
        "groups_left": 0 if every_group else max(0, len(groups) - first),
        "every_group": every_group,
    }


def _etag(request: PostRequest, **_: Any) -> str:
    return f'"{queries.version(request.post_held, get_language() or "")}-{request.GET.urlencode()}"'


@require_safe
@post_required("board.see")
def now(request: PostRequest) -> HttpResponse:
    """The board at a desk or on a phone; whoever sees one building only is shown that building."""
    shown = _shown(request)
    only = shown["board"].buildings
    if len(only) == 1:
        return redirect("board:building", only[0].place.code)
    return render(request, "board/now.html", shown)


@require_safe
@post_required("board.see")
@condition(etag_func=_etag)
def live(request: PostRequest) -> HttpResponse:
    """The moving part of the board, for polling: 304 while nothing changed."""
    template = "board/wall_live.html" if "wall" in request.GET else "board/live.html"
    return render(request, template, _shown(request))


@require_safe
@post_required("board.see")
def wall(request: PostRequest) -> HttpResponse:
    """The board for a screen on the wall."""
    return render(request, "board/wall.html", _shown(request))


@require_safe
@post_required("board.see")
def buildings(request: PostRequest) -> HttpResponse:
    """Every building in a table: the twin of the map."""
    board = queries.board(request.post_held)
    sort = request.GET.get("sort", "worst")
    order = {
        "worst": lambda b: (b.staff_back.percent(4) is None, b.staff_back.percent(4) or 0, b.place.code),
        "group": lambda b: (b.place.area.path, b.place.code),
        "inside": lambda b: (-b.inside, b.place.code),
    }
    if sort not in order:
        raise Http404
    return render(
        request,
        "board/buildings.html",
        {"board": board, "rows": sorted(board.buildings, key=order[sort]), "sort": sort},
    )


@require_safe
@post_required("board.see")
def building(request: PostRequest, code: str) -> HttpResponse:
    """One building: its rates, its people now, the firms behind the numbers."""
    return render(request, "board/building.html", _shown_building(request, code))


@require_safe
@post_required("board.see")
@condition(etag_func=_etag)
def building_live(request: PostRequest, code: str) -> HttpResponse:
    """The moving part of a building's page, for polling."""
    return render(request, "board/building_live.html", _shown_building(request, code))


def _shown_building(request: PostRequest, code: str) -> dict[str, Any]:
    """Raises Http404 where the building is none of the post's."""
    shown = _shown(request)
    board: queries.Board = shown["board"]
    one = next((b for b in board.buildings if b.place.code == code), None)
    if one is None:
        raise Http404
    return shown | {
        "one": one,
        "may_see_entries": access.grants(request.post_held, "gate.see_entries"),
        "firms": queries.firms_in(one.place, board.day),
        "chart_here": chart(gate.entries_by_quarter(board.day, [code]), _quarter_now()),
    }


def _quarter_now() -> int:
    local = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    return local.hour * 4 + local.minute // 15


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
