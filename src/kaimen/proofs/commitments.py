"""A commitment stands in the log for what the log must not say: nobody reads it, and nobody can change what it means.

SHA-256 over a label, 32 bytes of salt and the secret. The salt is fresh for each, kept apart from the log, and
destroyed when an emergency ends: what is left then says nothing about anybody.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

SALT = 32  # bytes
_LABEL = b"kaimen commitment 1\0"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment hides: 32 bytes of salt, and the secret."""

    salt: bytes
    secret: bytes


def fresh_salt() -> bytes:
    """32 bytes that nobody can guess, for one commitment and no other."""
    return secrets.token_bytes(SALT)


def commit(salt: bytes, secret: bytes) -> bytes:
    """The commitment (32 bytes) to `secret`. Raises ValueError for a salt of another length than 32."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes, not {len(salt)}")
    return sha256(_LABEL + salt + secret).digest()


def opens(commitment: bytes, salt: bytes, secret: bytes) -> bool:
    """Whether `salt` and `secret` are what was committed to."""
    return len(salt) == SALT and hmac.compare_digest(commit(salt, secret), commitment)
