"""However often a node is killed under load, each answered scan is in its journal and at the centre, once, in order."""

import http.client
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from kaimen.kit.ids import new_id
from kaimen_gate import wire
from kaimen_gate.enrolment import enrol
from kaimen_gate.tests.fake_centre import PLACE, FakeCentre, served, snapshot
from kaimen_gate.tests.running import Running, running, until
from kaimen_gate.tests.test_journal import chain

PART = "gate"
ROUNDS = 100
KILLS = 2
_LANES = 6


@dataclass
class Asked:
    """What gates asked: bodies without an answer, and the time each answered id was told."""

    code: str
    waiting: list[str] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def next(self) -> str:
        """An id to ask for: first those nobody answered, with the same id again."""
        with self.lock:
            return self.waiting.pop() if self.waiting else str(new_id())


def prove(seed: int) -> int:
    """One round: a node, killed at moments of chance, each time started again on what is left."""
    chance, centre = random.Random(seed), FakeCentre()
    centre.publish(snapshot(centre.key, datetime.now(UTC), opens="00:00", closes="24:00"))
    asked = Asked(centre.code(11))
    with _node(centre) as node:
        for _ in range(KILLS):
            _until_killed(node, asked, chance)
            centre.forgets_to_answer = chance.randint(0, 2)  # of batches: taken, and the line is cut
            node.start()
        for id_ in asked.waiting:
            _ask(node, id_, asked)
        _check(node, centre, asked)
    return len(asked.answered)


@contextmanager
def _node(centre: FakeCentre) -> Iterator[Running]:
    with TemporaryDirectory(prefix="kaimen-kills-") as folder, served(centre) as address:
        enrol(Path(folder) / "node", address, "GOOD-CODE", "east gate")
        with running(Path(folder) / "node") as node:
            yield node


def _until_killed(node: Running, asked: Asked, chance: random.Random) -> None:
    with ThreadPoolExecutor(_LANES) as lanes:
        work = [lanes.submit(_lane, node, asked) for _ in range(_LANES)]
        time.sleep(chance.uniform(0.05, 0.4))
        node.kill()
        for one in work:
            one.result()


def _lane(node: Running, asked: Asked) -> None:
    """Ask until nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", node.port, timeout=10)
    headers = {"Authorization": f"Bearer {node.token}"}
    while True:
        id_ = asked.next()
        try:
            line.request("POST", "/v1/scans", _body(id_, asked.code), headers)
            answer = line.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 200, said
            asked.answered[id_] = said["at"]
        except (OSError, ValueError, http.client.HTTPException):
            asked.waiting.append(id_)
            line.close()
            return


def _ask(node: Running, id_: str, asked: Asked) -> None:
    status, said = node.ask("POST", "/v1/scans", _body(id_, asked.code))
    assert status == 200, said
    asked.answered[id_] = said["at"]


def _body(id_: str, code: str) -> bytes:
    return json.dumps({"id": id_, "place": PLACE, "direction": "in", "code": code}).encode()


def _check(node: Running, centre: FakeCentre, asked: Asked) -> None:
    held = {str(entry.id): entry for entry in chain(node.data / "journal.sqlite3")}  # raises ChainBroken
    told = {id_: held[id_].at.isoformat(timespec="milliseconds") for id_ in asked.answered if id_ in held}
    assert told == asked.answered, "an answered scan is lost, or another was stored"
    until(lambda: node.state()["unsent"] == 0)
    (raws,) = centre.entries.values()
    assert [wire.read_entry(raw).id for raw in raws] == [entry.id for entry in held.values()], "the centre differs"
    assert len(held) == len(raws), "an entry is there twice"
