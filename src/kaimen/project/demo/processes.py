"""Processes in groups of their own: what was started is stopped, with everything it started in turn."""

import ctypes
import os
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PATIENCE = 8.0  # seconds between asking to stop and making it stop
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, see prctl(2)
_C = ctypes.CDLL(None)  # loaded here: between fork and exec there is no time for it


class Stopped(Exception):
    """Ctrl-C, or SIGTERM."""


class Died(RuntimeError):
    """A process ended that should have gone on, or failed at its task."""

    def __init__(self, name: str, log: Path) -> None:
        self.name, self.log = name, log
        super().__init__(f"{name} stopped; it said, in {log}:\n{_last_words(log)}")


class NotAnswering(RuntimeError):
    """A server did not answer in its time."""


def stop_with_parent(number: int = signal.SIGTERM) -> None:
    """Be sent this signal when the process that started this one ends, even killed. Linux only; elsewhere nothing."""
    if hasattr(_C, "prctl"):
        _C.prctl(_SET_DEATH_SIGNAL, int(number))


def _last_words(log: Path) -> str:
    return "\n".join(f"    {line}" for line in log.read_text("utf-8", "replace").splitlines()[-12:])


@dataclass
class Running:
    """One process and its group."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    ends: bool  # whether it may end by itself


@dataclass
class House:
    """Every process of the demonstration."""

    environ: Mapping[str, str]
    asked_to_stop: threading.Event = field(default_factory=threading.Event)
    running: list[Running] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], log: Path, *, ends: bool = False) -> Running:
        """Start a process; what it says goes into `log`."""
        with log.open("wb") as out:
            one = Running(name, self._open(command, out), log, ends)
        self.running.append(one)
        return one

    def do(self, name: str, command: Sequence[str], log: Path) -> None:
        """Run a task to its end, watching the others meanwhile. Raises Died, Stopped."""
        task = self.start(name, command, log, ends=True)
        while task.process.poll() is None:
            self.watch()
            time.sleep(0.05)
        self.running.remove(task)
        if task.process.returncode:
            raise Died(name, log)

    def watch(self) -> None:
        """Raise Stopped when somebody asked for it, Died when a process ended that should go on, or ended badly."""
        if self.asked_to_stop.is_set():
            raise Stopped
        for one in list(self.running):
            code = one.process.poll()
            if code is None:
                continue
            if code or not one.ends:
                raise Died(one.name, one.log)

    def wait_for(self, url: str, patience: float = 60.0, certificate: Path | None = None) -> None:
        """Until something answers at `url`, whatever it says. Raises Died, Stopped, NotAnswering."""
        until = time.monotonic() + patience
        while not _answers(url, certificate):
            self.watch()
            if time.monotonic() > until:
                raise NotAnswering(f"{url} did not answer within {patience:.0f} s")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask every group to stop, the last started first; make those stop that do not."""
        for one in reversed(self.running):
            _signal(one, signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        while any(_alive(one) for one in self.running) and time.monotonic() < until:
            time.sleep(0.05)
        for one in self.running:
            _signal(one, signal.SIGKILL)
            one.process.wait()
        self.running.clear()

    def _open(self, command: Sequence[str], out: "IO[bytes]") -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 — our own programs, no shell
            command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=stop_with_parent,  # noqa: PLW1509 — one call to C, which takes no lock
        )


def _answers(url: str, certificate: Path | None) -> bool:
    context = ssl.create_default_context(cafile=str(certificate)) if certificate else None
    try:
        with urllib.request.urlopen(url, timeout=10, context=context):  # noqa: S310 — our own servers
            return True
    except urllib.error.HTTPError:
        return True  # it answers; what it says is for its log
    except OSError:
        return False


def _alive(one: Running) -> bool:
    """Whether anybody of the group is left: a server's workers outlive it."""
    one.process.poll()  # takes the first process in, so that it does not count as there
    try:
        os.killpg(one.process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _signal(one: Running, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(one.process.pid, number)
