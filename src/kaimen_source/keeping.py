"""What a source keeps on its own disk: its key, where it sends, the pinned genesis, and every envelope it signed.

An envelope is on the disk before it is sent, under a name only this key can work out from its row: the same list sent
again sends the same envelopes, and nothing in the folder says whom they are about.
"""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from kaimen.kit.keys import SigningKey

KEY, ABOUT, OUTBOX = "key.pem", "source.json", "sent"


class Mistake(Exception):
    """What cannot be done, in one line."""


@dataclass(frozen=True)
class About:
    """Which source this is, where it sends, and which log it trusts (the hash of its first leaf, in hexadecimal)."""

    server: str
    source: str
    genesis: str


@dataclass(frozen=True)
class Folder:
    """The folder of one source."""

    path: Path
    about: About
    key: SigningKey

    @classmethod
    def made_at(cls, path: Path, about: About) -> "Folder":
        """A new folder, or the one that is there when it is of the same source. Raises Mistake."""
        if len(about.genesis) != 64 or set(about.genesis) - set("0123456789abcdef"):
            raise Mistake("the genesis is 64 hexadecimal digits; the authorities tell it, not the server")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / OUTBOX).mkdir(mode=0o700, exist_ok=True)
        file = path / ABOUT
        if file.exists() and json.loads(file.read_text("utf-8")) != asdict(about):
            raise Mistake(f"{path} is the folder of another source, server or genesis; take another")
        file.write_text(json.dumps(asdict(about), ensure_ascii=False, indent=1), "utf-8")
        return cls(path, about, SigningKey.kept_at(path / KEY))

    @classmethod
    def at(cls, path: Path) -> "Folder":
        """The folder `init` made. Raises Mistake."""
        if not (path / KEY).exists() or not (path / ABOUT).exists():
            raise Mistake(f"{path} holds no source; first: kaimen-source init --data {path} …")
        about = About(**json.loads((path / ABOUT).read_text("utf-8")))
        return cls(path, about, SigningKey.kept_at(path / KEY))

    def envelope(self, row: bytes) -> bytes | None:
        """The envelope that was signed for this row before."""
        path = self._place(row)
        return path.read_bytes() if path.exists() else None

    def keep(self, row: bytes, envelope: bytes) -> None:
        """Put an envelope on the disk before it is sent."""
        path = self._place(row)
        draft = path.with_suffix(".new")
        with draft.open("wb") as file:
            file.write(envelope)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _place(self, row: bytes) -> Path:
        return self.path / OUTBOX / hmac.new(self.key.pem(), row, hashlib.sha256).hexdigest()
