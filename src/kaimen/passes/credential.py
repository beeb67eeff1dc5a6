"""The static credential: a CWT (RFC 8392) that carries when it ends and its index in the status list, nothing else.

`KM1:` + base45 + COSE_Sign1 (RFC 9052): 97 bytes, 150 characters, a QR code of version 6. No name, no colour, no
health data. Deterministic CBOR gives every byte its place, so a pass is read by its layout: what stands elsewhere, is
encoded otherwise or comes on top is no pass, and nobody's CBOR decoder stands before the signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from struct import Struct
from typing import Literal

from kaimen.kit import base45, canonical
from kaimen.kit.keys import PublicKey, SigningKey

PREFIX = "KM1:"
LARGEST = 100  # bytes; a hundred still fit version 6-M

_LONGEST = len(PREFIX) + LARGEST // 2 * 3
_LAYOUT = Struct(">8s 8s 5s I 2s I 2s 32s 32s")
_HEAD = bytes.fromhex("d2 84 4d a2 01 26 04 48")  # tag 18, list of 4; protected {1 (alg): -7 (ES256), 4 (kid): 8 bytes}
_CLAIMS = bytes.fromhex("a0 4d a2 04 1a")  # nothing unprotected; payload {4 (exp): four bytes,
_INDEX = bytes.fromhex("07 44")  # 7 (cti): four bytes}
_SIGNATURE = bytes.fromhex("58 40")  # 64 bytes
_PROTECTED, _PAYLOAD = slice(2, 16), slice(17, 31)
_SIGNED_AS = b"\x84\x6aSignature1"  # Sig_structure: ["Signature1", protected, h'', payload]
_NOTHING = b"\x40"

_SECONDS = range(2**16, 2**32)  # what CBOR writes in four bytes: from the second day of 1970 into 2106
_INDEXES = range(2**32)
# ECDSA has a second signature for every one it makes, (r, n − s). Only the one with the smaller s counts, so that
# nobody can turn a pass into another text that opens the same door.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_LARGEST_S = (_ORDER // 2).to_bytes(32)

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
    if index not in _INDEXES or seconds not in _SECONDS:
        raise ValueError(f"a pass has an index below 2³² and ends between 1970-01-02 and 2106, not {index}, {expires}")
    unsigned = _LAYOUT.pack(_HEAD, key.public.key_id, _CLAIMS, seconds, _INDEX, index, _SIGNATURE, b"", b"")[:-64]
    signature = key.sign(_to_be_signed(unsigned))
    s = int.from_bytes(signature[32:])
    return PREFIX + base45.encode(unsigned + signature[:32] + min(s, _ORDER - s).to_bytes(32))


def read(code: str, keys: Mapping[bytes, PublicKey], at: datetime) -> Reading:
    """What `code` says at the time `at`, if one of `keys` (by key id) signed it.

    Raises BadPass for everything else, whatever `code` is. Cheap checks come first, the signature last but one.
    """
    data = _unwrapped(code)
    if len(data) != _LAYOUT.size:
        raise _no_pass(data)
    head, key_id, claims, seconds, before_index, index, before_signature, r, s = _LAYOUT.unpack(data)
    marks = (head, claims, before_index, before_signature)
    if marks != (_HEAD, _CLAIMS, _INDEX, _SIGNATURE) or seconds not in _SECONDS:
        raise _no_pass(data)
    key = keys.get(key_id)
    if key is None:
        raise BadPass("unknown-key", "key")
    if s > _LARGEST_S or not key.verifies(r + s, _to_be_signed(data)):
        raise BadPass("altered", "signature")
    reading = Reading(index, datetime.fromtimestamp(seconds, UTC), key_id)
    if at >= reading.expires:
        raise BadPass("expired", "expiry", reading)
    return reading


def _unwrapped(code: str) -> bytes:
    if not code.startswith(PREFIX):
        raise BadPass("not-a-pass", "prefix")
    if len(code) > _LONGEST:
        raise BadPass("not-a-pass", "size")
    try:
        return base45.decode(code[len(PREFIX) :])
    except base45.NotBase45 as error:
        raise BadPass("not-a-pass", "base45") from error


def _to_be_signed(data: bytes) -> bytes:
    return _SIGNED_AS + data[_PROTECTED] + _NOTHING + data[_PAYLOAD]


def _no_pass(data: bytes) -> BadPass:
    """Tell bytes that were changed, or encoded in another way, from a token that is not a pass of ours."""
    if data[:1] != _HEAD[:1]:
        return BadPass("not-a-pass", "structure")
    try:
        parts = canonical.decode(data[1:])
        if isinstance(parts, list) and len(parts) == 4 and isinstance(parts[2], bytes):
            canonical.decode(parts[2])
    except canonical.NotCanonical:
        return BadPass("altered", "decode")
    return BadPass("not-a-pass", "structure")
