"""Installing a pack: its areas and places become rows, in one transaction or not at all.

Loading again changes only what changed. A row keeps its id when its code changes, if the new code names the old one
among its aliases (370282 became 370215). What vanished from the pack is deleted, unless something still needs it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction

from kaimen.ledger.actions import record
from kaimen.packs import Pack
from kaimen.register.definitions import AreaDefinition, Head, Outline, PlaceDefinition
from kaimen.register.models import Area, InstalledPack, Place

T = TypeVar("T", Area, Place)
Columns = dict[str, Any]


class StillInUse(ValueError):
    """The pack drops areas or places that rows still point at; `uses` says each in words."""

    def __init__(self, uses: list[str]) -> None:
        self.uses = uses
        super().__init__("\n".join(uses))


@dataclass
class Changes:
    """How many rows of one table were made, changed and deleted."""

    made: int = 0
    changed: int = 0
    deleted: int = 0


@dataclass
class Installed:
    """What loading a pack did."""

    slug: str
    old: str  # digest before; "" the first time
    new: str
    areas: Changes = field(default_factory=Changes)
    places: Changes = field(default_factory=Changes)


@transaction.atomic
def install_pack(pack: Pack) -> Installed:
    """Put `pack` in force. Raises StillInUse, having changed nothing, when it drops what rows point at."""
    newest = InstalledPack.objects.first()
    old = newest.digest if newest else ""
    done = Installed(pack.slug, old, pack.digest)
    outlines = {(outline.of, outline.code): outline.geometry for outline in pack.all(Outline)}
    renamed = {alias: area.code for area in pack.all(AreaDefinition) for alias in area.aliases}
    areas = _installed(Area, _area_rows(pack, outlines), renamed, done.areas)
    places = _installed(Place, _place_rows(pack, outlines, areas), {}, done.places)
    _dropped(Place, set(places), done.places)
    _dropped(Area, set(areas), done.areas)
    if newest is None or newest.digest != pack.digest:
        InstalledPack.objects.create(
            slug=pack.slug, digest=pack.digest, replaces=old, content=pack.to_bytes(),
            synthetic=pack.one(Head).synthetic,
        )  # fmt: skip
        record("pack-loaded", {"pack": pack.slug, "old": old, "new": pack.digest})
    elif bytes(newest.content) != pack.to_bytes():  # the same files, read by a newer program
        newest.content = pack.to_bytes()
        newest.save(update_fields=["content"])
    return done


def _area_rows(pack: Pack, outlines: dict[tuple[str, str], Any]) -> dict[str, Columns]:
    """Each area's columns, by code, parents first; `parent` is still a code."""
    definitions = {area.code: area for area in pack.all(AreaDefinition)}
    paths: dict[str, str] = {}

    def path(code: str) -> str:
        if code not in paths:
            parent = definitions[code].parent
            paths[code] = f"{path(parent) if parent else '/'}{code}/"
        return paths[code]

    ordered = sorted(definitions.values(), key=lambda area: path(area.code).count("/"))
    return {
        area.code: {
            "name": area.title.zh, "name_en": area.title.en, "aliases": list(area.aliases), "level": area.level,
            "parent": area.parent, "path": path(area.code), "outline": outlines.get(("area", area.code)),
        }
        for area in ordered
    }  # fmt: skip


def _place_rows(pack: Pack, outlines: dict[tuple[str, str], Any], areas: dict[str, Area]) -> dict[str, Columns]:
    rows: dict[str, Columns] = {}
    for place in pack.all(PlaceDefinition):
        above = rows[place.parent]["path"] if place.parent else "/"
        rows[place.code] = {
            "name": place.title.zh, "name_en": place.title.en, "kind": place.kind, "area_id": areas[place.area].pk,
            "parent": place.parent, "path": f"{above}{place.code}/", "profile": place.profile,
            "outline": outlines.get(("place", place.code)),
            "detail": {"floors": list(place.floors), "lifts": place.lifts} if place.floors or place.lifts else {},
        }  # fmt: skip
    return rows


def _installed(model: type[T], rows: dict[str, Columns], renamed: dict[str, str], done: Changes) -> dict[str, T]:
    """Make or change the rows of `model` until they say what the pack says. Every row of the pack, by code."""
    there: dict[str, T] = {row.code: row for row in model._default_manager.all()}
    for old, new in renamed.items():
        if old in there and old not in rows and new not in there:
            there[new] = there.pop(old)
    result: dict[str, T] = {}
    new_rows: list[T] = []
    changed: list[T] = []
    for code, columns in rows.items():
        parent = columns.pop("parent")
        columns |= {"code": code, "parent_id": result[parent].pk if parent else None}
        row = there.get(code)
        if row is None:
            row = model(**columns)
            new_rows.append(row)
        elif any(getattr(row, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(row, name, value)
            changed.append(row)
        result[code] = row
    model._default_manager.bulk_create(new_rows, batch_size=200)
    model._default_manager.bulk_update(changed, _fields(model), batch_size=50)
    done.made, done.changed = len(new_rows), len(changed)
    return result


def _fields(model: type[models.Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.name not in ("id", "made_at")]


def _dropped(model: type[T], kept: set[str], done: Changes) -> None:
    """Delete the rows the pack no longer defines, the innermost first. Raises StillInUse."""
    gone = sorted(model._default_manager.exclude(code__in=kept), key=lambda row: row.path, reverse=True)
    keys = {one.pk for one in gone}
    needed = [(row, ", ".join(_uses(row, keys))) for row in gone]
    if uses := [f"{row.code} {row.name} is gone from the pack, but still needed: {by}" for row, by in needed if by]:
        raise StillInUse(uses)
    for row in gone:
        row.delete()
    done.deleted = len(gone)


def _uses(row: Area | Place, gone: set[Any]) -> Iterable[str]:
    """What still points at `row` and would be lost or orphaned, in words."""
    for relation in _pointing_at(type(row)):
        manager = relation.related_model._default_manager
        pointing = manager.filter(**{relation.field.name: row})
        if relation.related_model is type(row):
            pointing = pointing.exclude(pk__in=gone)
        count = pointing.count()
        if count:
            yield f"{count} × {relation.related_model._meta.verbose_name}"


def _pointing_at(model: type[models.Model]) -> Sequence[Any]:
    """The relations that keep a row alive: protecting foreign keys and many-to-many; what cascades goes along."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.many_to_many or relation.on_delete is not models.CASCADE
    ]
