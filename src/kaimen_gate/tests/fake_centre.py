"""A centre small enough for a test: the five addresses of the real one, and switches for everything that goes wrong."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from uuid import UUID

from kaimen.kit.ids import new_id
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.passes import issue
from kaimen.rules import Vocabulary, parse
from kaimen.rules.as_json import to_json
from kaimen_gate import wire
from kaimen_gate.facts import FACTS
from kaimen_gate.standard_rules import standard_rules
from kaimen_gate.wire import Expected, PassKey, Rule, Snapshot, Verdict

PLACE = "ferry-house-east"
ZONE = "Asia/Shanghai"
PEOPLE = (
    Expected(11, "王样", 0, "3", "000X"),
    Expected(12, "李样", 0, "4", "0012"),
    Expected(13, "李样", 1, "9", "0012"),
    Expected(14, "Zhang Yang", 1, "9", "0014"),
    Expected(15, "赵样", 1, "9", "0015"),  # a phone
    Expected(16, "赵样", 1, "9", "0015"),  # and a card
)


def snapshot(key: SigningKey, made_at: datetime, **changes: Any) -> Snapshot:
    """A list of six people at one gate."""
    fields: dict[str, Any] = {
        "place": PLACE, "title": ("渡口东门", "Ferry House, east gate"), "version": 1, "made_at": made_at,
        "opens": "06:00", "closes": "22:00", "zone": ZONE, "keys": (PassKey(key.public.raw),),
        "organisations": (("渡船厂", "Ferry Works", True), ("灯塔公司", "Lighthouse Co.", False)), "people": PEOPLE,
        "revoked": frozenset({99}), "words": {"on-list": ("在今日名单", "On today’s list", "请进。", "Please go in.")},
    }  # fmt: skip
    return Snapshot(**(fields | changes))


def with_rules(*more: tuple[str, Verdict | None, str]) -> tuple[Rule, ...]:
    """The node's own rules, with others (reason, verdict, when) before the one that lets in."""
    vocabulary, own = Vocabulary(FACTS), standard_rules()
    return (*own[:-2], *(Rule(why, so, to_json(parse(when, vocabulary).tree)) for why, so, when in more), *own[-2:])


class FakeCentre:
    """Holds what a centre holds. `entries` is what arrived, each once, in order."""

    def __init__(self) -> None:
        self.key = SigningKey.generate()
        self.nodes: dict[UUID, PublicKey] = {}
        self.lists: dict[str, bytes] = {}
        self.versions: dict[str, int] = {}
        self.colours = b""
        self.entries: dict[UUID, list[bytes]] = {}
        self.batches: list[bytes] = []
        self.away = False  # answers 503
        self.revoked: dict[str, Any] | None = None  # what it tells every node, with status 401
        self.forgets_to_answer = 0  # batches that are taken, and then the line is cut
        self.lock = Lock()

    def code(self, index: int, days: int = 30, at: datetime | None = None) -> str:
        """A pass."""
        return issue(self.key, index, (at or datetime.now(UTC)) + timedelta(days=days))

    def publish(self, made: Snapshot) -> None:
        """Put a list out."""
        with self.lock:
            self.lists[made.place] = wire.write_snapshot(made, self.key)
            self.versions[made.place] = made.version

    def enrol(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Take a node in, if it knows the code."""
        said = json.loads(body)
        if said["code"] != "GOOD-CODE":
            return 403, {"error": "This code invites nobody.", "remedy": "Ask for a fresh one."}
        node = new_id()
        self.nodes[node] = PublicKey.from_raw(base64.b64decode(said["public_key"]))
        centre_key = base64.b64encode(self.key.public.raw).decode()
        return 201, {"node": str(node), "centre_key": centre_key, "places": [PLACE]}

    def proved(self, path: str, headers: Any) -> bool:
        """Whether a node signed this request."""
        key = self.nodes.get(UUID(headers.get("Kaimen-Node", str(UUID(int=0)))))
        message = f"GET {path}\n{headers.get('Kaimen-Time', '')}".encode()
        return key is not None and key.verifies(base64.b64decode(headers["Kaimen-Signature"]), message)

    def take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Take a batch: what continues the chain, once; 409 for a gap or a fork."""
        sender = wire.batch_sender(body)
        raws = wire.read_batch(body, self.nodes[sender])
        with self.lock:
            self.batches.append(body)
            chain = self.entries.setdefault(sender, [])
            held = len(chain)
            for raw in raws:
                entry = wire.read_entry(raw)
                if entry.seq <= len(chain):
                    fits = chain[entry.seq - 1] == raw
                else:
                    fits = entry.seq == len(chain) + 1 and entry.previous == _head(chain)
                    chain += [raw] if fits else []
                if not fits:
                    return 409, {"error": "no chain", "remedy": "send the rest", "acknowledged": len(chain)}
            return 200, {"acknowledged": len(chain), "inserted": len(chain) - held}

    def standing(self, node: UUID) -> dict[str, Any]:
        """What the centre says of a node's lists and chains."""
        with self.lock:
            chain = self.entries.get(node, [])
            epoch = wire.read_entry(chain[-1]).epoch if chain else 0
            return {"lists": self.versions, "acknowledged": {str(epoch): len(chain)} if chain else {}}

    def arrived(self) -> list[wire.Entry]:
        """Every entry of every node."""
        with self.lock:
            return [wire.read_entry(raw) for chain in self.entries.values() for raw in chain]


def _head(chain: list[bytes]) -> bytes:
    return wire.link(chain[-1]) if chain else wire.FIRST_LINK


@contextmanager
def served(centre: FakeCentre, port: int = 0) -> Iterator[str]:
    """The centre on a port of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"centre": centre}))
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    centre: FakeCentre

    def do_GET(self) -> None:
        if self.centre.away:
            return self._say(503, b"{}")
        if self.centre.revoked is not None:
            return self._say(401, json.dumps(self.centre.revoked).encode())
        if not self.centre.proved(self.path.partition("?")[0], self.headers):
            return self._say(401, b'{"error": "not proved", "remedy": "sign"}')
        if self.path.startswith("/api/gate/colours/"):
            return self._say(200 if self.centre.colours else 204, self.centre.colours)
        if self.path == "/api/gate/lists":
            return self._say(200, json.dumps(self.centre.standing(UUID(self.headers["Kaimen-Node"]))).encode())
        data = self.centre.lists.get(self.path.rsplit("/", 1)[1])
        return self._say(200, data) if data else self._say(404, b'{"error": "no list", "remedy": "wait"}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.centre.away:
            return self._say(503, b"{}")
        status, said = self.centre.enrol(body) if self.path == "/api/gate/nodes" else self.centre.take(body)
        if status == 200 and self.centre.forgets_to_answer:
            self.centre.forgets_to_answer -= 1
            self.close_connection = True
            return None
        return self._say(status, json.dumps(said).encode())

    def _say(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_about: Any) -> None:
        """Quiet."""
