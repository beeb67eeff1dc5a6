"""The keys that sign passes: several at a time, each with the time it is in force, so that one can follow another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kaimen.kit.keys import NotAKey, PublicKey


@dataclass(frozen=True)
class EdKey:
    """An Ed25519 key of somebody else's issuer: read, never used to issue. `raw` is 32 bytes."""

    raw: bytes
    _key: Ed25519PublicKey

    @classmethod
    def from_raw(cls, raw: bytes) -> "EdKey":
        """Read 32 bytes. Raises NotAKey."""
        try:
            return cls(raw, Ed25519PublicKey.from_public_bytes(raw))
        except ValueError as error:
            raise NotAKey("an Ed25519 public key is 32 bytes") from error

    @property
    def key_id(self) -> bytes:
        """The first eight bytes of the key's SHA-256."""
        return hashlib.sha256(self.raw).digest()[:8]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes) is this key's over `message`."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A key that signs passes. From `begins` on, up to and not including `ends` (both aware), its passes count.

    A new key is told to every gate before it begins; an old one ends when the last pass it signed has.
    """

    public: PublicKey | EdKey
    begins: datetime | None = None
    ends: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether its passes count at the time `at`."""
        return (self.begins is None or at >= self.begins) and (self.ends is None or at < self.ends)


def keyring(*keys: PublicKey | EdKey | IssuerKey) -> Mapping[bytes, IssuerKey]:
    """Keys to read passes with, by key id; those given without dates are always in force."""
    issuers = [key if isinstance(key, IssuerKey) else IssuerKey(key) for key in keys]
    return {issuer.public.key_id: issuer for issuer in issuers}
