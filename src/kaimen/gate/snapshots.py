"""Name lists for nodes (名单包): compiled from the rosters in effect, signed, kept while nothing changes."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from kaimen.gate import door_cards, expected, issuing, local_time, queries
from kaimen.gate.definitions import GateProfile
from kaimen.gate.models import ListVersion, Pass
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register import packs_in_force, posts_over
from kaimen.register.models import InstalledPack, Place
from kaimen.status import activations, judged
from kaimen.status.refusals import Refused
from kaimen_gate import wire

CHANGES_A_DAY = 1_000_000  # a list's number reads YYYYMMDD, then how often it changed


class NoProfile(LookupError):
    """The pack in force says nothing of gates at this place."""


def centre_key() -> SigningKey:
    """The key that signs passes and name lists."""
    return SigningKey.kept_at(settings.KEYS / "centre")


def profile_of(place: Place) -> GateProfile:
    """How gates work at `place` (gates/<profile>.yaml). Raises NoProfile."""
    for profile in packs_in_force.pack().all(GateProfile):
        if profile.slug == place.profile:
            return profile
    raise NoProfile(f"{place.code} has the gate profile {place.profile!r}, which the pack in force does not define")


def building_code(path: str) -> str:
    """The code of the building (or compound) a place's path begins with."""
    return path.strip("/").split("/")[0]


def buildings_of(places: list[Place]) -> dict[str, str]:
    """The code of each gate's place → the code of the building it leads into."""
    return {place.code: building_code(place.path) for place in places}


def list_numbers(places: list[Place]) -> dict[str, int]:
    """The number of each gate's list: grows with the day, the pack, an activation, and every change of the list."""
    buildings = buildings_of(places)
    changes = dict(
        ListVersion.objects.filter(place__code__in=set(buildings.values())).values_list("place__code", "version")
    )
    base = int(f"{local_time.today():%Y%m%d}") * CHANGES_A_DAY + InstalledPack.objects.count() + activations.changes()
    return {code: base + changes.get(building, 0) for code, building in buildings.items()}


def signed_list(place: Place) -> bytes:
    """The signed bytes of the list that is in force at `place` now."""
    return _signed(place.pk, list_numbers([place])[place.code], local_time.today())


@lru_cache(maxsize=256)
def _signed(place_id: UUID, number: int, _day: date) -> bytes:
    place = Place.objects.select_related("parent").get(pk=place_id)
    return wire.write_snapshot(_compiled(place, number), centre_key())


def snapshot_of(place: Place) -> wire.Snapshot:
    """Everything a node needs to decide at `place` today."""
    return _compiled(place, list_numbers([place])[place.code])


def _compiled(place: Place, number: int) -> wire.Snapshot:
    profile, today = profile_of(place), local_time.today()
    building = Place.objects.get(code=building_code(place.path))
    organisations, people = expected.coming(building, today)
    return wire.Snapshot(
        place=place.code,
        title=_title(place),
        version=number,
        made_at=clock.now(),
        opens=f"{profile.opens:%H:%M}",
        closes=f"{profile.closes:%H:%M}",
        zone=settings.TIME_ZONE,
        keys=tuple(wire.PassKey(key.public.raw, key.begins, key.ends) for key in issuing.issuers()),
        organisations=tuple((one.zh, one.en, one.renewed) for one in organisations),
        people=people,
        revoked=_revoked(),
        words=profile.words(),
        colours=_colours(profile),
        post=profile.posts.get(place.code, "entrance"),
        rules=profile.wire_rules(),
        parameters=profile.wire_parameters(),
        supervisors=_supervisors(place),
        lift=_lift(profile, place),
        manual=tuple(wire.Manual(code, one.zh, one.en) for code, one in profile.manual.items()),
        overrides=tuple(
            wire.Override(code, one.title.zh, one.title.en, one.asks, one.lifts)
            for code, one in profile.overrides.items()
        ),
        building=building.code,
        cards=door_cards.on_list(building),
    )


def _colours(profile: GateProfile) -> tuple[str, ...]:
    """The colours by their values in the published lists, where a rule asks for one while an activation is in force."""
    genesis = activations.in_force()
    if genesis is None or not any(profile.colours_named()):
        return ()
    try:
        rules = judged.rules_now(genesis)
    except Refused:  # no rules yet: no colours
        return ()
    return tuple(sorted(rules.colours, key=rules.list_value))


def _supervisors(place: Place) -> frozenset[int]:
    """The phone passes of those who may agree that somebody refused is let in all the same."""
    people = posts_over.people_over("gate.countersign", place)
    passes = queries.valid_passes(clock.now()).filter(person__in=people, kind=Pass.Kind.PHONE)
    return frozenset(passes.values_list("index", flat=True))


def _lift(profile: GateProfile, place: Place) -> wire.Lift | None:
    return profile.lift if profile.posts.get(place.code) == "lift" else None


def _title(place: Place) -> tuple[str, str]:
    if place.parent is None:
        return place.name, place.name_en or place.name
    above = _title(place.parent)
    return f"{above[0]} {place.name}", f"{above[1]}, {place.name_en or place.name}"


def _revoked() -> frozenset[int]:
    """Every pass of the city that was taken back before it expired: each gate tells it from a stranger's."""
    return frozenset(queries.taken_back(clock.now()).values_list("index", flat=True))
