"""A health-code service on the loopback: real HTTP, made-up people, and every way to fail."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class StandIn:
    """What it answers, and what it was asked."""

    url: str = ""
    status: int = 200
    says: bytes = b'{"outcome": "green"}'
    hangs: threading.Event = field(default_factory=threading.Event)  # set: it does not answer
    let_go: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def answers(self, status: int = 200, **says: Any) -> None:
        """From now on it answers so."""
        self.status, self.says = status, json.dumps(says).encode()


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in at a port of its own until the end of the block."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stand_in.asked.append((self.path, json.loads(body), self.headers["Authorization"]))
            if stand_in.hangs.is_set():
                stand_in.let_go.wait(30)
                return
            self.send_response(stand_in.status)
            self.send_header("Content-Length", str(len(stand_in.says)))
            self.end_headers()
            with suppress(ConnectionError):  # who asked may have had enough
                self.wfile.write(stand_in.says)

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield stand_in
    finally:
        stand_in.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
