"""Ingest: signed batches from many gates into a real server over HTTP, while the desk goes on working.

Two servers as an installation runs them: one for pages, one that takes entries. Everything shares the machine's cores:
the gates' side, the desks, both servers. The events that are there before are written by SQL; those that are measured
were made, chained and signed as a node does, before the clock starts.
"""

import base64
import http.client
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import psutil

from bench.ingest_split import split
from bench.pages import BIN, NAMES, enter, post, served
from bench.table import Row, p95
from kaimen.kit import ids
from kaimen.kit.keys import SigningKey
from kaimen.project.demo.options import free_port
from kaimen.project.demo.processes import House
from kaimen_gate import wire

GATES, LANES = 77, 8  # nodes; connections they come over
BATCHES = 1_000  # of a thousand entries, at each size
HELD = (1_000_000, 10_000_000)  # events there before
LEAST, SLOWEST = 50_000.0, 150.0  # events a second; ms
PEOPLE = 49_514
DESKS = 8  # each opens a page a second
ALONE = 20.0  # seconds that the desks work without any gate
_PEAK = datetime(2020, 3, 15, 23, 30, tzinfo=UTC)  # half past seven in Shanghai


@dataclass(frozen=True)
class Gate:
    """A node: who it is, where it stands, its private key."""

    node: str
    place: str
    key: bytes


@dataclass(frozen=True)
class Server:
    """A server: its address, its first process."""

    url: str
    pid: int

    def busy(self) -> float:
        """Seconds of processor time that it and what it started have used."""
        first = psutil.Process(self.pid)
        times = [one.cpu_times() for one in (first, *first.children(recursive=True))]
        return sum(one.user + one.system for one in times)


def run() -> list[Row]:
    """Measure both sizes in one folder."""
    with tempfile.TemporaryDirectory(prefix="kaimen-ingest-") as name, served(Path(name), PEOPLE) as pages:
        folder = Path(name)
        gates = _enrolled(folder)
        with _taking_entries(folder) as server:
            rows = [*split(), *_desks_alone(pages)]
            for epoch, held in enumerate(HELD, 2):
                _fill(folder / "events.sqlite3", held, gates)
                rows += _measured(pages, server, gates, (epoch, held))
    return rows


@contextmanager
def _taking_entries(folder: Path) -> Iterator[Server]:
    """The server that takes entries, as docs/operate/install.md starts it."""
    port = free_port()
    house = House(os.environ | {"KAIMEN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"})
    command = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    try:
        started = house.start(
            "entries", [str(BIN / "granian"), *command, "kaimen.project.wsgi:application"], folder / "in.log"
        )
        house.wait_for(f"http://127.0.0.1:{port}/health/")
        yield Server(f"http://127.0.0.1:{port}", started.process.pid)
    finally:
        house.stop()


_ENROL = """
import base64, json, sys, django
django.setup()
from kaimen.gate.models import Node
from kaimen.register.models import Place
places = list(Place.objects.filter(kind="building", parent=None).exclude(profile="").order_by("code"))
said = []
for at, key in enumerate(json.load(sys.stdin)):
    node = Node.objects.create(name=f"gate {at}", public_key=base64.b64decode(key))
    node.places.add(places[at % len(places)])
    said.append([str(node.pk), places[at % len(places)].code])
print(json.dumps(said))
"""


def _enrolled(folder: Path) -> list[Gate]:
    keys = [SigningKey.generate() for _ in range(GATES)]
    public = json.dumps([base64.b64encode(key.public.raw).decode() for key in keys])
    environ = os.environ | {"KAIMEN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
    said = subprocess.run(
        [sys.executable, "-c", _ENROL], input=public, env=environ, check=True, stdout=subprocess.PIPE, text=True
    )
    return [Gate(node, place, key.pem()) for (node, place), key in zip(json.loads(said.stdout), keys, strict=True)]


def _fill(path: Path, held: int, gates: Sequence[Gate]) -> None:
    """Bring the file to `held` events, in the order they would have come: a batch of each gate in turn."""
    file = sqlite3.connect(path, isolation_level=None, timeout=60)
    file.execute("PRAGMA synchronous=OFF")
    file.execute("CREATE TEMP TABLE gate (n INTEGER PRIMARY KEY, node BLOB, place TEXT)")
    file.executemany(
        "INSERT INTO gate VALUES (?, ?, ?)", [(n, UUID(g.node).bytes, g.place) for n, g in enumerate(gates)]
    )
    (there,) = file.execute("SELECT coalesce(max(seq), 0) FROM events_entry").fetchone()
    for first in range(there, held, 500_000):
        last = min(held, first + 500_000)
        file.execute(_FILL, {"first": first, "last": last, "gates": len(gates)})
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()


_FILL = """
    WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last)
    INSERT INTO events_entry
        (node, epoch, node_seq, place, gate, day, quarter, direction, verdict, reason, "index", raw)
    SELECT node, 1, i, place, place, date('2020-02-01', (i / 250000) || ' days'), i / 2600 % 96, i % 2, 0, 'on-list',
        abs(random() % 16777216), randomblob(120)
    FROM n CROSS JOIN gate ON gate.n = i / 1000 % :gates
"""


def _measured(pages: str, server: Server, gates: list[Gate], at: tuple[int, int]) -> list[Row]:
    epoch, held = at
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    sender = context.Process(target=send_all, args=(theirs, server.url, gates, epoch), daemon=True)
    sender.start()
    ours.recv()  # every batch is made and signed
    stop = threading.Event()
    took: list[float] = []
    desks = threading.Thread(target=_work_at_desks, args=(pages, stop, took))
    desks.start()
    before = server.busy()
    ours.send("go")
    seconds, inserted = ours.recv()
    busy = server.busy() - before
    stop.set()
    desks.join()
    sender.join()
    if inserted != BATCHES * wire.BATCH:
        raise RuntimeError(f"{inserted} events were inserted of {BATCHES * wire.BATCH}")
    size = f"{held:,} events there before"
    return [
        Row(f"events taken over HTTP, signed batches of 1,000, {size}", inserted / seconds, "/s", LEAST, "more"),
        Row("… processor time of the server that takes them", busy / inserted * 1e6, "µs an event"),
        Row(f"… a desk’s page meanwhile, {len(took)} of them: p95", p95(took), "ms", SLOWEST),
    ]


def _desks_alone(pages: str) -> list[Row]:
    stop, took = threading.Event(), list[float]()
    desks = threading.Thread(target=_work_at_desks, args=(pages, stop, took))
    desks.start()
    time.sleep(ALONE)
    stop.set()
    desks.join()
    return [Row(f"a desk’s page without any gate, {len(took)} of them: p95", p95(took), "ms")]


def _work_at_desks(pages: str, stop: threading.Event, took: list[float]) -> None:
    """Desks open the board, search for people, look at lists and gates: each a page a second."""
    desks = [threading.Thread(target=_desk, args=(pages, number, stop, took)) for number in range(DESKS)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()


def _desk(pages: str, number: int, stop: threading.Event, took: list[float]) -> None:
    slug, path = [
        ("counter-officer", "/people/"), ("district-commander", "/board/"), ("building-manager", "/gates/"),
        ("company-clerk", "/roster/"),
    ][number % 4]  # fmt: skip
    names = cycle(NAMES)
    with httpx.Client(base_url=pages, timeout=60) as client:
        enter(client, slug)
        time.sleep(number / DESKS)
        while not stop.is_set():
            answer = post(client, path, q=next(names)) if path == "/people/" else client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.url} answered {answer.status_code}")
            seconds = answer.elapsed.total_seconds()
            took.append(seconds * 1000)
            stop.wait(max(0.0, 1.0 - seconds))


def send_all(told: Connection, address: str, gates: list[Gate], epoch: int) -> None:
    """A process of its own: makes every gate's batches, waits for the word, sends them over a few connections."""
    share = -(-BATCHES // len(gates))
    lanes: list[list[bytes]] = [[] for _ in range(LANES)]
    made = [_batches(gate, epoch, share) for gate in gates]
    for turn in range(share):  # all gates at once, as at eight in the morning
        for number, batches in enumerate(made):
            if turn * len(gates) + number < BATCHES:
                lanes[number % LANES].append(batches[turn])
    told.send("ready")
    told.recv()
    inserted = [0] * LANES
    threads = [threading.Thread(target=_lane, args=(address, lane, inserted, n)) for n, lane in enumerate(lanes)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.send((time.perf_counter() - begun, sum(inserted)))


def _batches(gate: Gate, epoch: int, count: int) -> list[bytes]:
    node, key = UUID(gate.node), SigningKey.from_pem(gate.key)
    raws, previous = [], wire.FIRST_LINK
    for seq in range(1, count * wire.BATCH + 1):
        at = _PEAK + timedelta(milliseconds=seq * 400)
        direction: wire.Direction = "out" if seq % 9 == 0 else "in"
        raw = wire.Entry(
            ids.new_id(), node, epoch, seq, previous, gate.place, at, direction, "enter", "on-list",
            seq * 7919 % 2**24, "code", 61,
        ).to_bytes()  # fmt: skip
        raws.append(raw)
        previous = wire.link(raw)
    pieces = [raws[start : start + wire.BATCH] for start in range(0, len(raws), wire.BATCH)]
    return [wire.write_batch(piece, node, key) for piece in pieces]


def _lane(address: str, batches: list[bytes], inserted: list[int], number: int) -> None:
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    for batch in batches:
        line.request("POST", "/api/gate/entries", batch, {"Content-Type": "application/cbor"})
        said = json.loads(line.getresponse().read())
        if "inserted" not in said:
            raise RuntimeError(str(said))
        inserted[number] += said["inserted"]
    line.close()
