"""Buildings, compounds, floors, entrances (places/*.yaml)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.register.definitions.areas import AreaDefinition

Path = tuple[str | int, ...]
KINDS = ("building", "compound", "floor", "entrance")


@dataclass(frozen=True)
class PlaceDefinition:
    """A place. Places come parents first."""

    code: str
    kind: str
    title: Words
    area: str
    parent: str | None
    profile: str  # gates/<profile>.yaml; "" where nobody guards it
    floors: tuple[str, ...]  # "B1", "1", "2" … from the lowest
    lifts: int
    at: Path


def _parse(found: Found) -> Iterable[PlaceDefinition]:
    for area, places in found.data["areas"].items():
        yield from _nodes(places, area, None, ("areas", area))


def _nodes(places: dict[str, Any], area: str, parent: str | None, path: Path) -> Iterator[PlaceDefinition]:
    for code, place in places.items():
        at = (*path, code)
        yield PlaceDefinition(
            code, place["kind"], Words.of(place["title"]), area, parent, place.get("profile", ""),
            _floors(place.get("floors"), (*at, "floors")), place.get("lifts", 0), at,
        )  # fmt: skip
        yield from _nodes(place.get("parts", {}), area, code, (*at, "parts"))


def _floors(span: dict[str, int] | None, path: Path) -> tuple[str, ...]:
    if span is None:
        return ()
    if span["lowest"] > span["highest"]:
        raise Wrong("the lowest floor lies above the highest", "Exchange the two; B2 is -2", path)
    numbers = (n for n in range(span["lowest"], span["highest"] + 1) if n != 0)
    return tuple(f"B{-n}" if n < 0 else str(n) for n in numbers)


def _check(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    areas = {area.code for area in pack.all(AreaDefinition)}
    seen: set[str] = set()
    for file, place in pack.definitions:
        if not isinstance(place, PlaceDefinition):
            continue
        if place.area not in areas:
            remedy = "Write the places under the code of an area of this pack"
            yield file, Wrong(f"{place.code} lies in {place.area}, which no file defines", remedy, place.at)
        if place.code in seen:
            yield file, Wrong(f"the place {place.code} is defined twice", "Give one of the two another code", place.at)
        seen.add(place.code)


_CODE = "^[a-z0-9][a-z0-9-]{0,59}$"
_PLACES = {"type": "object", "propertyNames": {"pattern": _CODE}, "additionalProperties": {"$ref": "#/$defs/place"}}

PLACES = kind(
    Kind(
        name="places",
        pattern="places/*.yaml",
        parse=_parse,
        check=_check,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["areas"],
            "properties": {"areas": {"type": "object", "additionalProperties": _PLACES}},
            "$defs": {
                "place": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["kind", "title"],
                    "properties": {
                        "kind": {"enum": list(KINDS)},
                        "title": words.SCHEMA,
                        "profile": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,59}$"},
                        "floors": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["lowest", "highest"],
                            "properties": {
                                "lowest": {"type": "integer", "minimum": -9, "maximum": 200},
                                "highest": {"type": "integer", "minimum": -9, "maximum": 200},
                            },
                        },
                        "lifts": {"type": "integer", "minimum": 0, "maximum": 99},
                        "parts": _PLACES,
                    },
                }
            },
        },
    )
)
