"""The whole of Kaimen, really running: pages, worker, gate node, in a folder of their own on free ports."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaimen.project.demo.processes import House
from tests.tables import put_tables

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MORNING = "2020-03-16T08:00:00+08:00"  # the day of the story, inside opening hours
PATIENCE = 60.0
GRANIAN = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "2", "--no-ws"]
APPLICATION = "kaimen.project.wsgi:application"


class NotStarted(RuntimeError):
    """Something that should run does not; what it said last is in the message."""


@dataclass(frozen=True)
class Stack:
    """What a journey needs to know about the running district."""

    url: str
    node_url: str
    data: Path
    environment: dict[str, str]

    def kaimen(self, *arguments: str) -> str:
        """Run a management command; what it printed."""
        return self._run(str(BIN / "kaimen"), *arguments)

    def kaimen_each(self, *commands: list[str]) -> list[str]:
        """Run management commands, one after the other in one process; what each printed."""
        code = (
            "import contextlib, io\nfrom django.core.management import call_command\nanswer = []\n"
            f"for command in {commands!r}:\n"
            "    with contextlib.redirect_stdout(io.StringIO()) as said: call_command(*command)\n"
            "    answer.append(said.getvalue())"
        )
        said: list[str] = self.ask(code)
        return said

    def ask(self, code: str) -> Any:
        """Run Python inside the district; what it leaves in `answer`, as JSON brings it over."""
        lines = ["import django, json", "django.setup()", code, "print(json.dumps(answer))"]
        return json.loads(self._run(sys.executable, "-c", "\n".join(lines)).splitlines()[-1])

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE * 2
        )
        if done.returncode:
            raise NotStarted(f"{' '.join(command)[:200]}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        assert isinstance(port, int)
        return port


@contextmanager
def running(data: Path, pack: str = "packs/template", *, sample: bool = True) -> Iterator[Stack]:
    """The district of `pack` with its sample, from 08:00 of the story's day, until the context ends.

    Without the sample nobody is on file, no activation is in force, and no gate stands.
    """
    web, node = free_port(), free_port()
    stack = Stack(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{node}", data, environment_of(data, node))
    put_tables(data)
    stack.kaimen_each(["pack", "load", pack], *([["demo", "sample"]] if sample else []))
    house = House(stack.environment)
    try:
        house.start("web", [str(BIN / "granian"), *GRANIAN, "--port", str(web), APPLICATION], data / "web.log")
        worker = ["work", "--interval", "0.2"]
        house.start("worker", [str(BIN / "kaimen"), *worker], data / "worker.log")
        house.wait_for(f"{stack.url}/health/")
        if sample:
            _gate(stack, house, node)
        yield stack
    finally:
        house.stop()


def _gate(stack: Stack, house: House, node: int) -> None:
    """The node that decides at the gates."""
    _enrol(stack)
    serve = ["serve", "--data", str(stack.data / "node"), "--port", str(node)]
    token = ["--token-file", str(stack.data / "keys" / "node-client-token")]
    house.start("node", [str(BIN / "kaimen-gate"), *serve, *token], stack.data / "node.log")
    house.wait_for(f"{stack.node_url}/health")


def environment_of(data: Path, node: int, begins: str = MORNING) -> dict[str, str]:
    """What every process of a district in `data` is started with; its clock shows `begins` now."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "DJANGO_", "KAIMEN_"))}
    return mine | {
        "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo",
        "KAIMEN_DATA": str(data),
        "KAIMEN_CLOCK": f"{begins}@{time.time():.0f}x1",
        "KAIMEN_NODE_URL": f"http://127.0.0.1:{node}",
        "PYTHONUTF8": "1",
    }


def _enrol(stack: Stack) -> None:
    """One node for every building."""
    codes = stack.ask(
        "from kaimen.register.models import Place\n"
        "answer = list(Place.objects.filter(parent=None).exclude(profile='').values_list('code', flat=True))"
    )
    code = stack.kaimen("gate", "invite", "--name", "e2e", "--places", *codes).split()[-1]
    folder = str(stack.data / "node")
    stack._run(str(BIN / "kaimen-gate"), "enrol", "--centre", stack.url, "--code", code, "--data", folder)
