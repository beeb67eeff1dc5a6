"""Fifty gates cut off for a day decide throughout; drained, the centre's counts are what people were told, to the unit.

Real nodes, each a process on its own disk, and the real centre over HTTP, on a clock that plays the day in a minute.
Some nodes are killed while they are cut off; some questions are asked twice. The first round is a short one.
"""

import json
import random
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any
from uuid import UUID

from kaimen.kit.clock import Drill
from kaimen.project.demo.processes import House
from kaimen_gate import wire as entries
from kaimen_gate.enrolment import enrol
from kaimen_gate.tests.running import Running, free_port, until
from tests.campaigns._wires import Wire, wire
from tests.e2e.stack import APPLICATION, BIN, GRANIAN, Stack, environment_of
from tests.tables import put_tables

PART = "gate"
ROUNDS = 3
_DAY = datetime.fromisoformat("2020-03-16T00:00:00+08:00")
_MOST = 40  # people shown at a gate
_ASK = """
from kaimen.demo.definitions import Sample
from kaimen.gate.enrolment import invite_node
from kaimen.gate.models import Pass, RosterLine
from kaimen.gate.snapshots import centre_key
from kaimen.passes import issue
from kaimen.register.models import Place
key, expires = centre_key(), Pass.objects.order_by("expires").first().expires
lines = RosterLine.objects.values_list("roster__place__code", "employment__person__passes__index").distinct()
by_place = {}
for code, index in lines.order_by("roster__place__code", "employment__person__passes__index"):
    by_place.setdefault(code, []).append(index)
codes = sorted(by_place)
answer = []
for at in range(NODES):
    code = codes[at % len(codes)]
    shown = [issue(key, index, expires) for index in by_place[code][:MOST]]
    invited = invite_node(None, f"gate {at}", [Place.objects.get(code=code)])
    answer.append([code, invited, shown])
"""


@dataclass(frozen=True)
class Size:
    """How much a round does."""

    nodes: int
    seconds: float  # the real time of the 24 hours
    pack: str
    before: float  # real seconds for everything to start, before the day begins
    killed: int
    pause: float = 0.25  # seconds between two people at a gate, on average

    @property
    def speed(self) -> float:
        """Of the clock."""
        return 86_400 / self.seconds


_SHORT = Size(3, 8.0, "packs/template", 6.0, 1)
_WHOLE = Size(50, 72.0, "packs/qingdao-2020", 60.0, 5)


@dataclass
class Gate:
    """One gate: its process, the people who come, and what each was told."""

    place: str
    codes: list[str]
    node: Running
    told: dict[str, dict[str, Any]] = field(default_factory=dict)


def prove(seed: int) -> int:
    """One round. Raises AssertionError."""
    size = _WHOLE if seed else _SHORT
    with TemporaryDirectory(prefix="kaimen-cut-") as name, ExitStack() as open_:
        folder, port = Path(name), free_port()
        cable = open_.enter_context(wire(folder, port))
        stack = Stack(f"http://{cable.host}:{port}", "", folder, environment_of(folder, 0, _DAY.isoformat()))
        put_tables(folder)
        stack.kaimen_each(["pack", "load", size.pack], ["demo", "sample"])
        asked = stack.ask(_ASK.replace("NODES", str(size.nodes)).replace("MOST", str(_MOST)))
        clock = Drill(_DAY - timedelta(seconds=size.before * size.speed), time.time(), size.speed)
        house = House({**stack.environment, "KAIMEN_CLOCK": clock.text()})
        open_.callback(house.stop)
        command = [*GRANIAN[:2], "--host", cable.host, *GRANIAN[4:], "--port", str(port), APPLICATION]
        house.start("web", [str(BIN / "granian"), *command], folder / "web.log")
        house.wait_for(f"{stack.url}/health/")
        told: list[dict[str, Any]] = []
        day = _Day(size, cable, clock, folder, random.Random(seed))
        cable.inside(lambda: told.extend(day.played(asked, cable.address(port))))
    return len(told)


class _Day:
    """The gates' side of a round."""

    def __init__(self, size: Size, cable: Wire, clock: Drill, folder: Path, chance: random.Random) -> None:
        self._size, self._cable, self._clock, self._folder, self._chance = size, cable, clock, folder, chance
        self._events = folder / "events.sqlite3"

    def played(self, asked: list[tuple[str, str, list[str]]], centre: str) -> list[dict[str, Any]]:
        """Start the nodes, cut them off, ask them all day, drain them, compare. Gives every answer."""
        gates: list[Gate] = []
        try:
            with ThreadPoolExecutor(4) as starting:
                gates += starting.map(lambda one: self._gate(one, centre), asked)
            until(lambda: self._clock.now() > _DAY and all(self._has_todays_list(gate) for gate in gates))
            before = self._counted()
            self._cable.cut()
            self._cut_off(gates)
            assert self._counted() == before, "something passed a wire that was cut"
            until(lambda: not any(gate.node.state()["online"] for gate in gates))
            self._cable.mend()
            until(lambda: all(gate.node.state()["unsent"] == 0 for gate in gates), 300)
            assert self._counted() - before == self._truth(gates), "the counts are not what people were told"
        finally:
            for gate in gates:
                gate.node.kill()
        return [told for gate in gates for told in gate.told.values()]

    def _gate(self, asked: tuple[str, str, list[str]], centre: str) -> Gate:
        place, invitation, codes = asked
        data = self._folder / "nodes" / invitation
        data.parent.mkdir(exist_ok=True)
        enrol(data, centre, invitation, "a gate")
        return Gate(place, codes, Running(data, self._clock.text()))

    def _has_todays_list(self, gate: Gate) -> bool:
        (held,) = gate.node.state()["places"]
        return bool(held["people"]) and datetime.fromisoformat(held["made_at"]) >= _DAY

    def _cut_off(self, gates: list[Gate]) -> None:
        """Twenty-four hours of the day's clock; a few nodes are killed and start again without a network."""
        until_, over = time.monotonic() + self._size.seconds, Event()
        with ThreadPoolExecutor(len(gates)) as lanes:
            seeds = [self._chance.getrandbits(64) for _ in gates]
            work = [
                lanes.submit(self._lane, gate, random.Random(seed), over)
                for gate, seed in zip(gates, seeds, strict=True)
            ]
            for gate in self._chance.sample(gates, self._size.killed):
                time.sleep(self._size.seconds / (self._size.killed + 2))
                gate.node.kill()
                gate.node.start()
            time.sleep(max(0.0, until_ - time.monotonic()))
            over.set()
            for one in work:
                one.result()

    def _lane(self, gate: Gate, chance: random.Random, over: Event) -> None:
        """People come to one gate until the day is over; whom it did not answer asks again, with the same id."""
        while not over.wait(chance.expovariate(1 / self._size.pause)):
            code = chance.choice(gate.codes) if chance.random() < 0.9 else "KM1:NOTHING"
            body = {"id": str(UUID(int=chance.getrandbits(128), version=4)), "place": gate.place,
                    "direction": chance.choice(("in", "out")), "code": code}  # fmt: skip
            for _ in range(2 if chance.random() < 0.1 else 1):
                said = self._answered(gate, json.dumps(body).encode())
                assert gate.told.setdefault(body["id"], said) == said, "asked again, it says something else"

    def _answered(self, gate: Gate, body: bytes) -> dict[str, Any]:
        while True:
            try:
                status, said = gate.node.ask("POST", "/v1/scans", body)
            except (OSError, ValueError):
                time.sleep(0.05)
                continue
            assert status == 200, said
            told = {"place": gate.place, "at": said["at"], "verdict": said["verdict"]}
            return told | {"direction": json.loads(body)["direction"]}

    def _truth(self, gates: list[Gate]) -> Counter[tuple[Any, ...]]:
        """Counted from what people were told, without a line of the centre's code."""
        counted: Counter[tuple[Any, ...]] = Counter()
        for told in (told for gate in gates for told in gate.told.values()):
            at = datetime.fromisoformat(told["at"]).astimezone(_DAY.tzinfo)
            what = entries.DIRECTIONS.index(told["direction"]), entries.VERDICTS.index(told["verdict"])
            counted[told["place"], at.date().isoformat(), at.hour * 4 + at.minute // 15, *what] += 1
        return counted

    def _counted(self) -> Counter[tuple[Any, ...]]:
        """The centre's counters, read from its file."""
        with closing(sqlite3.connect(f"file:{self._events}?mode=ro", uri=True)) as events:
            rows = events.execute("SELECT gate, day, quarter, direction, verdict, n FROM events_count").fetchall()
        return Counter({tuple(row[:-1]): row[-1] for row in rows})
