"""The table of all buildings: the twin of the map. Each cell is made once, as the text that stands in it."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kaimen.board import reasons, showing
from kaimen.board.showing import Board, Building
from kaimen.kit.rates import Rate

Key = Callable[[Building], tuple[object, ...]]
SORTS = ("worst", "group", "inside")


class Row(TypedDict):
    """One building."""

    kind: str
    word: str | Promise
    code: str
    title: str
    why: str
    since: str
    group: str
    inside: str
    entered: str
    resumption: Rate
    staff_back: Rate


def rows(board: Board, sort: str, granted: Collection[str]) -> list[Row]:
    """Every building of the board in an order of SORTS, with the reasons that `granted` lets its reader know."""
    groups = {group.seen.code: f"{group.number} {group.title}" for group in board.groups}
    titles = _titles(board, granted)
    return [_row(one, groups[one.seen.group], titles[one.seen.colour, one.seen.rule])
            for one in sorted(board.buildings, key=_order(board, sort))]  # fmt: skip


def _order(board: Board, sort: str) -> Key:
    colours = [colour for colour, _title in board.rules.colours] if board.rules else ["green"]
    orders: dict[str, Key] = {
        "worst": lambda one: showing.worst_first(one, colours),
        "group": lambda one: (one.seen.group, one.code),
        "inside": lambda one: (-one.seen.inside, one.code),
    }
    return orders[sort]


def _titles(board: Board, granted: Collection[str]) -> dict[tuple[str, int], str]:
    """Why, for each colour and rule there is on the board."""
    found = {}
    for colour, rule in {(one.seen.colour, one.seen.rule) for one in board.buildings}:
        if board.rules is None:
            found[colour, rule] = "—"
        elif reasons.withheld(colour, board.rules, granted):
            found[colour, rule] = _("not shown here")
        else:
            found[colour, rule] = showing.said(board.rules.rules[rule - 1].title) if rule else "—"
    return found


def _row(one: Building, group: str, why: str) -> Row:
    seen, mark = one.seen, one.mark
    return Row(
        kind=mark.kind, word=mark.word, code=seen.code, title=mark.of, why=why or "—",
        since=_when(seen.since) if seen.rule else "—", group=group,
        inside=f"{seen.inside:,}", entered=f"{seen.entered:,}/{seen.expected:,}",
        resumption=one.resumption, staff_back=one.staff_back,
    )  # fmt: skip


def _when(at: datetime) -> str:
    """3-16 08:05, on the wall here."""
    local = localtime(at)
    return f"{local.month}-{local.day} {local:%H:%M}"
