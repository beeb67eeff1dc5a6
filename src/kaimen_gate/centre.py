"""The node's side of the centre's API: five requests, each signed with the node's key."""

import base64
import http.client
import json
from datetime import datetime
from typing import Any, NamedTuple, TypeGuard
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen_gate.colour_proof import Pins

_PATIENCE = 15  # seconds for a connection, and between two pieces of an answer
_LARGEST_LIST = 64 * 1024 * 1024
_LARGEST_WORD = 1024 * 1024


class Unreachable(Exception):
    """No answer, or none that this node understands: try again later."""


class Refused(Exception):
    """The centre said no: `status`, what is wrong, what would be right, and all of its answer."""

    def __init__(self, status: int, said: dict[str, Any]) -> None:
        self.status, self.said = status, said
        self.error, self.remedy = str(said.get("error", "")), str(said.get("remedy", ""))
        super().__init__(f"{self.error} {self.remedy}".strip() or f"status {status}")


class Standing(NamedTuple):
    """What the centre says of a node: the number of each list it should hold, how far each of its chains arrived."""

    lists: dict[str, int]
    acknowledged: dict[str, int]  # epoch, as text → the last number the centre holds


class Centre:
    """A connection that is kept open between requests. For one thread."""

    def __init__(self, address: str, key: SigningKey) -> None:
        """Raises ValueError when `address` is no http or https address."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address!r} is no address of a centre; write it like https://kaimen.example")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._line = kind(parts.hostname, parts.port, timeout=_PATIENCE)
        self._under = parts.path.rstrip("/")
        self._key = key

    def enrol(self, code: str, name: str) -> dict[str, Any]:
        """Spend a one-time code; gives the centre's words."""
        public = base64.b64encode(self._key.public.raw).decode()
        body = json.dumps({"code": code, "public_key": public, "name": name}).encode()
        return self._words(self._ask("POST", "/api/gate/nodes", {"Content-Type": "application/json"}, body))

    def standing(self, node: UUID) -> Standing:
        """How things stand with this node."""
        said = self._words(self._get(node, "/api/gate/lists", _LARGEST_WORD))
        lists, acknowledged = said.get("lists"), said.get("acknowledged")
        if not _numbers(lists) or not _numbers(acknowledged):
            raise Unreachable("the centre's answer names no lists")
        return Standing(lists, acknowledged)

    def list_of(self, node: UUID, place: str) -> bytes:
        """The signed list of `place`, not yet checked."""
        return self._get(node, f"/api/gate/lists/{quote(place, safe='')}", _LARGEST_LIST)

    def colours(self, node: UUID, than: datetime | None, pins: Pins) -> bytes:
        """A list of colours newer than that of `than`, which `pins` may prove; nothing when there is none."""
        path = f"/api/gate/colours/{int(than.timestamp() * 1000) if than else 0}"
        asked = [("witness", one.name) for one in pins.witnesses] + [("quorum", str(pins.quorum))]
        return self._get(node, path, _LARGEST_LIST, f"?{urlencode(asked)}")

    def take(self, batch: bytes) -> int:
        """Hand over a signed batch; gives the last number the centre holds."""
        said = self._words(self._ask("POST", "/api/gate/entries", {"Content-Type": "application/cbor"}, batch))
        acknowledged = said.get("acknowledged")
        if type(acknowledged) is not int or acknowledged < 0:
            raise Unreachable("the centre's answer acknowledges nothing")
        return acknowledged

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _get(self, node: UUID, path: str, largest: int, query: str = "") -> bytes:
        time = clock.now().isoformat()
        signature = self._key.sign(f"GET {path}\n{time}".encode())
        headers = {
            "Kaimen-Node": str(node),
            "Kaimen-Time": time,
            "Kaimen-Signature": base64.b64encode(signature).decode(),
        }
        return self._ask("GET", path + query, headers, None, largest)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, largest: int = _LARGEST_WORD
    ) -> bytes:
        try:
            self._line.request(method, self._under + path, body, headers)
            answer = self._line.getresponse()
            data = answer.read(largest + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._line.close()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        if len(data) > largest:
            self._line.close()
            raise Unreachable(f"an answer of more than {largest} bytes")
        if answer.status >= 500 or not 200 <= answer.status < 500:
            raise Unreachable(f"the centre answered with status {answer.status}")
        if answer.status >= 300:
            raise Refused(answer.status, _words_or_nothing(data))
        return data

    def _words(self, data: bytes) -> dict[str, Any]:
        words = _words_or_nothing(data)
        if not words:
            raise Unreachable("the centre's answer is no JSON object")
        return words


def _numbers(said: Any) -> TypeGuard[dict[str, int]]:
    return type(said) is dict and all(type(number) is int for number in said.values())


def _words_or_nothing(data: bytes) -> dict[str, Any]:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}
