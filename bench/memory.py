"""Memory of the running demonstration: every process of `make demo`, from the first page through the morning's peak.

Shared pages count once, split among those who share them (PSS).
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from bench.pages import enter
from bench.table import Row
from kaimen.project.demo.options import free_port

ROOT = Path(__file__).resolve().parents[1]
GOAL = 600.0  # MiB, all processes together
_PLAYED = 150.0  # real seconds after the sample: at speed 20, through the peak of the morning
_FIRST_PAGE, _WHOLE = 60.0, 180.0
DOORS = {
    "district-commander": ["/board/", "/board/wall/", "/board/buildings/", "/board/firms/", "/search/"],
    "counter-officer": ["/counter/", "/people/", "/messages/deliveries/"],
    "company-clerk": ["/roster/", "/staff/"],
    "guard": ["/gates/"],
    "resident": ["/me/pass/", "/me/"],
}


def run() -> list[Row]:
    """Start it, look at it while people come, stop it."""
    with tempfile.TemporaryDirectory(prefix="kaimen-memory-") as folder:
        port = free_port()
        environ = os.environ | {"KAIMEN_DATA": folder, "PORT": str(port)}
        started = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "kaimen.project.demo"], env=environ, cwd=ROOT, stdout=subprocess.DEVNULL
        ) as demo:
            try:
                return _measured(demo, f"http://127.0.0.1:{port}", started)
            finally:
                demo.send_signal(signal.SIGTERM)


def _measured(demo: "subprocess.Popen[bytes]", url: str, started: float) -> list[Row]:
    with httpx.Client(base_url=url, timeout=30) as client:
        _wait(lambda: bool(_page(client, "/")), _FIRST_PAGE)
        first = time.monotonic() - started
        _wait(lambda: "hx-get" not in (_page(client, "/demo/progress/") or "hx-get"), _WHOLE)
        whole = time.monotonic() - started
        peak, most = 0.0, {}
        until = time.monotonic() + _PLAYED
        while time.monotonic() < until:
            _look_around(client)
            now = _memory(demo.pid)
            if sum(now.values()) > peak:
                peak, most = sum(now.values()), now
            time.sleep(1)
    return [
        Row("first page after the start", first, "s", _FIRST_PAGE),
        Row("everybody moved in after the start", whole, "s"),
        Row("all processes together, at most", peak, "MiB", GOAL),
        *(Row(f"… {name}", size, "MiB") for name, size in sorted(most.items(), key=lambda one: -one[1])),
    ]


def _wait(until: Callable[[], bool], patience: float) -> None:
    end = time.monotonic() + patience
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the demonstration takes too long to start")
        time.sleep(0.1)


def _page(client: httpx.Client, path: str) -> str | None:
    try:
        return client.get(path).text
    except httpx.TransportError:
        return None


def _look_around(client: httpx.Client) -> None:
    """Open every persona's pages, as visitors of the demonstration do."""
    for slug, pages in DOORS.items():
        client.cookies.clear()
        enter(client, slug)
        for page in pages:
            client.get(page).raise_for_status()


def _memory(pid: int) -> dict[str, float]:
    """MiB of each process of the family, by what it is."""
    parent = psutil.Process(pid)
    sizes: dict[str, float] = {}
    for one in [parent, *parent.children(recursive=True)]:
        try:
            name, size = _name(one.cmdline()), one.memory_full_info().pss / 2**20
        except psutil.Error:  # it has just ended
            continue
        sizes[name] = sizes.get(name, 0.0) + size
    return sizes


def _name(command: list[str]) -> str:
    line = " ".join(command)
    known = {
        "project.demo": "make demo",
        "granian": "web",
        "kaimen work": "worker",
        "kaimen-gate": "node",
        "kaimen-witness": "witness",
    }
    return next((name for part, name in known.items() if part in line), command[-1] if command else "other")
