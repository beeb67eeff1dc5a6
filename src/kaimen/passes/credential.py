"""The static credential: a CWT (RFC 8392) that carries when it ends and its index in the status list, nothing else.

`KM1:` + base45 + COSE_Sign1: 97 bytes, 150 characters, a QR code of version 6. No name, no colour, no health data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.passes import base45, cose

PREFIX = "KM1:"
LARGEST = 100  # bytes; a hundred still fit version 6-M
_LONGEST = len(PREFIX) + LARGEST // 2 * 3
_EXPIRES = 4  # CWT claim "exp"
_INDEX = 7  # CWT claim "cti", the token's own id: the pass's index, four bytes
_NO_MORE = 2**32

Reason = Literal["not-a-pass", "altered", "unknown-key", "expired"]
Check = Literal["prefix", "size", "base45", "decode", "structure", "key", "signature", "expiry"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pass says, and whose key vouches for it."""

    index: int
    expires: datetime
    key_id: bytes


class BadPass(ValueError):
    """A code that opens nothing: why, which check found it, and what it read if the signature held."""

    def __init__(self, reason: Reason, check: Check, reading: Reading | None = None) -> None:
        super().__init__(f"{reason} ({check})")
        self.reason: Reason = reason
        self.check: Check = check
        self.reading = reading


def issue(key: SigningKey, index: int, expires: datetime) -> str:
    """The code of pass `index`, good until `expires` (aware; whole seconds). Raises ValueError."""
    if expires.tzinfo is None:
        raise ValueError("a pass ends at an aware datetime; add a zone, for example datetime(..., tzinfo=UTC)")
    seconds = int(expires.timestamp())
    if not 0 <= index < _NO_MORE or not 0 <= seconds < _NO_MORE:
        raise ValueError(f"a pass's index and end (seconds since 1970) are 0 … {_NO_MORE - 1}, not {index}, {seconds}")
    claims = canonical.encode({_EXPIRES: seconds, _INDEX: index.to_bytes(4)})
    return PREFIX + base45.encode(cose.seal(claims, key))


def read(code: str, keys: Mapping[bytes, PublicKey], at: datetime) -> Reading:
    """What `code` says at the time `at`, if one of `keys` (by key id) signed it.

    Raises BadPass for everything else, whatever `code` is. Cheap checks come first, the signature last but one.
    """
    envelope = _envelope(code)
    index, expires = _claims(envelope.payload)
    key = keys.get(envelope.key_id)
    if key is None:
        raise BadPass("unknown-key", "key")
    if not envelope.signed_by(key):
        raise BadPass("altered", "signature")
    reading = Reading(index, expires, envelope.key_id)
    if at >= expires:
        raise BadPass("expired", "expiry", reading)
    return reading


def _envelope(code: str) -> cose.Envelope:
    if not code.startswith(PREFIX):
        raise BadPass("not-a-pass", "prefix")
    if len(code) > _LONGEST:
        raise BadPass("not-a-pass", "size")
    try:
        return cose.take_apart(base45.decode(code[len(PREFIX) :]))
    except base45.NotBase45 as error:
        raise BadPass("not-a-pass", "base45") from error
    except canonical.NotCanonical as error:
        raise BadPass("altered", "decode") from error
    except cose.NotCose as error:
        raise BadPass("not-a-pass", "structure") from error


def _claims(payload: bytes) -> tuple[int, datetime]:
    """Index and end. A claim this version does not know is refused: ignoring it could widen what a pass opens."""
    try:
        claims = canonical.decode(payload)
    except canonical.NotCanonical as error:
        raise BadPass("altered", "decode") from error
    if not isinstance(claims, dict) or claims.keys() != {_EXPIRES, _INDEX}:
        raise BadPass("not-a-pass", "structure")
    seconds, index = claims[_EXPIRES], claims[_INDEX]
    if type(seconds) is not int or not 0 <= seconds < _NO_MORE or type(index) is not bytes or len(index) != 4:
        raise BadPass("not-a-pass", "structure")
    return int.from_bytes(index), datetime.fromtimestamp(seconds, UTC)
