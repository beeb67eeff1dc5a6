"""Canonical bytes: one value, one encoding. What is signed is what is stored and what is sent.

The encoding is deterministic CBOR (RFC 8949, section 4.2).
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from itertools import accumulate
from types import NoneType
from typing import Any

import cbor2

_SIMPLE = frozenset({NoneType, bool, int, str, bytes})  # cbor2 has one encoding for each of these
_SHORT, _FEW, _FLAT = 4_096, 64, 8  # bytes, keys, levels: what is larger is sorted anew, and never remembered


_LIST, _END = b"\x9f", b"\xff"  # around pieces, they make one list of them


class NotCanonical(ValueError):
    """Bytes that are not the one encoding of a value."""


def _shared(_decoder: object) -> Any:
    raise ValueError("a value that stands in two places")


# References to a value that stands elsewhere (tags 28 and 29) would double with every level when written out again.
_NOTHING_SHARED = {28: _shared, 29: _shared}


def encode(value: Any) -> bytes:
    """The deterministic CBOR of `value` (None, bool, int, str, bytes, list, dict)."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> Any:
    """The value `data` encodes.

    Raises NotCanonical when the bytes are no CBOR, carry something behind it, or are another encoding of it.
    """
    try:
        value = cbor2.loads(data, semantic_decoders=_NOTHING_SHARED)
        ordered = len(data) <= _SHORT and _ordered(value)
        again = cbor2.dumps(value) if ordered else encode(value)  # some of what decodes does not encode
    except (cbor2.CBORError, RecursionError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise NotCanonical("no CBOR") from error
    if again != data:
        raise NotCanonical("not the deterministic encoding, or bytes behind it")
    return value


def decode_all(pieces: Sequence[bytes]) -> list[Any]:
    """The value of each of many pieces, as `decode` gives it; quicker where they are short lists without maps.

    Raises NotCanonical when one of them is not the one encoding of its value.
    """
    whole = b"".join(pieces)
    again, ends = BytesIO(), []
    try:
        values = cbor2.loads(_LIST + whole + _END, semantic_decoders=_NOTHING_SHARED)
        write, position = cbor2.CBOREncoder(again, canonical=True).encode, again.tell
        for value in values:
            write(value)
            ends.append(position())
    except (cbor2.CBORError, RecursionError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise NotCanonical("no CBOR") from error
    # The same bytes, and each value ends where its piece ends: so each piece is the encoding of its value.
    if again.getvalue() != whole or ends != list(accumulate(map(len, pieces))):
        raise NotCanonical("not the deterministic encoding, or bytes behind it")
    return list(values)


def _ordered(value: Any, levels: int = _FLAT) -> bool:
    """Whether every map in `value` has its keys in order already: to sort them is most of the work of `encode`.

    False also where nobody looked: `encode` knows what to do with everything.
    """
    if type(value) is dict:
        if len(value) > _FEW or not _in_order(tuple(value)):
            return False
        below = [one for one in value.values() if type(one) not in _SIMPLE]
    elif type(value) is list:
        below = [one for one in value if type(one) not in _SIMPLE]
    else:
        return type(value) in _SIMPLE
    return not below or (levels > 0 and all(_ordered(one, levels - 1) for one in below))


@lru_cache(256)
def _in_order(keys: tuple[Any, ...]) -> bool:
    """Whether `keys` are names, in the order of their encodings. Maps come in few forms: most were asked before."""
    if not all(type(key) is str for key in keys):
        return False
    encoded = [cbor2.dumps(key) for key in keys]
    return encoded == sorted(encoded)
