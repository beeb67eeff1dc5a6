"""Where an area or a place lies: GeoJSON (RFC 7946) in WGS-84 (areas/*.geojson, places/*.geojson)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kaimen.packs import Found, Kind, Pack, Wrong, geojson, kind
from kaimen.register.definitions.areas import AreaDefinition
from kaimen.register.definitions.places import PlaceDefinition


@dataclass(frozen=True)
class Outline:
    """The geometry of an area or a place, named by its code."""

    of: str  # "area" or "place"
    code: str
    geometry: dict[str, Any]
    at: int  # position in its file


def _outlines(of: str, found: Found) -> Iterator[Outline]:
    for index, feature in enumerate(found.data["features"]):
        geometry = geojson.checked(feature["geometry"], ("features", index, "geometry"))
        yield Outline(of, str(feature["id"]), geometry, index)


def _of_areas(found: Found) -> Iterable[Outline]:
    return _outlines("area", found)


def _of_places(found: Found) -> Iterable[Outline]:
    return _outlines("place", found)


def _known(of: str, codes: set[str], pack: Pack) -> Iterator[tuple[str, Wrong]]:
    seen: set[str] = set()
    for file, outline in pack.definitions:
        if not isinstance(outline, Outline) or outline.of != of:
            continue
        path = ("features", outline.at, "id")
        if outline.code not in codes:
            yield (
                file,
                Wrong(
                    f"an outline of {outline.code!r}, which no file defines",
                    f"As the id, write the code of one {of} of this pack",
                    path,
                ),
            )
        if outline.code in seen:
            yield file, Wrong(f"a second outline of {outline.code}", "Keep one of the two", path)
        seen.add(outline.code)


def _check_areas(pack: Pack) -> Iterator[tuple[str, Wrong]]:
    yield from _known("area", {area.code for area in pack.all(AreaDefinition)}, pack)


def _check_places(pack: Pack) -> Iterator[tuple[str, Wrong]]:
    yield from _known("place", {place.code for place in pack.all(PlaceDefinition)}, pack)
    drawn = {outline.code for outline in pack.all(Outline) if outline.of == "place"}
    for file, place in pack.definitions:
        if isinstance(place, PlaceDefinition) and place.kind in ("building", "compound") and place.code not in drawn:
            remedy = f"Add a feature with the id {place.code} to a file places/*.geojson"
            yield file, Wrong(f"the {place.kind} {place.code} has no outline", remedy, place.at)


AREA_OUTLINES = kind(
    Kind(
        name="area-outlines",
        pattern="areas/*.geojson",
        parse=_of_areas,
        check=_check_areas,
        schema=geojson.schema(identified=True),
    )
)
PLACE_OUTLINES = kind(
    Kind(
        name="place-outlines",
        pattern="places/*.geojson",
        parse=_of_places,
        check=_check_places,
        schema=geojson.schema(identified=True),
    )
)
