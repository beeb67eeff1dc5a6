"""Buildings, compounds, floors, entrances (places/*.yaml)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words
from kaimen.register.definitions.areas import AreaDefinition

Path = tuple[str | int, ...]
KINDS = ("building", "compound", "floor", "entrance")
_AROUND = {  # what a kind may stand in; "" is the area itself
    "compound": ("",),
    "building": ("", "compound"),
    "floor": ("building",),
    "entrance": ("building", "compound"),
}
_DEEPEST = 7  # areas, <area>, <compound>, parts, <building>, parts, <entrance>


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
    places = [(file, place) for file, place in pack.definitions if isinstance(place, PlaceDefinition)]
    areas = {area.code for area in pack.all(AreaDefinition)}
    for file, area in dict.fromkeys((file, place.area) for file, place in places):
        if area not in areas:
            remedy = "Write the places under the code of an area of this pack"
            yield file, Wrong(f"places in {area}, which no file defines", remedy, ("areas", area))
    by_code: dict[str, PlaceDefinition] = {}
    for file, place in places:
        if place.code in by_code:
            yield file, Wrong(f"the place {place.code} is defined twice", "Give one of the two another code", place.at)
        by_code[place.code] = place
        wrong = _misplaced(place, by_code)
        if wrong:
            yield file, wrong


def _misplaced(place: PlaceDefinition, by_code: dict[str, PlaceDefinition]) -> Wrong | None:
    around = by_code[place.parent].kind if place.parent else ""
    if around not in _AROUND[place.kind]:
        what = f"the {place.kind} {place.code} stands {f'inside the {around} {place.parent}' if around else 'alone'}"
        remedy = f"Put it {' or '.join(f'inside a {one}' if one else 'under an area' for one in _AROUND[place.kind])}"
        return Wrong(what, remedy, place.at)
    if len(place.at) > _DEEPEST:
        return Wrong(f"{place.code} is a part of a part of a part", "Nest three levels of places at most", place.at)
    return None


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
                        "title": words.NAME,
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
