"""The tree city › district › street › grid, with GB/T 2260 codes (areas/*.yaml)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kaimen.packs import Found, Kind, Pack, Words, Wrong, kind, words

Path = tuple[str | int, ...]
LEVELS = ("city", "district", "street", "grid")


@dataclass(frozen=True)
class AreaDefinition:
    """A node of the tree. Nodes come parents first."""

    code: str
    level: str
    title: Words
    parent: str | None
    aliases: tuple[str, ...]  # older codes, other names
    at: Path  # where in its file it stands


def _parse(found: Found) -> Iterable[AreaDefinition]:
    parent = found.data.get("parent")
    yield from _nodes(found.data["areas"], str(parent) if parent is not None else None, ("areas",))


def _nodes(nodes: dict[str, Any], parent: str | None, path: Path) -> Iterator[AreaDefinition]:
    for code, node in nodes.items():
        at = (*path, code)
        aliases = tuple(map(str, node.get("aliases", ())))
        yield AreaDefinition(code, node["level"], Words.of(node["title"]), parent, aliases, at)
        yield from _nodes(node.get("areas", {}), code, (*at, "areas"))


def _check(pack: Pack) -> Iterable[tuple[str, Wrong]]:
    found = [(file, area) for file, area in pack.definitions if isinstance(area, AreaDefinition)]
    by_code: dict[str, AreaDefinition] = {}
    for file, area in found:
        if area.code in by_code:
            yield file, Wrong(f"the area {area.code} is defined twice", "Keep one of the two", area.at)
        by_code[area.code] = area
    for file, area in found:
        for wrong in (*_misplaced(area, by_code), *_taken(area, by_code)):
            yield file, wrong


def _misplaced(area: AreaDefinition, by_code: dict[str, AreaDefinition]) -> Iterator[Wrong]:
    if area.parent is None:
        return
    parent = by_code.get(area.parent)
    if parent is None:
        remedy = "Name an area of this pack as `parent`, by its code"
        yield Wrong(f"{area.code} {area.title.zh} lies in {area.parent}, which no file defines", remedy, ("parent",))
    elif LEVELS.index(parent.level) >= LEVELS.index(area.level):
        higher = ", ".join(LEVELS[: LEVELS.index(area.level)]) or "nothing"
        remedy = f"A {area.level} lies in something higher: {higher}"
        yield Wrong(f"{area.code} is a {area.level} inside the {parent.level} {parent.code}", remedy, area.at)


def _taken(area: AreaDefinition, by_code: dict[str, AreaDefinition]) -> Iterator[Wrong]:
    for alias in area.aliases:
        if alias in by_code:
            yield Wrong(f"the alias {alias} of {area.code} is the code of another area", "Drop the alias", area.at)


_CODE = "^[0-9A-Za-z][0-9A-Za-z-]{0,39}$"
_TREE = {
    "type": "object",
    "propertyNames": {"pattern": _CODE},
    "additionalProperties": {"$ref": "#/$defs/area"},
    "minProperties": 1,
}

AREAS = kind(
    Kind(
        name="areas",
        pattern="areas/*.yaml",
        required=True,
        parse=_parse,
        check=_check,
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["areas"],
            "properties": {"parent": {"type": ["string", "integer"]}, "areas": _TREE},
            "$defs": {
                "area": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["level", "title"],
                    "properties": {
                        "level": {"enum": list(LEVELS)},
                        "title": words.NAME,
                        "aliases": {"type": "array", "items": {"type": ["string", "integer"]}},
                        "areas": _TREE,
                    },
                }
            },
        },
    )
)
