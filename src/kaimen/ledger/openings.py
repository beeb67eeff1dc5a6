"""Openings: what makes a commitment readable. Each emergency has a key of its own, and is closed by destroying it.

The key lies in `keys/openings/<emergency>`, outside the database. An empty file there says that the key was destroyed:
under it nothing is sealed ever again. The file is read each time, so that no process goes on with a key that is gone.
"""

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kaimen.kit.secret_file import kept
from kaimen.proofs.commitments import SALT, Opening

STANDING = "standing"  # what is recorded while no emergency is in force
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_VERSION = b"\x01"
_told: list[Callable[[], str | None]] = []


class OpeningsGone(LookupError):
    """The openings of this emergency were destroyed: they cannot be read, and none is made any more."""

    def __init__(self, emergency: str) -> None:
        super().__init__(
            f"the openings of {emergency} were destroyed; what is recorded now belongs to another emergency"
        )


class NotOpened(ValueError):
    """A sealed opening was altered, moved to another leaf, or sealed under another key."""


def emergency_told_by(teller: Callable[[], str | None]) -> Callable[[], str | None]:
    """Register who knows the slug of the emergency in force; called from AppConfig.ready. The last one is asked."""
    _told.append(teller)
    return teller


def emergency_now() -> str:
    """The emergency under whose key openings are sealed now."""
    return (_told[-1]() if _told else None) or STANDING


def key_path(emergency: str) -> Path:
    """Where the key of an emergency lies. Raises ValueError for a name that is none."""
    if not _NAME.fullmatch(emergency):
        raise ValueError(f"{emergency[:60]!r} is no name of an emergency; it should read like covid-2020")
    path: Path = settings.KEYS / "openings" / emergency
    return path


def destroy_key(emergency: str) -> None:
    """Make an emergency's key unreadable, once and for all: overwritten, then emptied, both on the disk."""
    path = key_path(emergency)
    path.parent.mkdir(parents=True, exist_ok=True)
    for content in (secrets.token_bytes(32), b""):
        with path.open("r+b" if path.exists() else "wb") as file:
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True)
class OpeningKey:
    """The key of one emergency's openings."""

    emergency: str
    key: bytes

    @classmethod
    def of(cls, emergency: str) -> "OpeningKey":
        """The key in its file, made there when there is none. Raises OpeningsGone."""
        key = kept(key_path(emergency), lambda: secrets.token_bytes(32))
        if not key:
            raise OpeningsGone(emergency)
        return cls(emergency, key)

    def seal(self, leaf: UUID, opening: Opening) -> bytes:
        """Encrypt for that leaf's row only."""
        nonce = secrets.token_bytes(12)
        return _VERSION + nonce + AESGCM(self.key).encrypt(nonce, opening.salt + opening.secret, self._place(leaf))

    def open(self, leaf: UUID, sealed: bytes) -> Opening:
        """Decrypt what `seal` made for the same leaf. Raises NotOpened."""
        try:
            plain = AESGCM(self.key).decrypt(sealed[1:13], sealed[13:], self._place(leaf))
        except (InvalidTag, ValueError) as error:
            raise NotOpened(f"the opening of {leaf} does not open: altered, moved or under another key") from error
        return Opening(plain[:SALT], plain[SALT:])

    def _place(self, leaf: UUID) -> bytes:
        return _VERSION + self.emergency.encode() + b"\0" + leaf.bytes
