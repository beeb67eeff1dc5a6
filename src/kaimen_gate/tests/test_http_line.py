"""HTTP as turnstiles speak it, well and badly: every request that came whole is answered, in order, or refused."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvloop

from kaimen_gate import http_line
from kaimen_gate.http_line import Answer, HttpServer, Request

LONGEST = 100
Talk = Callable[["Heard", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Heard:
    """A node that says what it was asked, once it is let."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.may = asyncio.Event()
        self.may.set()
        self.ending = asyncio.Event()
        self.server = HttpServer(self.answer, LONGEST)

    async def answer(self, request: Request) -> Answer:
        """Its path and body."""
        self.requests.append(request)
        await self.may.wait()
        return 200, request.path + b" " + request.body

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Its port."""
        line = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(self.server.listen(line, self.ending))
        try:
            yield line.getsockname()[1]
        finally:
            self.may.set()
            self.ending.set()
            await serving


def talk(said: Talk) -> Heard:
    """A conversation on one line."""

    async def talking() -> Heard:
        heard = Heard()
        async with heard.listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.wait_for(said(heard, reader, writer), 20)
            writer.close()
        return heard

    return uvloop.run(talking())


def answers(sent: bytes) -> list[tuple[int, bytes]]:
    """What comes back for `sent` until the line is closed."""
    came = b""

    async def sending(_heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal came
        writer.write(sent)
        came = await reader.read()

    talk(sending)
    return parted(came)


def parted(came: bytes) -> list[tuple[int, bytes]]:
    """Status and body of each answer."""
    found = []
    while came:
        head, _, rest = came.partition(b"\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
        found.append((int(head.split()[1]), rest[:length]))
        came = rest[length:]
    return found


def post(path: str, body: bytes = b"", more: str = "") -> bytes:
    """A request."""
    return f"POST {path} HTTP/1.1\r\nHost: gate\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


LAST = post("/last", more="Connection: close\r\n")


def test_requests_that_do_not_wait_for_each_other_are_answered_in_order() -> None:
    many = [f"/{n}" for n in range(60)]
    found = answers(b"".join(post(path, b"x") for path in many) + LAST)
    assert found == [*((200, f"{path} x".encode()) for path in many), (200, b"/last ")]


def test_a_request_may_come_in_pieces() -> None:
    async def in_pieces(heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for at in range(len(LAST)):
            writer.write(LAST[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0)
        assert parted(await reader.read()) == [(200, b"/last ")]

    talk(in_pieces)


def test_a_request_says_who_asks_and_for_what() -> None:
    async def asking(heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(post("/a?b=c", b"{}", "AUTHORIZATION: Bearer x\r\nConnection: close\r\nAuthorization: other\r\n"))
        await reader.read()
        assert heard.requests == [(b"POST", b"/a", b"Bearer x", b"{}")]

    talk(asking)


@pytest.mark.parametrize(
    "sent",
    [
        LAST, b"GET /last HTTP/1.0\r\n\r\n", b"GET /last HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"GET /last HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        LAST + post("/never"),
        b"POST /last HTTP/1.1\r\nHost: g\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_a_line_that_is_not_to_stay_open_is_closed_behind_its_answer(sent: bytes) -> None:
    assert answers(sent) == [(200, b"/last ")]


def test_an_answer_to_head_has_no_body() -> None:
    async def heading(_heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HEAD /a HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
        came = await reader.read()
        assert came.startswith(b"HTTP/1.1 200 OK\r\n")
        assert came.endswith(b"content-length: 3\r\n\r\n")

    talk(heading)


def test_who_asks_whether_to_go_on_is_told_to() -> None:
    async def asking(_heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = post("/a", b"{}", "Expect: 100-continue\r\nConnection: close\r\n")
        writer.write(request[:-2])
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(request[-2:])
        assert parted(await reader.read()) == [(200, b"/a {}")]

    talk(asking)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS
        (b"POST /a HTTP/1.1\r\nContent-Length: nine\r\n\r\n", 400),
        (b"POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /" + b"a" * 30_000 + b" HTTP/1.1\r\n", 413),
        (b"GET /a HTTP/1.1\r\n" + b"".join(b"a%d: b\r\n" % n for n in range(5_000)), 413),
        (post("/a", b"x" * 900_000), 413),
    ],
)
def test_what_is_no_request_or_too_long_is_refused_in_words_and_the_line_closed(sent: bytes, status: int) -> None:
    ((given, body),) = answers(sent)
    assert given == status
    assert b'"remedy"' in body


def test_what_came_whole_before_something_bad_is_answered_first() -> None:
    assert [status for status, _ in answers(post("/a") + post("/b") + b"bad\r\n\r\n")] == [200, 200, 400]


def test_a_request_that_does_not_arrive_whole_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_line, "_EVERY", 0)
    monkeypatch.setattr(http_line, "_PATIENCE", 0)
    assert [status for status, _ in answers(post("/a", b"whole")[:-1])] == [408]


def test_a_line_that_is_silent_for_long_is_closed_but_never_one_that_waits_for_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.may.clear()
        writer.write(post("/a"))
        while not heard.requests:
            await asyncio.sleep(0)
        monkeypatch.setattr(http_line, "_IDLE", -1)
        for line in heard.server.lines:
            line.look()
        heard.may.set()
        assert (await reader.readexactly(15)) == b"HTTP/1.1 200 OK"
        await reader.readuntil(b"/a ")
        for line in list(heard.server.lines):
            line.look()
        assert await reader.read() == b""

    talk(silent)


def test_a_node_told_to_end_answers_what_it_was_asked_and_lets_nobody_else_in() -> None:
    async def ending(heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.may.clear()
        writer.write(post("/a") + post("/b"))
        while not heard.requests:
            await asyncio.sleep(0)
        heard.ending.set()
        await asyncio.sleep(0)
        heard.may.set()
        assert parted(await reader.read()) == [(200, b"/a "), (200, b"/b ")]

    talk(ending)


def test_beyond_a_thousand_lines_the_next_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_line, "_LINES", 0)
    assert [status for status, _ in answers(b"")] == [503]


def test_who_does_not_read_the_answers_is_asked_nothing_more() -> None:
    async def deaf(heard: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (line,) = heard.server.lines
        line.pause_writing()
        writer.write(post("/a"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert heard.requests == []
        line.resume_writing()
        await reader.readuntil(b"/a ")

    talk(deaf)
