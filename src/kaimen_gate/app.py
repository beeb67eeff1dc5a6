"""The node's HTTP: a bare ASGI application. docs/reference/node.md describes it."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from kaimen_gate.answers import as_json
from kaimen_gate.journal import JournalFailed
from kaimen_gate.node import Node, OtherScan
from kaimen_gate.scans import LARGEST, BadScan
from kaimen_gate.writer import Busy

_LOG = logging.getLogger(__name__)
_PATIENCE = 10  # seconds for the rest of a request's body

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, bytes]


class _Refusal(Exception):
    """A request that is not answered as asked."""

    def __init__(self, status: int, error: str, remedy: str) -> None:
        super().__init__(error)
        self.answer: Answer = status, as_json({"error": error, "remedy": remedy})


class App:
    """Three addresses: scans, state, health."""

    def __init__(self, node: Node, token: str) -> None:
        self._node = node
        self._authorization = f"Bearer {token}".encode()
        self._routes: dict[str, tuple[str, Callable[[Message, Receive], Awaitable[Answer]]]] = {
            "/v1/scans": ("POST", self._scans),
            "/v1/state": ("GET", self._state),
            "/health": ("GET", self._health),
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, body = await self._answer(scope, receive)
            await _send(send, status, body)

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        method, handler = self._routes.get(scope["path"], (scope["method"], self._nothing))
        try:
            if scope["method"] != method:
                raise _Refusal(405, f"This address answers {method} only.", "Use that method.")
            return await handler(scope, receive)
        except _Refusal as refusal:
            return refusal.answer
        except Exception:  # a mistake of ours; the gate is told, the log has the trace, nobody's data in either
            _LOG.exception("a request went wrong")
            return _Refusal(
                500, "The node made a mistake.", "Send the same scan again; if it stays, use the paper list."
            ).answer

    async def _scans(self, scope: Message, receive: Receive) -> Answer:
        self._let_in(scope)
        try:
            return 200, await self._node.scan(await _body(receive))
        except BadScan as bad:
            raise _Refusal(400, bad.error, bad.remedy) from bad
        except OtherScan as other:
            raise _Refusal(409, "This id belongs to another scan.", "Make a fresh id for each scan.") from other
        except Busy as busy:
            raise _Refusal(503, "Too many scans wait.", "Send the same scan again in a second.") from busy
        except JournalFailed as failed:
            raise _Refusal(
                503, "The node cannot record: its disk is full or failing. Nothing was decided.",
                "Send the same scan again; meanwhile use the paper list.",
            ) from failed  # fmt: skip

    async def _state(self, scope: Message, _receive: Receive) -> Answer:
        self._let_in(scope)
        return 200, as_json(self._node.state())

    async def _health(self, _scope: Message, _receive: Receive) -> Answer:
        return (200 if self._node.writing else 503), as_json({"writing": self._node.writing})

    async def _nothing(self, _scope: Message, _receive: Receive) -> Answer:
        raise _Refusal(404, "There is nothing here.", f"There is: {', '.join(self._routes)}.")

    def _let_in(self, scope: Message) -> None:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if not hmac.compare_digest(given, self._authorization):
            raise _Refusal(
                401, "This is not the node's token.", "Send “Authorization: Bearer …” with the token in its file."
            )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._node.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self._node.stop)
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):  # rare: a scan fits one packet
        try:
            body += await asyncio.wait_for(_rest(receive, LARGEST - len(body)), _PATIENCE)
        except TimeoutError as error:
            raise _Refusal(408, "The request did not arrive whole.", "Send it again.") from error
    if len(body) > LARGEST:
        raise _Refusal(413, f"More than {LARGEST} bytes.", "Send one scan at a time.")
    return body


async def _rest(receive: Receive, enough: int) -> bytes:
    """What follows, until it ends or is more than enough."""
    body, more = b"", True
    while more and len(body) <= enough:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
