"""HTTP/1.1 for the node: small requests on lines that stay open, read by llhttp and answered one after another.

What a server for everything builds for each request takes longer than a decision does. This one knows a method, a
path, one header and a short body. What it does not know it refuses: nothing is read without a bound in bytes and time.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import NamedTuple

import httptools

from kaimen_gate.answers import as_json

Answer = tuple[int, bytes]  # status, JSON

_HEAD = 16 * 1024  # bytes of request line and headers
_PATIENCE = 10  # seconds for a request to arrive whole
_IDLE = 75  # seconds a line may be silent between requests
_AHEAD = 16  # requests that may come before the first is answered
_LINES = 1000  # open at once
_GRACE = 5  # seconds for what was asked when the node is told to end
_EVERY = 1.0  # seconds between two looks for lines that wait in vain


class Request(NamedTuple):
    """What was asked."""

    method: bytes
    path: bytes  # without the query
    authorization: bytes
    body: bytes


Handler = Callable[[Request], Awaitable[Answer]]


def refusal(status: int, error: str, remedy: str) -> Answer:
    """The answer to a request that is not answered as asked: what is wrong, and what would be right."""
    return status, as_json({"error": error, "remedy": remedy})


class HttpServer:
    """Every open line of a node."""

    def __init__(self, answer: Handler, longest: int) -> None:
        """`answer` raises nothing; `longest`: bytes of a body."""
        self.answer, self.longest = answer, longest
        self.ending = False
        self.lines: set[Line] = set()

    async def listen(self, line: socket.socket, ending: asyncio.Event) -> None:
        """Answer at an open socket until `ending` is set; then finish what was asked, within a few seconds."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Line(self), sock=line)
        looking = asyncio.create_task(self._look())
        await ending.wait()
        self.ending = True
        server.close()
        looking.cancel()
        for one in list(self.lines):
            one.end()
        until = loop.time() + _GRACE
        while self.lines and loop.time() < until:
            await asyncio.sleep(0.02)
        for one in list(self.lines):
            one.cut()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            for one in list(self.lines):
                one.look()


class Line(asyncio.Protocol):
    """One connection. Its parser calls the methods that begin with `on_`."""

    def __init__(self, server: HttpServer) -> None:
        self._server, self._loop = server, asyncio.get_running_loop()
        self._asked: deque[tuple[Request, bool]] = deque()  # and whether the line stays open behind it
        self._work: asyncio.Task[None] | None = None
        self._arriving = self._has_head = False
        self._full = False  # nobody reads the answers
        self._last = False  # nothing that comes from now on is answered
        self._parting = b""  # a refusal, said when what came before it is answered
        self._since = self._loop.time()  # when it began to wait for what it waits for now
        self._size = 0
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A turnstile calls."""
        self._transport = transport
        if len(self._server.lines) >= _LINES or self._server.ending:
            self._refuse(503, "Too many lines are open.", "Use one line for many scans.")
        self._server.lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It hung up. What it asked is decided and recorded all the same."""
        self._server.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        """Some of a request, one, or several."""
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._last = True  # it was asked as HTTP/1.1, and is answered so
        except httptools.HttpParserError:
            self._arriving = False  # its end will never be seen
            if not self._last:
                self._refuse(400, "This is no HTTP/1.1.", "Send it as the node's reference has it.")
        if self._size > _HEAD + self._server.longest and not self._last:
            self._arriving = self._has_head  # of a body, the rest is let go by; of headers, nothing more is read
            self._refuse(413, f"More than {self._server.longest} bytes.", "Send one scan at a time.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._url = self._authorization = self._body = b""
        self._arriving, self._has_head, self._since = True, False, self._loop.time()

    def on_url(self, url: bytes) -> None:
        """Its target, or a piece of it."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        name = name.lower()
        if name == b"authorization" and not self._authorization:
            self._authorization = value
        elif name == b"expect" and value.lower() == b"100-continue" and self._work is None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_headers_complete(self) -> None:
        """What follows is its body."""
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        """Some of its body."""
        if len(self._body) <= self._server.longest:
            self._body += body

    def on_message_complete(self) -> None:
        """It is all there."""
        self._size, self._arriving = 0, False
        if self._last:
            if self._parting and self._work is None:
                self._transport.close()
            return
        parser = self._parser
        stays = parser.should_keep_alive() and not parser.should_upgrade() and parser.get_http_version() == "1.1"
        self._last = not stays
        path = self._url.partition(b"?")[0]
        self._asked.append((Request(parser.get_method(), path, self._authorization, self._body), stays))
        if self._work is None:
            self._work = self._loop.create_task(self._answer())
        elif len(self._asked) >= _AHEAD:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """It does not read its answers."""
        self._full = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It does again."""
        self._full = False
        if self._asked and self._work is None:
            self._work = self._loop.create_task(self._answer())
        else:
            self._transport.resume_reading()

    def look(self) -> None:
        """End a line that waits in vain: for the rest of a request, for the next, or for somebody to read answers."""
        waits = self._loop.time() - self._since
        if self._arriving and waits > _PATIENCE:
            if self._last:
                self.cut()
            else:
                self._refuse(408, "The request did not arrive whole.", "Send it again.")
        elif waits > _IDLE and (self._work is None or self._transport.is_closing()):
            self.cut()

    def end(self) -> None:
        """Close when everything that came whole is answered."""
        self._last = True
        if self._work is None:
            self._transport.close()

    def cut(self) -> None:
        """Close now."""
        self._transport.abort()

    async def _answer(self) -> None:
        """Everything that was asked, in order."""
        while self._asked and not self._full:
            request, stays = self._asked.popleft()
            status, body = await self._server.answer(request)
            stays = stays and bool(self._asked or self._parting or not self._server.ending)
            self._since = self._loop.time()
            if not self._transport.is_closing():
                self._transport.write(_written(status, body, stays, request.method == b"HEAD"))
            if not stays:
                self._transport.close()
        self._work = None
        if self._transport.is_closing() or self._full:
            return
        if self._parting:
            self._part()
        else:
            self._transport.resume_reading()

    def _refuse(self, status: int, error: str, remedy: str) -> None:
        """Say why, and answer nothing more."""
        self._last, self._since = True, self._loop.time()
        self._parting = _written(*refusal(status, error, remedy), stays=False)
        if self._work is None:
            self._part()

    def _part(self) -> None:
        """The rest of a body is read first: who is cut off while sending sees no answer."""
        self._transport.write(self._parting)
        if not self._arriving:
            self._transport.close()


def _written(status: int, body: bytes, stays: bool, head_only: bool = False) -> bytes:
    head = _HEADS[status, stays] % len(body)
    return head if head_only else head + body


_CLOSES = {True: "", False: "connection: close\r\n"}
_HEADS = {
    (status.value, stays): (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
        f"{closes}content-length: %d\r\n\r\n"
    ).encode()
    for status in HTTPStatus
    for stays, closes in _CLOSES.items()
}
