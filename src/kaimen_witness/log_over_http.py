"""A log as others see it: checkpoint, tiles and entries over HTTP, in answers of bounded size."""

import base64
import http.client
from urllib.parse import urlsplit

from kaimen.colours import lists
from kaimen.kit import clock
from kaimen.proofs import notes
from kaimen.proofs.bundles import LONGEST_OBJECT
from kaimen.proofs.merkle import HASH
from kaimen.proofs.notes import Note, WitnessKey
from kaimen.proofs.tiles import ENTRIES, LONGEST_LEAF, WIDTH, Tile

_PATIENCE = 15  # seconds for a connection, and between two pieces of an answer
_BUNDLE = WIDTH * (LONGEST_LEAF + 2)
_GONE = {404, 410}


class Unreachable(Exception):
    """No answer, or none that helps: look again later."""


class NotThere(Unreachable):
    """The log does not have it, or not any more."""


class LogOverHttp:
    """A connection that is kept open between requests. For one thread."""

    def __init__(self, address: str, key: WitnessKey) -> None:
        """Raises ValueError when `address` is no http or https address."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address!r} is no address of a log; write it like https://kaimen.example/log")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._line = kind(parts.hostname, parts.port, timeout=_PATIENCE)
        self._under = parts.path.rstrip("/")
        self._key = key

    def checkpoint(self) -> bytes:
        """The newest checkpoint, not yet checked. Raises Unreachable."""
        return self._ask("GET", "checkpoint", notes.LONGEST)

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile or entry bundle, as wide as asked for or wider. Raises Unreachable."""
        largest = _BUNDLE if tile.level == ENTRIES else WIDTH * HASH
        try:
            return self._ask("GET", tile.path, largest)
        except NotThere:
            if tile.width == WIDTH:
                raise
            return self._ask("GET", Tile(tile.level, tile.index).path, largest)  # a log may forget what was partial

    def openings(self, tile: Tile) -> bytes:
        """The openings of the leaves in an entry bundle, which are given to this witness only. Raises Unreachable."""
        path = tile.path.replace("tile/entries/", "openings/")
        time = clock.now().isoformat()
        proof = self._key.ask(f"{self._under}/{path}", time)
        headers = {
            "Kaimen-Witness": self._key.name,
            "Kaimen-Time": time,
            "Kaimen-Signature": base64.b64encode(proof).decode(),
        }
        return self._ask("GET", path, _BUNDLE, headers=headers)

    def object(self, digest: bytes) -> bytes | None:
        """A public object, by its SHA-256; None when the log does not have it. Raises Unreachable."""
        try:
            return self._ask("GET", f"objects/{digest.hex()}", LONGEST_OBJECT)
        except NotThere:
            return None

    def published(self, name: str) -> bytes | None:
        """The newest list of this name as gates fetch it, beside the log; None without any. Raises Unreachable."""
        try:
            return self._ask("GET", f"{self._under.rpartition('/')[0]}/api/status/lists/{name}", lists.LARGEST)
        except NotThere:
            return None

    def hand_over(self, note: Note) -> None:
        """Give the log cosignatures of its checkpoint. Raises Unreachable."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        self._ask("POST", "cosignatures", notes.LONGEST, str(note).encode(), headers)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _ask(
        self, method: str, path: str, largest: int, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        try:
            where = path if path.startswith("/") else f"{self._under}/{path}"
            self._line.request(method, where, body, headers or {})
            answer = self._line.getresponse()
            data = answer.read(largest + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._line.close()
            raise Unreachable(f"{path}: {type(error).__name__}: {error}") from error
        if len(data) > largest:
            self._line.close()
            raise Unreachable(f"{path}: an answer of more than {largest} bytes")
        if answer.status in _GONE:
            raise NotThere(f"{path}: the log answered with status {answer.status}")
        if not 200 <= answer.status < 300:
            said = data[:200].decode("utf-8", "replace").strip()
            raise Unreachable(f"{path}: the log answered with status {answer.status}: {said}")
        return data
