"""Secrets in rows: AES-256-GCM bound to where they stand, and a blind index to find them by.

A sealed value copied to another row, column or table does not open. The blind index is an
HMAC under a key of its own over the normalised value, so equality can be asked, nothing else.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kaimen.kit.secret_file import kept

_VERSION = b"\x01"


class NotOpened(ValueError):
    """The bytes were altered, moved to another row, or sealed under another key."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens with one pair of keys (32 bytes each)."""

    sealing_key: bytes
    index_key: bytes

    @classmethod
    def kept_at(cls, path: Path) -> "Sealer":
        """The keys in `path` (64 bytes), made there (owner only) when there are none."""
        keys = kept(path, lambda: secrets.token_bytes(64))
        if len(keys) != 64:
            raise ValueError(f"{path} holds {len(keys)} bytes; the sealing keys are 64")
        return cls(keys[:32], keys[32:])

    def seal(self, text: str, *, column: str, row: str) -> bytes:
        """Encrypt `text` for `column` ("table.column") of `row` (its primary key)."""
        nonce = secrets.token_bytes(12)
        return _VERSION + nonce + AESGCM(self.sealing_key).encrypt(nonce, text.encode(), _place(column, row))

    def open(self, sealed: bytes, *, column: str, row: str) -> str:
        """Decrypt what `seal` made for the same place. Raises NotOpened."""
        if sealed[:1] != _VERSION:
            raise NotOpened(f"sealed by version {sealed[:1].hex() or 'none'}, this program opens version 01")
        try:
            return AESGCM(self.sealing_key).decrypt(sealed[1:13], sealed[13:], _place(column, row)).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: too short for a nonce
            raise NotOpened(f"{column} of {row} does not open: altered, moved or under another key") from error

    def blind(self, text: str, *, column: str) -> bytes:
        """The blind index (16 bytes) of a normalised value."""
        return hmac.digest(self.index_key, column.encode() + b"\0" + text.encode(), hashlib.sha256)[:16]


def _place(column: str, row: str) -> bytes:
    return _VERSION + column.encode() + b"\0" + row.encode()
