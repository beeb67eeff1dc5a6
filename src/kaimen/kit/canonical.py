"""Canonical bytes: one value, one encoding. What is signed is what is stored and what is sent.

The encoding is deterministic CBOR (RFC 8949, section 4.2).
"""

from typing import Any

import cbor2


class NotCanonical(ValueError):
    """Bytes that are not the one encoding of a value."""


def encode(value: Any) -> bytes:
    """The deterministic CBOR of `value` (None, bool, int, str, bytes, list, dict)."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> Any:
    """The value `data` encodes.

    Raises NotCanonical when the bytes are no CBOR, carry something behind it, or are another encoding of it.
    """
    try:
        value = cbor2.loads(data)
        again = encode(value)  # some of what decodes (a list that holds itself) does not encode
    except (cbor2.CBORError, RecursionError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise NotCanonical("no CBOR") from error
    if again != data:
        raise NotCanonical("not the deterministic encoding, or bytes behind it")
    return value
