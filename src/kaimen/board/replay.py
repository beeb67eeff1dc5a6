"""Judging a frozen day again: from the facts in the picture, by the rules of the digest it names. Pure.

Everything that follows from the facts is worked out anew: the colours, which rule gave each, the counts and rates of
every group and street. What comes out must be the same bytes; where it is not, the difference is named.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kaimen.board import rollup
from kaimen.board.picture import BuildingSeen, Picture
from kaimen.colours.definitions import StatusDefinition, typed
from kaimen.colours.places import Judge, judge_of
from kaimen.kit import canonical

_SHOWN = 20  # differences


class OtherRules(ValueError):
    """The definition at hand is not the one the picture names."""


def replayed(picture: Picture, definition: StatusDefinition | None) -> Picture:
    """The picture with everything judged again. Raises OtherRules, RuleRefused."""
    rules = picture.rules
    if rules is None or definition is None or rules.digest != definition.digest:
        if rules is None:
            return replace(picture, areas=_rolled(picture, ["green"], picture.buildings))
        raise OtherRules(f"the picture was judged by the rules {rules.digest.hex()}; those are not at hand")
    judge = judge_of(definition)
    buildings = tuple(_judged(one, picture, definition, judge) for one in picture.buildings)
    return replace(picture, buildings=buildings, areas=_rolled(picture, list(definition.colours), buildings))


def _judged(building: BuildingSeen, picture: Picture, definition: StatusDefinition, judge: Judge) -> BuildingSeen:
    row = {name: typed(value, definition.fields[name]) for name, value in building.facts.items()}
    judged = judge(row, picture.day)
    return replace(building, colour=judged.colour, rule=judged.rule)


def _rolled(picture: Picture, colours: list[str], buildings: tuple[BuildingSeen, ...]) -> Any:
    known = {area.code: (area.level, area.parent, area.title) for area in picture.areas}
    return rollup.areas_of(buildings, known, colours)


def differences(kept: bytes, again: bytes) -> list[str]:
    """Where two encodings differ: "buildings · jjl-022 · colour: red, now green". Empty for the same bytes."""
    if kept == again:
        return []
    found = list(_differ(canonical.decode(kept), canonical.decode(again), []))
    return found[:_SHOWN] or ["the bytes differ, the values do not"]


def _differ(kept: Any, again: Any, path: list[str]) -> Iterator[str]:
    if isinstance(kept, dict) and isinstance(again, dict):
        for name in sorted(kept.keys() | again.keys()):
            yield from _differ(kept.get(name), again.get(name), [*path, str(name)])
    elif isinstance(kept, list) and isinstance(again, list) and len(kept) == len(again):
        for number, (one, other) in enumerate(zip(kept, again, strict=True)):
            name = one.get("code", number) if isinstance(one, dict) else number
            yield from _differ(one, other, [*path, str(name)])
    elif kept != again:
        yield f"{' · '.join(path)}: {kept!r}, now {again!r}"
