"""A node as it is run: `kaimen-gate serve` in a process of its own, with the lists that a centre would have sent."""

import base64
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import django
import psutil

from kaimen.colours import lists
from kaimen.gate.definitions import GateProfile
from kaimen.kit import clock
from kaimen.kit.ids import new_id
from kaimen.kit.keys import SigningKey
from kaimen.packs.pack import read_folder
from kaimen_gate.enrolment import KEY, LISTS, PAPER, PINS
from kaimen_gate.lists import Lists
from kaimen_gate.tests.colour_world import ColourWorld, leaf, millis
from kaimen_gate.wire import Card, Expected, Manual, Override, PassKey, Snapshot, card_digest, write_snapshot

PORT = 8838
PLACE = "bench-gate"
CITY, COLOURED = 10_000_000, 100_000  # places of the list of colours; those that are not of the usual one
_PACK = Path(__file__).parents[1] / "packs" / "qingdao-2020"
_SERVE = "import sys; from kaimen_gate.command import main; sys.exit(main(sys.argv[1:]))"
_SLOWLY = (
    "import sys; from kaimen_gate.command import main; from kaimen_gate.tests.sqlite_disk import SlowDisk\n"
    "with SlowDisk(float(sys.argv[1])): sys.exit(main(sys.argv[2:]))"
)


@dataclass(frozen=True)
class Started:
    """A node that answers."""

    process: int
    token: str
    after: float  # seconds from its start to its first answer
    memory: float  # MiB, when it answers first
    most: float  # MiB, the most it ever had until then


@contextmanager
def node(data: Path, fsync: float = 0) -> Iterator[Started]:
    """The node in `data`, its fsyncs so many seconds slower. No centre answers it."""
    program = [_SLOWLY, str(fsync)] if fsync else [_SERVE]
    begun = time.perf_counter()
    command = [sys.executable, "-c", *program, "serve", "--data", str(data), "--port", str(PORT)]
    with answering(command) as process:
        after = time.perf_counter() - begun
        yield Started(
            process, (data / "token").read_text(), after, psutil.Process(process).memory_info().rss / 2**20,
            _most(process),
        )  # fmt: skip


@contextmanager
def answering(command: list[str]) -> Iterator[int]:
    """The id of a process that answers on PORT; ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    try:
        _wait()
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def enrolled(data: Path, key: SigningKey, people: dict[str, int]) -> None:
    """What enrolling and a first sync leave on disk: for each place a list of so many, and the city's colours."""
    SigningKey.kept_at(data / KEY)
    paper = {
        "node": str(new_id()), "centre": "http://127.0.0.1:9", "places": list(people),
        "centre_key": base64.b64encode(key.public.raw).decode(),
    }  # fmt: skip
    (data / PAPER).write_text(json.dumps(paper))
    held = Lists(data / LISTS, key.public, list(people))
    first = 0
    for place, count in people.items():
        held.take(place, write_snapshot(_snapshot(place, key, first, count), key))
        first += count
    world, proof = _colours(key)
    world.pins.keep(data / PINS)
    (data / "colours.list").write_bytes(proof)


def card_number(index: int) -> str:
    """Of the card that stands for a pass."""
    return f"04:{index:012X}"


def _snapshot(place: str, key: SigningKey, first: int, count: int) -> Snapshot:
    """As a centre compiles it from the pack: its rules, words and reasons."""
    people = range(first, first + count)
    profile = _profile()
    return Snapshot(
        place, ("门", "Gate"), 1, clock.now(), "00:00", "24:00", "Asia/Shanghai", (PassKey(key.public.raw),),
        organisations=tuple((f"单位{n}", f"Firm {n}", True) for n in range(50)),
        people=tuple(Expected(n, f"人{n}", n % 50, str(n % 30), f"{n % 10_000:04}") for n in people),
        revoked=frozenset(range(CITY // 2, CITY // 2 + 10_000)),
        words=profile.words(), colours=("green", "red", "yellow"), rules=profile.wire_rules(),
        parameters=profile.wire_parameters(),
        cards=tuple(sorted((Card(card_digest(place, card_number(n)), n) for n in people), key=attrgetter("digest"))),
        manual=tuple(Manual(code, one.zh, one.en) for code, one in profile.manual.items()),
        overrides=tuple(
            Override(code, one.title.zh, one.title.en, one.asks, one.lifts)
            for code, one in profile.overrides.items()
        ),
        building=place,
    )  # fmt: skip


@cache
def _profile() -> GateProfile:
    django.setup()
    return next(iter(read_folder(_PACK).all(GateProfile)))


@cache
def _colours(key: SigningKey) -> tuple[ColourWorld, bytes]:
    """The colours of a city, with their proof; nobody on a bench's name list has another than the usual one."""
    chance, now = Random(1), clock.now() - timedelta(minutes=1)
    values = {place: chance.choice((1, 2)) for place in chance.sample(range(CITY // 10, CITY), COLOURED)}
    made = lists.packed(values, lists.places_for(CITY), 2)
    world = ColourWorld(key, now)
    said: dict[str, Any] = {"status": "person", "bits": 2, "size": made.size, "log": 2, "as_of": millis(now)}
    world.leaves.append(leaf("list", now, digest=made.digest, counts={}, **said))
    return world, world.proof(made, now).to_bytes()


def _most(process: int) -> float:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _wait() -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.005)
    raise RuntimeError(f"no node answers on port {PORT}; is the port taken?")
