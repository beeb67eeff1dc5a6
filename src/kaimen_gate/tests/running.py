"""A real node: enrolled, in a process of its own, on a port of this machine, killed without asking."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kaimen.kit.ids import new_id
from kaimen_gate.tests.fake_centre import PLACE

COMMAND = [sys.executable, "-c", "import sys; from kaimen_gate.command import main; sys.exit(main(sys.argv[1:]))"]


class Running:
    """A node process and a line to it."""

    def __init__(self, data: Path, clock: str = "", more: Sequence[str] = ()) -> None:
        """`more`: what else `kaimen-gate serve` is told."""
        self.data, self._clock, self._more = data, clock, more
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Start the process; returns when it answers."""
        with (self.data / "stderr").open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--data", str(self.data), "--port", str(self.port), *self._more],
                env=os.environ | {"KAIMEN_CLOCK": self._clock}, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        until(lambda: self.process.poll() is None and self.healthy())
        self.token = (self.data / "token").read_text()

    def healthy(self) -> bool:
        """Whether it answers at all."""
        try:
            return self.ask("GET", "/health", token="")[0] in (200, 503)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut does to a process: at once, nothing flushed."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As an operator does; gives the exit status."""
        self.process.terminate()
        return self.process.wait(10)

    def ask(
        self, method: str, path: str, body: bytes | None = None, token: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """One request; gives status and JSON."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def scan(self, **said: Any) -> tuple[int, dict[str, Any]]:
        """A scan; `id`, `place` and `direction` have defaults."""
        body = {"id": str(new_id()), "place": PLACE, "direction": "in"} | said
        return self.ask("POST", "/v1/scans", json.dumps(body).encode())

    def state(self) -> dict[str, Any]:
        """What it says of itself."""
        return self.ask("GET", "/v1/state")[1]

    def log(self) -> str:
        """What it wrote to its standard error."""
        return (self.data / "stderr").read_text()


@contextmanager
def running(data: Path, clock: str = "") -> Iterator[Running]:
    """A node that is surely gone afterwards."""
    node = Running(data, clock)
    try:
        yield node
    finally:
        node.process.kill()
        node.process.wait()


def free_port() -> int:
    """A port nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something that comes soon; fail if it does not."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
