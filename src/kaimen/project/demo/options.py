"""What may be asked of `make demo`, through the environment."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
FASTEST = 1000.0


class NotPossible(ValueError):
    """It cannot start like this; the text is one line that says what would do."""


@dataclass(frozen=True)
class Options:
    """PORT, SPEED, KAIMEN_DATA, PACK, TLS, FRESH."""

    port: int
    speed: float
    data: Path
    pack: Path
    tls: bool
    fresh: bool

    @property
    def host(self) -> str:
        """Where to listen: this machine only, unless there is TLS."""
        return "0.0.0.0" if self.tls else "127.0.0.1"  # noqa: S104 — TLS=1 asks for the local network

    @property
    def address(self) -> str:
        """The address for this machine's own browser."""
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"


def read(environ: Mapping[str, str] = os.environ) -> Options:
    """Read the options. Raises NotPossible."""
    data = Path(os.path.expanduser(environ.get("KAIMEN_DATA") or ROOT / "var" / "demo")).resolve()
    return Options(
        port=_port(environ.get("PORT") or "8000"),
        speed=_speed(environ.get("SPEED") or "20"),
        data=data,
        pack=_pack(environ.get("PACK") or "packs/qingdao-2020"),
        tls=_switch("TLS", environ),
        fresh=_switch("FRESH", environ),
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise NotPossible(f"PORT={text} is no port; choose a number from 1024 to 65535: make demo PORT=8001")
    return int(text)


def _pack(text: str) -> Path:
    pack = (ROOT / text).resolve()
    if not (pack / "pack.yaml").is_file():
        raise NotPossible(f"PACK={text} is no pack; name the folder of one: make demo PACK=packs/template")
    return pack


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST:
        raise NotPossible(f"SPEED={text} does not work; give a number above 0, at most {FASTEST:g}: make demo SPEED=20")
    return speed


def _switch(name: str, environ: Mapping[str, str]) -> bool:
    text = environ.get(name) or "0"
    if text not in ("0", "1"):
        raise NotPossible(f"{name}={text} is neither on nor off; leave it out or write: make demo {name}=1")
    return text == "1"


def require_free(host: str, port: int) -> None:
    """Raise NotPossible when something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise NotPossible(f"Port {port} needs more rights than yours; try: make demo PORT=8000") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise NotPossible(f"Port {port} is in use; choose another: make demo PORT={other}") from error


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
