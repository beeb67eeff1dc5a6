"""Page times: home, boards and person search, at the sample's size and at a million people, from a real server.

The district has the colours and the frozen evenings of its history.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx

from bench.table import Row, p95
from kaimen.project.demo.options import free_port
from kaimen.project.demo.processes import House

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SIZES = (49_514, 1_000_000)
NAMES = ("王伟", "李娜", "张敏", "陈静", "刘洋", "王芳", "伟", "欧阳", "李丽", "赵磊")  # two characters, and harder
GOAL = 100.0  # ms
_TIMES, _WARM = 200, 20
Ask = Callable[[httpx.Client], httpx.Response]


def run() -> list[Row]:
    """Measure each size in a folder of its own."""
    rows = []
    for people in SIZES:
        with tempfile.TemporaryDirectory(prefix="kaimen-pages-") as folder, served(Path(folder), people) as url:
            rows += list(measured(url, people))
    return rows


def measured(url: str, people: int) -> Iterator[Row]:
    """The p95 of each page, asked for one after another."""
    names = cycle(NAMES)
    commander, counter = "district-commander", "counter-officer"
    pages: dict[str, tuple[str, Ask]] = {
        "home": ("", lambda client: client.get("/")),
        "board": (commander, lambda client: client.get("/board/")),
        "board for a wall": (commander, lambda client: client.get("/board/wall/")),
        "all buildings": (commander, lambda client: client.get("/board/buildings/")),
        "one building": (commander, lambda client: client.get(found(client, "/board/buildings/"))),
        "firms": (commander, lambda client: client.get("/board/firms/")),
        "frozen days": (commander, lambda client: client.get("/board/days/")),
        "one frozen day": (commander, lambda client: client.get(found(client, "/board/days/"))),
        "two frozen days": (commander, lambda client: client.get("/board/days/compare/")),
        "person search": (counter, lambda client: post(client, "/people/", q=next(names))),
        "a person's colour": (counter, lambda client: client.get(found(client, "/people/", q="王芳") + "colour/")),
    }
    for what, (slug, ask) in pages.items():
        with httpx.Client(base_url=url, timeout=60) as client:
            if slug:
                enter(client, slug)
            took = [_milliseconds(client, ask) for _ in range(_WARM + _TIMES)][_WARM:]
        yield Row(f"{what}, {people:,} people: p95", p95(took), "ms", GOAL)
        yield Row(f"{what}, {people:,} people: median", statistics.median(took), "ms")


def _milliseconds(client: httpx.Client, ask: Ask) -> float:
    answer = ask(client)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.url} answered {answer.status_code}: {answer.text[:300]}")
    return answer.elapsed.total_seconds() * 1000


def found(client: httpx.Client, under: str, **entered: str) -> str:
    """The address of the first page below a list (what is `entered` is searched for there). Asked for once."""
    known: dict[str, str] = vars(client).setdefault("found", {})
    if under not in known:
        page = post(client, under, **entered) if entered else client.get(under)
        below = re.search(rf'href="({under}[^"?/]*[0-9][^"?/]*/)"', page.text)
        if below is None:
            raise RuntimeError(f"{page.url} leads to no page below it")
        known[under] = below[1]
    return known[under]


def enter(client: httpx.Client, slug: str) -> None:
    """Through the persona's door; then with the token a form carries."""
    client.get("/")
    answer = post(client, f"/demo/personas/{slug}/")
    if answer.status_code != 302:
        raise RuntimeError(f"the door of {slug} does not open: {answer.status_code}")


def post(client: httpx.Client, path: str, **entered: str) -> httpx.Response:
    """Send a form as a browser would. The cookie's secret is a token, too."""
    token = client.cookies.get("csrftoken") or ""
    return client.post(path, data={"csrfmiddlewaretoken": token} | entered)


@contextmanager
def served(folder: Path, people: int) -> Iterator[str]:
    """The address of a server over a district of so many people."""
    port = free_port()
    environ = os.environ | {"KAIMEN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "kaimen.project.settings.demo"}
    for words in (
        ("migrate", "--verbosity", "0"),
        ("migrate", "--verbosity", "0", "--database", "events"),
        ("pack", "load", str(_pack(folder / "pack", people))),
        ("demo", "sample"),
    ):
        subprocess.run([str(BIN / "kaimen"), *words], env=environ, check=True, stdout=subprocess.DEVNULL)
    house = House(environ)
    try:
        command = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws"]
        house.start("web", [str(BIN / "granian"), *command, "kaimen.project.wsgi:application"], folder / "web.log")
        house.wait_for(f"http://127.0.0.1:{port}/health/")
        yield f"http://127.0.0.1:{port}"
    finally:
        house.stop()


def _pack(to: Path, people: int) -> Path:
    """The pack of the demonstration, with another number of people in its sample."""
    shutil.copytree(ROOT / "packs" / "qingdao-2020", to)
    for path in (to / "sample").glob("*.yaml"):
        path.write_text(re.sub(r"(?m)^people: \d+", f"people: {people}", path.read_text("utf-8")), "utf-8")
    return to
