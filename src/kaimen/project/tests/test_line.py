"""The line that the drill cuts: bytes pass while it is whole, nothing passes while it is cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kaimen.project.demo.line import Line


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """The file that says it is cut."""
    return tmp_path / "cut"


@pytest.fixture
def line(cut: Path) -> Iterator[Line]:
    """A line to somebody who repeats what they hear."""
    with socket.create_server(("127.0.0.1", 0)) as far:
        threading.Thread(target=_repeat, args=(far,), daemon=True).start()
        line = Line(far.getsockname()[1], cut)
        yield line
        line.close()


def _repeat(far: socket.socket) -> None:
    with suppress(OSError):
        while True:
            one, _ = far.accept()
            with one:
                while piece := one.recv(4096):
                    one.sendall(piece)


def _said(line: Line, words: bytes = b"entry") -> bytes:
    with suppress(OSError), socket.create_connection(("127.0.0.1", line.port), timeout=5) as near:
        near.sendall(words)
        return near.recv(4096)
    return b""


def test_what_is_said_arrives_and_is_answered(line: Line) -> None:
    assert _said(line) == b"entry"


def test_a_cut_ends_the_connections_there_are_and_answers_no_new_one(line: Line, cut: Path) -> None:
    with socket.create_connection(("127.0.0.1", line.port), timeout=5) as near:
        near.sendall(b"entry")
        assert near.recv(4096) == b"entry"
        cut.touch()
        with suppress(ConnectionError):
            assert near.recv(4096) == b""
    assert _said(line) == b""


def test_mended_it_passes_again(line: Line, cut: Path) -> None:
    cut.touch()
    assert _said(line) == b""
    cut.unlink()
    assert _said(line) == b"entry"
