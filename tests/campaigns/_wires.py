"""A wire between gates and their centre that can be cut: network namespaces where the machine allows, else a relay.

With namespaces the gates and whoever asks them live in one of their own, and the cable to it is unplugged: packets are
lost in silence, as they are in life. The relay hangs up, which is kinder.
"""

import ctypes
import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from kaimen.project.demo.line import Line

_NEW_NET = 0x40000000  # CLONE_NEWNET, see setns(2)


@dataclass(frozen=True)
class Wire:
    """One cable."""

    host: str  # where the centre must listen
    address: Callable[[int], str]  # of the centre's port, as the gates see it
    cut: Callable[[], object]
    mend: Callable[[], object]
    inside: Callable[[Callable[[], None]], None]  # runs something where the gates are
    kind: str


@contextmanager
def wire(folder: Path, port: int) -> Iterator[Wire]:
    """A cable to a centre that will listen at `port`."""
    name = f"km{secrets.token_hex(3)}"
    if os.geteuid() == 0 and _ip("netns", "add", name, check=False):
        try:
            yield _cable(name)
        finally:
            _ip("netns", "del", name, check=False)
            _ip("link", "del", f"{name}h", check=False)
    else:
        line = Line(port, folder / "cut")
        try:
            yield Wire(
                "127.0.0.1", lambda _port: f"http://127.0.0.1:{line.port}", (folder / "cut").touch,
                lambda: (folder / "cut").unlink(missing_ok=True), lambda does: does(), "relay",
            )  # fmt: skip
        finally:
            line.close()


def _cable(name: str) -> Wire:
    """Two ends in 198.18.0.0/15, which RFC 2544 keeps for tests of networks."""
    low = secrets.randbelow(250) + 1
    here, there = f"198.18.{low}.1", f"198.18.{low}.2"
    _ip("link", "add", f"{name}h", "type", "veth", "peer", "name", f"{name}g")
    _ip("link", "set", f"{name}g", "netns", name)
    _ip("addr", "add", f"{here}/30", "dev", f"{name}h")
    _ip("link", "set", f"{name}h", "up")
    for words in (("link", "set", "lo", "up"), ("addr", "add", f"{there}/30", "dev", f"{name}g"),
                  ("link", "set", f"{name}g", "up")):  # fmt: skip
        _ip("-n", name, *words)
    plug = ("-n", name, "link", "set", f"{name}g")
    return Wire(
        here, lambda port: f"http://{here}:{port}", lambda: _ip(*plug, "down"), lambda: _ip(*plug, "up"),
        lambda does: _in_namespace(name, does), "network namespaces",
    )  # fmt: skip


def _in_namespace(name: str, does: Callable[[], None]) -> None:
    """In a thread of its own, whose processes and threads stay where it went. What it raises is raised here."""
    raised: list[BaseException] = []

    def go() -> None:
        try:
            with Path(f"/run/netns/{name}").open("rb") as namespace:
                if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _NEW_NET):
                    raise OSError(ctypes.get_errno(), "setns")
            does()
        except BaseException as error:
            raised.append(error)

    thread = Thread(target=go, name="gates")
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def _ip(*words: str, check: bool = True) -> bool:
    try:
        return subprocess.run(["ip", *words], check=check, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
