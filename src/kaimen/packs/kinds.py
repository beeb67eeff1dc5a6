"""Kinds of definition: the registry the parts fill."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaimen.packs.pack import Pack


@dataclass(frozen=True)
class Found:
    """A file of the pack as `parse` gets it: its path, its name without ending, its data (JSON types only)."""

    path: str
    slug: str
    data: Any


def _no_check(pack: "Pack") -> Iterable[tuple[str, Exception]]:
    return ()


@dataclass(frozen=True)
class Kind:
    """A kind of definition.

    `pattern` is a glob within the pack. `parse` turns one file that fits `schema` into frozen dataclasses, or raises
    Wrong. `check` looks across files: it yields (path of file, Wrong).
    """

    name: str
    pattern: str
    schema: dict[str, Any]
    parse: Callable[[Found], Iterable[object]]
    required: bool = False
    check: Callable[["Pack"], Iterable[tuple[str, Exception]]] = _no_check


_kinds: dict[str, Kind] = {}


def kind(new: Kind) -> Kind:
    """Register a kind. Raises ValueError when its name is taken."""
    if new.name in _kinds:
        raise ValueError(f"the kind {new.name!r} is registered already")
    _kinds[new.name] = new
    return new


def published(kind: Kind) -> str:
    """The schema of a kind as a file that editors read."""
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Kaimen pack: {kind.name}",
        "description": f"Files of a pack at {kind.pattern}",
    }
    return json.dumps(about | kind.schema, ensure_ascii=False, indent=2) + "\n"


def kinds() -> list[Kind]:
    """Every kind, in the order of registration."""
    return list(_kinds.values())
