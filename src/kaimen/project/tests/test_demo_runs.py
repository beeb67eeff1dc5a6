"""`make demo`, really started: people go through the gate, and Ctrl-C leaves nothing behind."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from shutil import copytree

import psutil
import pytest

from kaimen.demo.personas import DOORS, OFFICES
from kaimen.project.demo.options import ROOT, free_port

PATIENCE = 140.0
LIVE = "/demo/network/live/"
pytestmark = pytest.mark.whole


class Demo:
    """A demonstration of the small pack, fast, in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self, **asked: str) -> None:
        """Start it."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("KAIMEN_", "DJANGO_"))}
        environ |= {"KAIMEN_DATA": str(self.data), "PORT": str(self.port), "PACK": "packs/template", "SPEED": "60"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kaimen.project.demo"],
            env=environ | asked,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def family(self) -> list[psutil.Process]:
        """Every process it started, and theirs."""
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def words(self) -> list[str]:
        """The command lines of its family."""
        lines = []
        for one in self.family():
            with suppress(psutil.Error):
                lines.append(" ".join(one.cmdline()))
        return lines

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Ask it to stop; its status and what it said."""
        assert self.process
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=30)
        return self.process.returncode, said

    def page(self, path: str = "/") -> str:
        """A page of it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            text: str = answer.read().decode()
        return text

    def entries(self) -> int:
        """How many entries the centre has counted."""
        path = self.data / "events.sqlite3"
        if not path.exists():
            return 0
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as events:
            try:
                return int(events.execute("SELECT coalesce(sum(n), 0) FROM events_count").fetchone()[0])
            except sqlite3.OperationalError:  # the tables are being made
                return 0

    def wire(self) -> tuple[int, int, int]:
        """What the gate of the personas' building decided, what waits there, what arrived."""
        shown = [int(one.replace(",", "")) for one in re.findall(r'<b class="num">([\d,]+)</b>', self.page(LIVE))]
        return (shown[0], shown[1], shown[2]) if len(shown) == 3 else (0, 0, 0)

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE
        while not until():
            assert self.process
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < end, "it takes too long"
            time.sleep(0.2)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that begins from nothing, and is stopped whatever happens."""
    demo = Demo(tmp_path / "data")
    yield demo
    if demo.process and demo.process.poll() is None:
        demo.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that was stopped once its past was made."""
    demo = Demo(tmp_path_factory.mktemp("morning") / "data")
    demo.start()
    try:
        demo.wait((demo.data / "demo" / "followed.json").exists)
    finally:
        demo.stop()
    return demo.data


@pytest.fixture
def prepared(demo: Demo, morning: Path) -> Demo:
    """A demonstration that has its past: what happens later is the point."""
    copytree(morning, demo.data)
    return demo


def left_of(family: list[psutil.Process], patience: float = 1.0) -> list[psutil.Process]:
    """Those of a family that still run."""
    return psutil.wait_procs(family, timeout=patience)[1]


def test_people_go_through_the_gate_and_ctrl_c_leaves_nothing_behind(demo: Demo) -> None:
    demo.start()
    demo.wait(lambda: demo.entries() > 20)
    assert demo.page().count("/demo/personas/") == len(DOORS) + len(OFFICES)
    _a_building_is_cut_off_and_catches_up(demo)
    family = demo.family()
    for name in ("granian", "kaimen work", "kaimen-witness follow", "kaimen-gate serve", "demo drill"):
        assert any(name in line for line in demo.words()), name
    status, said = demo.stop()
    assert status == 0, said
    assert said.rstrip().endswith("Everything has stopped.")
    assert left_of(family) == []

    counted = demo.entries()
    demo.start()  # again: the day goes on, nobody is counted twice
    demo.wait(lambda: demo.entries() > counted)
    family = demo.family()
    status, said = demo.stop(signal.SIGTERM)
    assert (status, "The day goes on at" in said) == (0, True), said
    assert left_of(family) == []


def _a_building_is_cut_off_and_catches_up(demo: Demo) -> None:
    cut = demo.data / "demo" / "cut"
    demo.wait(lambda: demo.wire()[2] > 0)
    cut.write_text("2020-03-16T08:00:00+08:00")
    demo.wait(lambda: demo.wire()[1] > 3)
    cut.unlink()
    demo.wait(lambda: (found := demo.wire())[1] == 0 and found[0] == found[2] > 3)


def test_stopped_while_it_is_starting_it_leaves_nothing_behind(demo: Demo) -> None:
    demo.start()
    demo.wait(lambda: len(demo.family()) > 0)
    family = demo.family()
    status, said = demo.stop()
    assert status == 0, said
    assert left_of(family) == []


def test_killed_it_takes_everything_along(prepared: Demo) -> None:
    prepared.start()
    prepared.wait(lambda: any("kaimen work" in line for line in prepared.words()))
    family = prepared.family()
    assert prepared.process
    prepared.process.kill()
    prepared.process.communicate()
    assert left_of(family, patience=10.0) == []


def test_killed_in_the_middle_of_its_past_it_begins_again_by_itself(demo: Demo) -> None:
    followed = demo.data / "demo" / "followed.json"
    demo.start()
    demo.wait((demo.data / "kaimen.sqlite3").exists)
    family = demo.family()
    assert demo.process
    demo.process.kill()
    demo.process.communicate()
    assert left_of(family, patience=10.0) == []
    assert not followed.exists()

    demo.start()
    demo.wait(followed.exists)
    family = demo.family()
    status, said = demo.stop()
    assert (status, "they begin again" in said) == (0, True), said
    assert left_of(family) == []


def test_killed_while_its_server_is_starting_it_leaves_no_worker_that_holds_the_port(prepared: Demo) -> None:
    def server() -> psutil.Process | None:
        for one in prepared.family():
            with suppress(psutil.Error):  # it ended while we looked
                if any("granian" in word for word in one.cmdline()[:2]) and one.children():
                    return one
        return None

    prepared.start()
    prepared.wait(lambda: server() is not None)
    family, serving = prepared.family(), server()
    assert serving
    assert prepared.process
    prepared.process.kill()  # nobody is left to clean up
    serving.kill()
    prepared.process.communicate()
    assert left_of(family, patience=20.0) == []


def test_when_a_process_dies_all_stop_and_its_last_words_are_shown(prepared: Demo) -> None:
    prepared.start()
    prepared.wait(lambda: any("kaimen-gate serve" in line for line in prepared.words()))
    family = prepared.family()
    next(one for one in family if one.is_running() and "serve" in one.cmdline()).kill()
    assert prepared.process
    said, _ = prepared.process.communicate(timeout=60)
    assert prepared.process.returncode == 1
    assert "node stopped; it said, in" in said
    assert left_of(family) == []


def test_an_occupied_port_ends_in_one_line(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        demo.start()
        assert demo.process
        said, _ = demo.process.communicate(timeout=30)
    assert demo.process.returncode == 2
    assert said.count("\n") == 1
    assert said.startswith(f"Port {demo.port} is in use")
