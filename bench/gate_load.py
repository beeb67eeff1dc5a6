"""Turnstiles at a gate: so many connections, each of which sends its next scan when the last is answered.

Hand-made, because it runs on the same two cores: what the load takes, the node does not have.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psutil
import uvloop

from kaimen.kit.ids import new_id

CONNECTIONS = 64
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(frozen=True)
class Load:
    """What came of many scans."""

    rate: float  # a second
    slow: float  # ms that 99 of 100 answers stay under
    work: float  # µs of processor time in the node for each


def request(token: str, place: str, shown: dict[str, Any]) -> bytes:
    """The bytes of one scan."""
    body = json.dumps({"id": str(new_id()), "place": place, "direction": "in"} | shown).encode()
    head = (
        f"POST /v1/scans HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(port: int, node: int, requests: list[bytes]) -> Load:
    """Send `requests` to `port`, where the process `node` answers. Raises RuntimeError unless each lets in."""
    times: list[float] = []
    process = psutil.Process(node)
    worked, begun = _worked(process), time.perf_counter()
    uvloop.run(_all(port, requests, times))
    took = time.perf_counter() - begun
    work = (_worked(process) - worked) / len(requests) * 1e6
    return Load(len(requests) / took, sorted(times)[len(times) * 99 // 100] * 1000, work)


def _worked(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


async def _all(port: int, requests: list[bytes], times: list[float]) -> None:
    loop = asyncio.get_running_loop()
    lanes = [_Lane(iter(requests[lane::CONNECTIONS]), times) for lane in range(CONNECTIONS)]
    for lane in lanes:
        await loop.create_connection(lambda lane=lane: lane, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(lane.done for lane in lanes))


class _Lane(asyncio.Protocol):
    """One turnstile."""

    def __init__(self, requests: Iterator[bytes], times: list[float]) -> None:
        self._requests, self._times = requests, times
        self._came = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first scan."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """An answer, or a piece of one."""
        self._came += data
        end = self._came.find(_END)
        if end < 0:
            return
        at = self._came.lower().index(_LENGTH) + len(_LENGTH)
        length = int(self._came[at : self._came.index(b"\r", at)])
        if len(self._came) < end + len(_END) + length:
            return
        self._times.append(time.perf_counter() - self._begun)
        if b'"verdict":"enter"' not in self._came:
            self.done.set_exception(RuntimeError(self._came.decode()))
        else:
            self._came = b""
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """A node that hangs up answers nothing more."""
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"the node hung up: {exc}"))

    def _next(self) -> None:
        following = next(self._requests, None)
        if following is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._begun = time.perf_counter()
        self._transport.write(following)
