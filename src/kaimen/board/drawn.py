"""A board's map: what lies under the buildings, the buildings, the groups' numbers. For now and for a frozen day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import get_language

from kaimen.board import map as drawing
from kaimen.board.picture import Underlay
from kaimen.board.showing import Area, Board, Building, said
from kaimen.register import packs_in_force
from kaimen.register.definitions import BaseMap

_BADGE = 56.0  # units across, in a drawing of 1600


@dataclass(frozen=True)
class DrawnBuilding:
    """A building, its outline in the drawing, and where its shape stands (the left and upper edge)."""

    building: Building
    shape: drawing.Shape

    @property
    def badge(self) -> tuple[float, float] | None:
        """Where the shape of its colour stands; None for what is well, which recedes, and where there is no room."""
        if self.shape.label is None or self.building.mark.kind in ("go", "none"):
            return None
        return self.shape.label[0] - _BADGE / 2, self.shape.label[1] - _BADGE / 2


@dataclass(frozen=True)
class DrawnMap:
    """The drawing."""

    frame: drawing.Frame
    under: list[tuple[str, drawing.Shape, str]]  # (class, shape, name)
    buildings: list[DrawnBuilding]
    groups: list[tuple[Area, float, float]]


def underlay() -> tuple[Underlay, ...]:
    """The base map of the pack in force."""
    return _underlay(packs_in_force.installation())


@lru_cache(maxsize=2)
def _underlay(_installation: UUID | None) -> tuple[Underlay, ...]:
    return tuple(
        Underlay(feature.kind, feature.title, json.dumps(feature.geometry))
        for base in packs_in_force.pack().all(BaseMap)
        for feature in base.features
    )


@dataclass(frozen=True)
class _Drawing:
    """What a drawing depends on (`key`), and what it is made from."""

    key: tuple[Any, ...]
    board: Board = field(compare=False)
    under: Sequence[Underlay] = field(compare=False)


def draw(board: Board, under: Sequence[Underlay], *, view: str, selected: str = "", linked: bool = True) -> str:
    """The map as SVG, in the reader's language; empty when no building has an outline.

    Kept while nothing it shows changes: the board is drawn every two seconds, colours change every few hours. `view` is
    "colour" or "staff"; `selected` a building's code; `linked` whether each building leads to its page.
    """
    shown = tuple(
        (one.code, one.title, one.seen.outline, one.mark.kind, str(one.mark.word))
        + ((one.shade, one.seen.inside) if view == "staff" else ())
        for one in board.buildings
    )
    key = (get_language(), view, selected, linked, tuple(under), shown)
    return _svg(_Drawing(key, board, under), view, selected, linked=linked)


@lru_cache(maxsize=64)
def _svg(asked: _Drawing, view: str, selected: str, *, linked: bool) -> str:
    drawn = _map(asked.board, asked.under)
    if drawn is None:
        return ""
    about = {"map": drawn, "view": view, "selected": selected, "linked": linked}
    return render_to_string("board/map_drawn.html", about)


def _map(board: Board, under: Sequence[Underlay]) -> DrawnMap | None:
    outlined = [one for one in board.buildings if one.seen.outline]
    within = _frame(tuple(one.seen.outline for one in outlined))
    if within is None:
        return None
    drawn = [DrawnBuilding(one, _shape(one.seen.outline, within)) for one in outlined]
    below = [(one.kind, _shape(one.geometry, within), said(one.title) if one.title else "") for one in under]
    return DrawnMap(within, below, drawn, _group_labels(board, drawn))


@lru_cache(maxsize=64)
def _frame(outlines: tuple[str, ...]) -> drawing.Frame | None:
    return drawing.frame(json.loads(outline) for outline in outlines)


@lru_cache(maxsize=10_000)
def _shape(outline: str, within: drawing.Frame) -> drawing.Shape:
    """Outlines change with the pack only; the board is drawn every two seconds."""
    return drawing.shape(json.loads(outline), within)


def _group_labels(board: Board, drawn: list[DrawnBuilding]) -> list[tuple[Area, float, float]]:
    """A group's number stands above the left end of its buildings."""
    labels = []
    for group in board.groups:
        shapes = [one.shape for one in drawn if one.building.seen.group == group.seen.code]
        if shapes:
            labels.append((group, min(s.left for s in shapes), min(s.top for s in shapes)))
    return labels
