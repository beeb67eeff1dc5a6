"""However recorders and sequencers are killed, every leaf that was acknowledged is in the log once, in one history."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kaimen.proofs import checkpoints
from kaimen.proofs.merkle import Frontier, leaf_hash
from kaimen.proofs.notes import VerifierKey

PART = "log"
ROUNDS = 200
KILLS = 2
_ROOT = Path(__file__).resolve().parents[2]
_KILLED = _ROOT / "src" / "kaimen" / "ledger" / "tests" / "killed.py"
_READ = """
import django, json; django.setup()
from kaimen.ledger.advancing import advance
from kaimen.ledger.models import Checkpoint, Leaf, Log, PendingLeaf, Opening
while advance() or PendingLeaf.objects.exists(): pass
leaves = [[leaf.hex, bytes(data).hex()] for leaf, data in Leaf.objects.order_by("index").values_list("leaf", "data")]
logs = list(Log.objects.values_list("verifier", flat=True))
notes = list(Checkpoint.objects.order_by("id").values_list("note", flat=True))
print(json.dumps([leaves, logs, notes, Opening.objects.count()]))
"""


def prove(seed: int) -> int:
    """One round: a fresh installation, a few kills at chance moments, then everything is checked."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kaimen-log-") as folder:
        environ = os.environ | {"KAIMEN_DATA": folder, "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
        environ.pop("PYTEST_XDIST_WORKER", None)
        migrate = [str(Path(sys.executable).parent / "kaimen"), "migrate", "ledger", "--verbosity", "0"]
        subprocess.run(migrate, env=environ, check=True, cwd=_ROOT)
        acknowledged: list[str] = []
        for _ in range(KILLS):
            acknowledged += _until_killed(environ, chance)
        _check(acknowledged, environ)
    return len(acknowledged)


def _until_killed(environ: dict[str, str], chance: random.Random) -> list[str]:
    """Two recorders and two sequencers, killed one after another; the leaves the recorders were told are kept."""
    works = ["record", "record", "advance", "advance"]
    running = [
        subprocess.Popen([sys.executable, str(_KILLED), work], env=environ, cwd=_ROOT, stdout=subprocess.PIPE)
        for work in works
    ]
    try:
        said = b"".join(process.stdout.readline() for process in running if process.stdout)  # all have begun
        chance.shuffle(running)
        for process in running:
            time.sleep(chance.random() * 0.4)
            process.send_signal(signal.SIGKILL)
    finally:
        for process in running:
            process.kill()
    told = said + b"".join(process.communicate()[0] for process in running)
    return [word for line in told.decode().splitlines(keepends=True) if line.endswith("\n") for word in line.split()]


def _check(acknowledged: list[str], environ: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", _READ], env=environ, cwd=_ROOT, capture_output=True, check=True)
    leaves, logs, notes, openings = json.loads(done.stdout)
    ids = [leaf for leaf, _data in leaves]
    assert len(ids) == len(set(ids)), "a leaf is in the log twice"
    assert set(acknowledged) <= set(ids), "an acknowledged leaf is lost"
    assert openings == len(ids), "a leaf without its opening"
    (log,) = [VerifierKey.read(one) for one in logs]
    signed = [checkpoints.read(note, log).checkpoint for note in notes]
    roots = {one.size: one.root for one in signed}
    assert len(roots) == len(signed), "one size was signed twice"
    tree = Frontier()
    for _leaf, data in leaves:
        tree.append(leaf_hash(bytes.fromhex(data)))
        assert roots.get(tree.size, tree.root()) == tree.root(), "what was signed is not what is there"
    assert signed[-1].size == len(leaves)
