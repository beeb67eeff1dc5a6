"""The node's three addresses: scans, state, health. docs/reference/node.md describes them."""

import hmac
import logging
from collections.abc import Awaitable, Callable

from kaimen_gate.answers import as_json
from kaimen_gate.http_line import Answer, Request, refusal
from kaimen_gate.journal import JournalFailed
from kaimen_gate.node import Node, OtherScan, OutOfService
from kaimen_gate.scans import LARGEST, BadScan
from kaimen_gate.writer import Busy

_LOG = logging.getLogger(__name__)


class _Refusal(Exception):
    """A request that is not answered as asked."""

    def __init__(self, status: int, error: str, remedy: str) -> None:
        super().__init__(error)
        self.answer: Answer = refusal(status, error, remedy)


class App:
    """Answers requests."""

    def __init__(self, node: Node, token: str) -> None:
        self._node = node
        self._authorization = f"Bearer {token}".encode()
        self._routes: dict[bytes, tuple[bytes, Callable[[Request], Awaitable[Answer]]]] = {
            b"/v1/scans": (b"POST", self._scans),
            b"/v1/state": (b"GET", self._state),
            b"/health": (b"GET", self._health),
        }

    async def answer(self, request: Request) -> Answer:
        """Status and JSON. Raises nothing."""
        method, handler = self._routes.get(request.path, (request.method, self._nothing))
        try:
            if request.method != method:
                raise _Refusal(405, f"This address answers {method.decode()} only.", "Use that method.")
            return await handler(request)
        except _Refusal as refused:
            return refused.answer
        except Exception:  # a mistake of ours; the gate is told, the log has the trace, nobody's data in either
            _LOG.exception("a request went wrong")
            return refusal(
                500, "The node made a mistake.", "Send the same scan again; if it stays, use the paper list."
            )

    async def _scans(self, request: Request) -> Answer:
        self._let_in(request)
        if len(request.body) > LARGEST:
            raise _Refusal(413, f"More than {LARGEST} bytes.", "Send one scan at a time.")
        try:
            return 200, await self._node.scan(request.body)
        except OutOfService as ended:
            raise _Refusal(
                503, "The centre took this node out of service. Nothing was decided.",
                "Use the paper list, and tell the node keeper.",
            ) from ended  # fmt: skip
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

    async def _state(self, request: Request) -> Answer:
        self._let_in(request)
        return 200, as_json(self._node.state())

    async def _health(self, _request: Request) -> Answer:
        return (200 if self._node.writing else 503), as_json({"writing": self._node.writing})

    async def _nothing(self, _request: Request) -> Answer:
        known = ", ".join(path.decode() for path in self._routes)
        raise _Refusal(404, "There is nothing here.", f"There is: {known}.")

    def _let_in(self, request: Request) -> None:
        if not hmac.compare_digest(request.authorization, self._authorization):
            raise _Refusal(
                401, "This is not the node's token.", "Send “Authorization: Bearer …” with the token in its file."
            )
