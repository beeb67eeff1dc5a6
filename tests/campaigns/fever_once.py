"""Workers killed at chance moments beside gates that send everything three times: one referral for each fever."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.tables import put_tables

PART = "incidents"
ROUNDS = 40
KILLS = 3  # of workers, a round
_ROOT = Path(__file__).resolve().parents[2]
# A district with a grid officer, and a gate that sends its day three times, mixed, while workers come and go.
_GATE = """
import django, random, sys; django.setup()
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID
from kaimen.gate import ingest
from kaimen.kit import clock
from kaimen.packs import read_folder
from kaimen.register.installing import install_pack
from kaimen.register.models import Person, Place, Post
from kaimen_gate import wire
chance = random.Random(int(sys.argv[1]))
install_pack(read_folder(Path("packs/template")))
house = Place.objects.get(code="ferry-house")
officer = Person.objects.create(name="管一程", area=house.area)
Post.objects.create(person=officer, role="grid-officer", area=house.area, since=date(2020, 1, 1))
print("ready", flush=True)
node, chain, fevers = UUID(int=chance.getrandbits(128)), [], 0
for seq in range(1, 121):
    hot = chance.random() < 0.2
    fevers += hot
    said = dict(verdict="desk", reason="fever", reasons=("fever",)) if hot else dict(verdict="enter", reason="on-list")
    chain.append(wire.Entry(
        id=UUID(int=chance.getrandbits(128)), node=node, epoch=1, seq=seq, place="ferry-house", at=clock.now(),
        previous=wire.link(chain[-1]) if chain else wire.FIRST_LINK, direction="in", index=seq, how="card", data_age=1,
        **said).to_bytes())
here = {"ferry-house": "ferry-house"}
starts = list(range(0, 120, 10)) * 3
chance.shuffle(starts)
for start in [*starts, *sorted(starts)]:
    try:
        ingest.take(node.bytes, chain[max(0, start - chance.randrange(10)) : start + 10], here)
    except ingest.ChainBroken as broken:
        assert not broken.forked
print(fevers, flush=True)
"""
_WORKER = """
import django, time; django.setup()
from kaimen.incidents.jobs import incidents_open
while True: incidents_open(); time.sleep(0.005)
"""
_READ = """
import django, json; django.setup()
from kaimen.gate.call_models import Call
from kaimen.incidents.actions import answer_calls
from kaimen.incidents.models import Incident
from kaimen.notify.models import Message
while answer_calls(): pass
entries = [str(one) for one in Incident.objects.values_list("entry", flat=True)]
print(json.dumps([entries, Message.objects.count(), Call.objects.filter(taken_at=None).count()]))
"""


def prove(seed: int) -> int:
    """One round: a fresh installation, two workers at a time, a few killed; then everything is counted."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kaimen-fever-") as folder:
        put_tables(Path(folder))
        environ = os.environ | {"KAIMEN_DATA": folder, "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
        environ.pop("PYTEST_XDIST_WORKER", None)
        gate = _started(_GATE, environ, str(seed))
        assert gate.stdout is not None
        assert gate.stdout.readline() == b"ready\n"
        _workers_come_and_go(environ, chance)
        fevers = int(gate.communicate()[0])
        assert gate.returncode == 0
        said = subprocess.check_output([sys.executable, "-c", _READ], env=environ, cwd=_ROOT)
        entries, messages, waiting = json.loads(said)
    assert len(entries) == len(set(entries)) == fevers, "a fever has no referral, or two"
    assert (messages, waiting) == (fevers, 0), "the officer was not told of each fever once"
    return fevers


def _workers_come_and_go(environ: dict[str, str], chance: random.Random) -> None:
    workers = [_started(_WORKER, environ) for _ in range(2)]
    try:
        for _ in range(KILLS - 2):
            time.sleep(0.4 + chance.random())
            _killed(workers.pop(0))
            workers.append(_started(_WORKER, environ))
        time.sleep(0.4 + chance.random())
    finally:
        for worker in workers:
            _killed(worker)


def _killed(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()  # SIGKILL: nothing is tidied up
    worker.communicate()


def _started(code: str, environ: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environ, cwd=_ROOT, stdout=subprocess.PIPE)
