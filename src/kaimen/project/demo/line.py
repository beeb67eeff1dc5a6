"""The wire between a gate and the centre, with a plug to pull: bytes pass both ways until a file says it is cut."""

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path

_LOOK = 0.1  # seconds between two looks at the file
_PIECE = 65536


class Line:
    """Listens at `port` of this machine and passes every connection on to another port of it."""

    def __init__(self, port: int, cut: Path) -> None:
        """`port`: where the centre listens. While the file `cut` exists, nothing passes and nobody is answered."""
        self._target, self._cut = port, cut
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._ended = threading.Event()
        threading.Thread(target=self._accept, name="line", daemon=True).start()

    def close(self) -> None:
        """Take it down, with every connection on it."""
        self._ended.set()
        self._listening.close()

    def _broken(self) -> bool:
        return self._ended.is_set() or self._cut.exists()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                near, _ = self._listening.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._pass_on, args=(near,), name="line", daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        """One connection, until either end hangs up or the wire is cut."""
        with near, suppress(OSError):
            if self._broken():
                return
            with socket.create_connection(("127.0.0.1", self._target), timeout=10) as far:
                self._between(near, far)

    def _between(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        while not self._broken():
            for one in select.select(list(other), [], [], _LOOK)[0]:
                piece = one.recv(_PIECE)
                if not piece:
                    return
                other[one].sendall(piece)
