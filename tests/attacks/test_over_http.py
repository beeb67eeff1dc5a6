"""A server process, a witness's own program and a gate's on one machine: honest hours, a restart, and a lie."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kaimen.gate import enrolment
from kaimen.kit import clock
from kaimen.register.models import Place
from kaimen_gate.command import main as gate
from kaimen_gate.tests.running import free_port, running, until
from tests.attacks.hands import Hands
from tests.attacks.installation import MONDAY, ROOT, Town, build, opened

pytestmark = pytest.mark.django_db(databases=["default", "events"])
BIN = Path(sys.executable).parent
PATIENCE = 300  # seconds; a machine that does ten other things is slow, and that is no finding
UNREACHABLE = 1  # the status of a look that got no answer in its time


@contextmanager
def served(town: Town, now: str) -> Iterator[str]:
    """The server, as a process on the installation's folder; gives its address."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "KAIMEN_"))}
    process = subprocess.Popen(
        [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
         "--no-ws", "kaimen.project.wsgi:application"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=own | {"DJANGO_SETTINGS_MODULE": "kaimen.project.settings.test", "KAIMEN_DATA": str(town.folder),
                   "KAIMEN_CLOCK": now},
    )  # fmt: skip
    try:
        until(lambda: process.poll() is not None or answers(port), PATIENCE)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(port: int) -> bool:
    """Whether the server does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=PATIENCE):
            return True
    except urllib.error.HTTPError:
        return True  # it says that no worker runs, and so it does answer
    except OSError:
        return False


class Court:
    """`kaimen-witness` in a folder of its own."""

    def __init__(self, town: Town, folder: Path, now: str) -> None:
        self.folder, self._env = folder, os.environ | {"KAIMEN_CLOCK": now}
        folder.mkdir()
        (folder / "key.pem").write_bytes(town.witness.pem())
        (folder / "name").write_text(town.witness.name)
        self._about = ["--key", str(town.log_key()), "--genesis", bytes(town.activation.leaf_hash).hex()]

    def follows(self, address: str) -> subprocess.CompletedProcess[str]:
        """Look once; again where no answer came in time, as the program itself does every ten seconds."""
        looked: list[subprocess.CompletedProcess[str]] = []
        until(self._answered(address, looked), PATIENCE)
        return looked[-1]

    def _answered(self, address: str, looked: list[subprocess.CompletedProcess[str]]) -> Callable[[], bool]:
        def look() -> bool:
            looked.append(self._looks(address))
            return looked[-1].returncode != UNREACHABLE

        return look

    def _looks(self, address: str) -> subprocess.CompletedProcess[str]:
        asked = ["follow", "--data", str(self.folder), "--log", f"{address}/log", "--once", *self._about]
        code = "import sys; from kaimen_witness.command import main; sys.exit(main(sys.argv[1:]))"
        return subprocess.run(
            [sys.executable, "-c", code, *asked], env=self._env, capture_output=True, text=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip


def test_a_gate_shuts_by_what_the_court_replayed_and_by_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build(tmp_path / "town", 8)
    now = f"{(MONDAY + timedelta(minutes=2)).isoformat()}@{time.time()}x1"
    monkeypatch.setattr(clock, "_drill", clock.read_drill(now))
    with opened(town.folder):
        court = Court(town, tmp_path / "court", now)
        code = enrolment.invite_node(None, "B 门", list(Place.objects.filter(code="ferry-house")))
        trust = ["--genesis", bytes(town.activation.leaf_hash).hex(), "--log", str(town.log_key())]
        with served(town, now) as address:
            assert court.follows(address).returncode == 0
            again = court.follows(address)  # a new process: it hears everything again, and has nothing to sign
            assert (again.returncode, again.stdout) == (0, "")
            node = str(tmp_path / "node")
            assert gate(["enrol", "--centre", address, "--code", code, "--data", node]) == 0
            assert gate(["trust", "--data", node, *trust, "--witness", str(town.witness.verifier)]) == 0
            with running(tmp_path / "node", now) as door:
                until(lambda: (door.state()["colours"] or {}).get("as_of") is not None, PATIENCE)
                good = door.state()["colours"]
                assert good["witnessed"] == [town.witness.name]
                Hands(town, b"").turns_red()
                Hands(town, b"").signs()
                lied = court.follows(address)
                assert lied.returncode == 3
                assert "ALARM" in lied.stderr
                assert "colour-underived" in lied.stderr
                assert len(list((court.folder / "alarms").iterdir())) == 1
                assert court.follows(address).returncode == 3  # also after a start
                assert len(list((court.folder / "alarms").iterdir())) == 1
                assert door.state()["colours"]["as_of"] == good["as_of"]
