"""Speaks to the gate nodes as a guard's phone does, through their local ports: HTTP, one connection each, kept open."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from kaimen.gate.asking_nodes import address_of

_PATIENCE = 90.0  # seconds for the lists to reach the node
_PAUSE = 0.3


@dataclass(frozen=True)
class Scan:
    """One code shown at one gate."""

    id: UUID
    place: str
    direction: Literal["in", "out"]
    code: str

    def body(self) -> bytes:
        """What is posted."""
        fields = {"id": str(self.id), "place": self.place, "direction": self.direction, "code": self.code}
        return json.dumps(fields).encode()


class NodeClient:
    """A connection to the node."""

    def __init__(self, url: str, token_file: Path) -> None:
        address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(address, timeout=10)
        self._headers = {
            "Authorization": f"Bearer {token_file.read_text('ascii').strip()}",
            "Content-Type": "application/json",
        }

    def __enter__(self) -> "NodeClient":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._connection.close()

    def show(self, scan: Scan) -> None:
        """Show a code until the node has answered. A node that is full, or starts again, is asked again."""
        while True:
            status, _answer = self._ask("POST", "/v1/scans", scan.body())
            if status == 200:
                return
            if status is not None and status not in (429, 500, 502, 503):
                raise RuntimeError(f"the node answers {status} to a scan at {scan.place}")
            time.sleep(_PAUSE)

    def wait_for_lists(self, places: set[str], tell: Callable[[str], None]) -> None:
        """Wait until the node holds a list with people for every place."""
        until = time.monotonic() + _PATIENCE
        missing = places
        while missing and time.monotonic() < until:
            status, state = self._ask("GET", "/v1/state", b"")
            held = {one["code"] for one in state["places"] if one["people"]} if status == 200 else set()
            missing = places - held
            time.sleep(_PAUSE if missing else 0)
        if missing:
            tell(f"The node still lacks the lists of {len(missing)} buildings; their people go to the desk.")

    def _ask(self, method: str, path: str, body: bytes) -> tuple[int | None, Any]:
        """Status and answer; None when the node could not be reached."""
        try:
            self._connection.request(method, path, body, self._headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return None, None
        with suppress(ValueError):
            return answer.status, json.loads(text)
        return answer.status, None


class Nodes:
    """Every node of the demonstration; a scan goes to the one that decides for its place."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._clients: dict[str, NodeClient] = {}

    def __enter__(self) -> "Nodes":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._open.close()

    def show(self, scan: Scan) -> None:
        """Show a code until the node of its place has answered."""
        self._client(address_of(scan.place)).show(scan)

    def wait_for_lists(self, places: Iterable[str], tell: Callable[[str], None]) -> None:
        """Wait until each node holds a list with people for every place it decides for."""
        of_node: dict[str, set[str]] = {}
        for place in places:
            of_node.setdefault(address_of(place), set()).add(place)
        for address, theirs in of_node.items():
            self._client(address).wait_for_lists(theirs, tell)

    def _client(self, address: str) -> NodeClient:
        if address not in self._clients:
            self._clients[address] = self._open.enter_context(NodeClient(address, settings.KAIMEN_NODE_TOKEN_FILE))
        return self._clients[address]
