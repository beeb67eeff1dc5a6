"""A log small enough for a test: in memory or over HTTP, with switches for every way of telling two stories."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from kaimen.kit import canonical
from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.merkle import leaf_hash, paired, root_of
from kaimen.proofs.notes import LogKey, Note
from kaimen.proofs.tiles import ENTRIES, NotATile, Tile, write_entries
from kaimen_witness.log_over_http import NotThere, Unreachable


class FakeLog:
    """Leaves, and what a witness asks for. `taken` are the notes that were handed over."""

    def __init__(self, name: str = "log.example/east") -> None:
        self.key = LogKey.generate(name)
        self.leaves: list[bytes] = []
        self.openings_of: dict[int, list[bytes]] = {}
        self.objects: dict[bytes, bytes] = {}
        self.lists: dict[str, bytes] = {}
        self.taken: list[Note] = []
        self.shows: bytes | None = None  # another checkpoint than its own
        self.away = False
        self.forgets_partial_tiles = False
        self.takes = True  # cosignatures that are handed over
        self.when_taken: Callable[[], None] = lambda: None
        self.witness: Any = None  # the key that may ask for openings

    def grow(self, count: int) -> None:
        """More leaves."""
        for number in range(len(self.leaves), len(self.leaves) + count):
            self.leaves.append(canonical.encode({"v": 1, "kind": "test", "at": number, "id": number.to_bytes(16)}))

    def note(self, size: int | None = None) -> Note:
        """The checkpoint of the first `size` leaves, signed; with the cosignatures that were handed over."""
        hashes = [leaf_hash(leaf) for leaf in self.leaves[:size]]
        note = checkpoints.signed(Checkpoint(self.key.name, len(hashes), root_of(hashes)), self.key)
        return note.also(*(one for taken in self.taken if taken.text == note.text for one in taken.signatures))

    def checkpoint(self) -> bytes:
        """The newest, or what it was told to show."""
        if self.away:
            raise Unreachable("the log is away")
        return str(self.note()).encode() if self.shows is None else self.shows

    def tile(self, tile: Tile) -> bytes:
        """As wide as it is now."""
        if self.forgets_partial_tiles and tile.width < 256:
            raise NotThere(tile.path)
        if tile.level == ENTRIES:
            return write_entries(self.leaves[tile.index * 256 : (tile.index + 1) * 256])
        nodes = [leaf_hash(leaf) for leaf in self.leaves]
        for _ in range(tile.level):
            nodes = nodes[: len(nodes) // 256 * 256]
            for _ in range(8):
                nodes = paired(nodes)
        return b"".join(nodes[tile.index * 256 : (tile.index + 1) * 256])

    def openings(self, tile: Tile) -> bytes:
        """For each leaf its opening, or nothing."""
        parts = [self.openings_of.get(number) for number in range(len(self.leaves))]
        data = [canonical.encode(one) if one else b"" for one in parts]
        return write_entries(data[tile.index * 256 : (tile.index + 1) * 256])

    def object(self, digest: bytes) -> bytes | None:
        """A public object."""
        return self.objects.get(digest)

    def published(self, name: str) -> bytes | None:
        """What gates fetch."""
        return self.lists.get(name)

    def hand_over(self, note: Note) -> None:
        """Keep it."""
        if self.away or not self.takes:
            raise Unreachable("the line was cut")
        self.when_taken()
        self.taken.append(note)


@contextmanager
def served(log: FakeLog) -> Iterator[str]:
    """The log on a port of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": log}))
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/log"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeLog

    def do_GET(self) -> None:
        try:
            self._say(200, self._found(self.path.removeprefix("/log/")))
        except (NotThere, NotATile, KeyError):
            self._say(404, b"no such thing")
        except Unreachable:
            self._say(503, b"away")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.fake.hand_over(Note.read(body))
            self._say(204, b"")
        except Unreachable:
            self._say(503, b"away")

    def _found(self, path: str) -> bytes:
        if path == "checkpoint":
            return self.fake.checkpoint()
        if path.startswith("objects/"):
            return self.fake.objects[bytes.fromhex(path.removeprefix("objects/"))]
        if path.startswith("/api/status/lists/"):
            return self.fake.lists[path.removeprefix("/api/status/lists/")]
        if path.startswith("openings/"):
            self._proved()
            return self.fake.openings(Tile.read_path(path.replace("openings/", "tile/entries/")))
        return self.fake.tile(Tile.read_path(path))

    def _proved(self) -> None:
        proof = base64.b64decode(self.headers["Kaimen-Signature"])
        if not self.fake.witness.asked(proof, self.path, self.headers["Kaimen-Time"]):
            raise Unreachable("not proved")

    def _say(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_about: Any) -> None:
        """Quiet."""
