"""The least that can be done: HTTP and SQLite, and nothing a gate is for. What it reaches, no node on them can.

Each request becomes a row of the size of an entry, under an id of its own, fsynced before the answer, and all that
wait share a commit, as in the node. Nothing is checked, read or decided; the answer is always the same bytes.

python -m bench.gate_best PORT FILE
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

import uvloop

from kaimen_gate.journal import SETTINGS

_ROW = bytes(130)  # an entry is about as long
_BODY = b'{"verdict":"enter"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_BODY) + _BODY
_Asked = tuple[bytes, asyncio.Transport]
_AT, _LENGTH, _END = b'"id": "', b"Content-Length: ", b"\r\n\r\n"


class _Line(asyncio.Protocol):
    def __init__(self, keep: Callable[[_Asked], None]) -> None:
        self._keep = keep
        self._came = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        end = self._came.find(_END)
        if end < 0:
            return
        if self._came.startswith(b"GET"):  # whether anybody is there
            self._came = b""
            self._transport.write(_ANSWER)
            return
        at = self._came.index(_LENGTH) + len(_LENGTH)
        if len(self._came) >= end + len(_END) + int(self._came[at : self._came.index(b"\r", at)]):
            at = self._came.index(_AT, end) + len(_AT)
            came, self._came = self._came[at : at + 36], b""
            self._keep((came, self._transport))


def _writes(file: str, waiting: "SimpleQueue[_Asked]", loop: asyncio.AbstractEventLoop) -> None:
    db = sqlite3.connect(file, isolation_level=None)
    for setting in SETTINGS:
        db.execute(f"PRAGMA {setting}")
    db.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, raw BLOB NOT NULL)")
    while True:
        together = [waiting.get()]
        with suppress(Empty):
            while True:
                together.append(waiting.get_nowait())
        rows = [piece for id_, _ in together for piece in (bytes.fromhex(id_.decode().replace("-", "")), _ROW)]
        db.execute(f"INSERT INTO entry (id, raw) VALUES {','.join(['(?,?)'] * len(together))}", rows)
        loop.call_soon_threadsafe(_answer, [line for _, line in together])


def _answer(lines: list[asyncio.Transport]) -> None:
    for line in lines:
        line.write(_ANSWER)


async def _serve(port: int, file: str) -> None:
    loop = asyncio.get_running_loop()
    waiting: SimpleQueue[_Asked] = SimpleQueue()
    Thread(target=_writes, args=(file, waiting, loop), daemon=True).start()
    server = await loop.create_server(lambda: _Line(waiting.put), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2]))
