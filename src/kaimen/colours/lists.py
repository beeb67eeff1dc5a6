"""Status lists: one or two bits for each pass, signed and compressed, so that every gate holds the whole city.

The form is the IETF Token Status List as a CWT in COSE_Sign1: places are numbered from 0, the lowest bits of a byte
come first, and the bytes are compressed with zlib. What a leaf of the log names is the digest of the uncompressed list:
whoever recomputes it need not have the same zlib. 0 is the usual colour, 1 the worst.
"""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey

MOST_PLACES = 2**27  # of which two bits each are 32 MiB: a hundred million people
LARGEST = 40 * 1024 * 1024  # bytes of a compressed list
_TYPE = "application/statuslist+cwt"
_ALGORITHM, _KEY_ID, _TYP = 1, 4, 16  # of the protected header; ES256 is -7
_SUBJECT, _EXPIRES, _ISSUED, _TTL, _LIST = 2, 4, 6, 65534, 65533
_TAG = b"\xd2"  # COSE_Sign1


class NotAList(ValueError):
    """Bytes that are no status list, or none that this key signed; the message says why."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """Places of `bits` each, packed."""

    bits: int
    packed: bytes

    @property
    def size(self) -> int:
        """How many places."""
        return len(self.packed) * 8 // self.bits

    def value(self, place: int) -> int:
        """What stands at a place. Raises IndexError."""
        if not 0 <= place < self.size:
            raise IndexError(f"there are {self.size:,} places, from 0")
        per_byte = 8 // self.bits
        return self.packed[place // per_byte] >> place % per_byte * self.bits & (1 << self.bits) - 1

    @property
    def digest(self) -> bytes:
        """What a leaf names: SHA-256 over the bits, the number of places and the packed bytes."""
        head = b"kaimen list 1\0" + bytes([self.bits]) + self.size.to_bytes(8)
        return hashlib.sha256(head + self.packed).digest()


@dataclass(frozen=True, slots=True)
class Published:
    """A list as it was signed: its name, and from when to when (moments, whole seconds)."""

    list: StatusList
    name: str
    issued: int
    expires: int


def packed(values: Mapping[int, int], size: int, bits: int) -> StatusList:
    """The list with `values` (place → what stands there, 0 where none is named). `size` is a multiple of eight.

    Raises ValueError for a place or a value that does not fit.
    """
    if bits not in {1, 2} or size % 8 or not 0 < size <= MOST_PLACES:
        raise ValueError(f"a list has 1 or 2 bits for each of 8 to {MOST_PLACES:,} places, a multiple of 8")
    cells = bytearray(size * bits // 8)
    per_byte, most = 8 // bits, (1 << bits) - 1
    for place, value in values.items():
        if not 0 <= place < size or not 0 <= value <= most:
            raise ValueError(f"place {place} with {value} does not fit {size:,} places of {bits} bits")
        byte, shift = place // per_byte, place % per_byte * bits
        cells[byte] = cells[byte] & ~(most << shift) | value << shift
    return StatusList(bits, bytes(cells))


def places_for(count: int) -> int:
    """A size that holds places 0 to `count` − 1: the next multiple of 1,024, so that it tells little."""
    return max(1, -(-count // 1024)) * 1024


def publish(key: SigningKey, of: Published) -> bytes:
    """The signed list, for gates to fetch."""
    protected = canonical.encode({_ALGORITHM: -7, _KEY_ID: key.public.key_id, _TYP: _TYPE})
    claims = {
        _SUBJECT: of.name, _EXPIRES: of.expires // 1000, _ISSUED: of.issued // 1000,
        _TTL: max(0, of.expires - of.issued) // 1000,
        _LIST: {"bits": of.list.bits, "lst": zlib.compress(of.list.packed, 9)},
    }  # fmt: skip
    payload = canonical.encode(claims)
    return _TAG + canonical.encode([protected, {}, payload, key.sign(_signed(protected, payload))])


def read(data: bytes, key: PublicKey, most: int = MOST_PLACES) -> Published:
    """The list that `key` signed. Inflates to at most `most` places of two bits. Raises NotAList."""
    if len(data) > LARGEST or data[:1] != _TAG:
        raise NotAList(f"a COSE_Sign1 of at most {LARGEST:,} bytes begins with its tag")
    parts = _decoded(data[1:])
    if not isinstance(parts, list) or [type(one) for one in parts] != [bytes, dict, bytes, bytes] or parts[1]:
        raise NotAList("a COSE_Sign1 has a protected header, nothing unprotected, a payload and a signature")
    protected, _nothing, payload, signature = parts
    if _decoded(protected) != {_ALGORITHM: -7, _KEY_ID: key.key_id, _TYP: _TYPE}:
        raise NotAList(f"its header names ES256, this key and {_TYPE}")
    if not key.verifies(signature, _signed(protected, payload)):
        raise NotAList("the signature is not this key's")
    return _published(_decoded(payload), most)


def _published(claims: object, most: int) -> Published:
    if not isinstance(claims, dict) or set(claims) != {_SUBJECT, _EXPIRES, _ISSUED, _TTL, _LIST}:
        raise NotAList("its claims are subject, expiry, issue, time to live and the list")
    of, name, issued, expires = claims[_LIST], claims[_SUBJECT], claims[_ISSUED], claims[_EXPIRES]
    if (
        not isinstance(of, dict)
        or set(of) != {"bits", "lst"}
        or type(of["bits"]) is not int
        or not 1 <= of["bits"] <= 2
    ):
        raise NotAList("the list says its bits, 1 or 2, and its bytes")
    if (
        not isinstance(name, str)
        or type(issued) is not int
        or type(expires) is not int
        or not isinstance(of["lst"], bytes)
    ):
        raise NotAList("a name, whole seconds and bytes")
    return Published(StatusList(of["bits"], _inflated(of["lst"], most // 4)), name, issued * 1000, expires * 1000)


def _inflated(data: bytes, most: int) -> bytes:
    """At most `most` bytes, and nothing behind them: a small file must not become a large one."""
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(data, most + 1)
    except zlib.error as error:
        raise NotAList("the list is not compressed with zlib") from error
    if len(plain) > most or not inflating.eof or inflating.unused_data:
        raise NotAList(f"the list inflates to at most {most:,} bytes, and ends with its data")
    return plain


def _signed(protected: bytes, payload: bytes) -> bytes:
    return canonical.encode(["Signature1", protected, b"", payload])


def _decoded(data: bytes) -> object:
    try:
        value: object = canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotAList(f"canonical CBOR ({error})") from error
    return value
