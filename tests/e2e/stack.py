"""The whole of Kaimen, really running: pages, worker, gate node, in a folder of their own on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MORNING = "2020-03-16T08:00:00+08:00"  # the day of the story, inside opening hours
PATIENCE = 60.0


class NotStarted(RuntimeError):
    """A process that should serve does not; what it said last is in the message."""


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
def running(data: Path, pack: str = "packs/template") -> Iterator[Stack]:
    """The district of `pack` with its sample, from 08:00 of the story's day, until the context ends."""
    web, node = free_port(), free_port()
    stack = Stack(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{node}", data, _environment(data, node))
    with ExitStack() as processes:
        stack.kaimen("migrate", "--verbosity", "0")
        stack.kaimen("migrate", "--verbosity", "0", "--database", "events")
        stack.kaimen("pack", "load", pack)
        stack.kaimen("demo", "sample")
        pages = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web), "--no-ws"]
        processes.enter_context(_process(stack, "web", [*pages, "kaimen.project.wsgi:application"]))
        processes.enter_context(_process(stack, "worker", ["kaimen", "db_worker", "--interval", "0.2"]))
        wait_for(f"{stack.url}/tour/", stack.data / "web.log")
        _enrol(stack)
        serve = ["kaimen-gate", "serve", "--data", str(data / "node"), "--port", str(node)]
        serve += ["--token-file", str(data / "keys" / "node-client-token")]
        processes.enter_context(_process(stack, "node", serve))
        wait_for(f"{stack.node_url}/health", stack.data / "node.log")
        yield stack


def _environment(data: Path, node: int) -> dict[str, str]:
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "DJANGO_", "KAIMEN_"))}
    return mine | {
        "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo",
        "KAIMEN_DATA": str(data),
        "KAIMEN_CLOCK": f"{MORNING}@{time.time():.0f}x1",
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


@contextmanager
def _process(stack: Stack, name: str, command: list[str]) -> Iterator[None]:
    """One process in a group of its own: workers outlive a master that is killed alone."""
    with (stack.data / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, sign)
            process.wait(patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def wait_for(url: str, log: Path, patience: float = PATIENCE) -> None:
    """Until `url` answers. Raises NotStarted with the end of the log."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise NotStarted(f"{url} did not answer within {patience:.0f} s\n{log.read_text(errors='replace')[-4000:]}")
