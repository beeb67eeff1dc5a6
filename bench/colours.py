"""Colours: a city's recomputed from evidence already verified, and a district's log replayed with its signatures."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta

from bench.table import Row
from kaimen.colours import lists
from kaimen.colours.judging import Item
from kaimen.colours.moments import DAY, HOUR, when
from kaimen.colours.signatures import replayed
from kaimen.colours.tests.world import NEGATIVE, POSITIVE, World
from kaimen.colours.trust import values_of
from kaimen.kit import clock
from kaimen.proofs import checkpoints
from kaimen.proofs.notes import WitnessKey
from kaimen_witness.log_over_http import LogOverHttp
from kaimen_witness.replaying import Replayer
from kaimen_witness.tests.fake_log import FakeLog, served

CITY, DISTRICT = 1_000_000, 49_514
SHARE = 100  # one in so many is not green
PROCESSES = 2


def run() -> list[Row]:
    """Every row of the table."""
    return [*_city(), *_district()]


def _city() -> list[Row]:
    world = World(1, 8)
    people = list(_people(world, CITY))
    started = time.perf_counter()
    judge, as_of, definition = world.judge, world.now, world.definition
    values = {}
    for place, items in enumerate(people):
        colour = judge.judge(items, as_of).colour
        if colour != definition.usual:
            values[place] = definition.list_value(colour)
    made = lists.packed(values, lists.places_for(CITY), 2)
    signed = lists.publish(world.list_key, lists.Published(made, "person", as_of, as_of + HOUR))
    taken = time.perf_counter() - started
    assert len(values) == CITY // SHARE
    return [
        Row(f"colours of {CITY:,} people from evidence already verified, and their list", taken, "s", 15),
        Row("the list, signed and compressed", len(signed) / 1024, "KiB"),
        Row("a list of ten million at 1 %, signed and compressed", _ten_million(world) / 1024, "KiB", 206),
    ]


def _people(world: World, count: int) -> Iterator[list[Item]]:
    """Everybody has evidence: a negative test, or two positive ones of two organisations."""
    positive, negative = (values_of(says, "test", world.definition) or {} for says in (POSITIVE, NEGATIVE))
    seen, until = world.now - HOUR, world.now + 10 * DAY
    for number in range(count):
        id_ = number.to_bytes(16)
        if number % SHARE:
            yield [Item(id_, "laboratory", "test", negative, seen, until, number)]
        else:
            yield [Item(id_, who, "test", positive, seen, until, number) for who in ("hospital", "cdc")]


def _ten_million(world: World) -> int:
    chance = random.Random(1)
    count = 10 * CITY
    values = {place: chance.choice((1, 2)) for place in chance.sample(range(count), count // SHARE)}
    made = lists.packed(values, lists.places_for(count), 2)
    return len(lists.publish(world.list_key, lists.Published(made, "person", world.now, world.now + HOUR)))


def _district() -> list[Row]:
    world = World(2, DISTRICT)
    _fill(world)
    log = list(world.logged())
    started = time.perf_counter()
    report = replayed(world.genesis, log, world.objects.get, PROCESSES).report()
    taken = time.perf_counter() - started
    assert report.sound, report.counted()
    assert len(report.lists) == 1
    statements = DISTRICT + DISTRICT // SHARE
    what = f"replay of a district's log: {DISTRICT:,} people, {len(log):,} leaves, {statements:,} signatures"
    return [
        Row(what, taken, "s", 10),
        Row("leaves replayed", len(log) / taken, "/s"),
        Row("a witness hears the same log again after a start, over HTTP, alone", _heard_again(world), "s"),
    ]


def _heard_again(world: World) -> float:
    """Seconds until a replay witness that was started anew has worked everything out; the server's share included."""
    key, log = WitnessKey.generate("court.example/w"), FakeLog()
    log.leaves, log.objects, log.witness = list(world.leaves), dict(world.objects), key.verifier
    log.openings_of = {n: [one.salt, one.secret] for n, one in enumerate(world.openings) if one}
    with served(log) as address, clock.frozen(when(world.now)):
        shown = checkpoints.read(log.checkpoint(), log.key.verifier)
        started = time.perf_counter()
        Replayer(LogOverHttp(address, key), world.genesis).check(shown)
        return time.perf_counter() - started


def _fill(world: World) -> None:
    """Everybody was tested once within a day; one in a hundred positive, by two organisations."""
    step = timedelta(hours=20) // DISTRICT // timedelta(milliseconds=1)
    for number, person in enumerate(world.people):
        world.now += step
        ill = number % SHARE == 0
        world.give(world.hospital if ill else world.laboratory, person, "test", POSITIVE if ill else NEGATIVE)
        if ill:
            world.give(world.cdc, person, "test", POSITIVE)
    for source in (world.hospital, world.cdc):
        other = world.cdc if source is world.hospital else world.hospital
        waiting = [id_ for id_, one in world.by_id.items() if one.waits and one.source is source]
        world.approve(other, waiting)
    world.publish()
    world.checkpoint()
