"""COSE_Sign1 (RFC 9052) as Kaimen writes it: ES256, the key's id in the protected header, one encoding.

ECDSA has a second valid signature for every one it makes, (r, n − s). Only the one with the smaller s counts here,
so that nobody can turn a pass into another text that opens the same door.
"""

from dataclasses import dataclass

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey

_TAG = b"\xd2"  # 18, COSE_Sign1
_HEADER = bytes.fromhex("a2 01 26 04 48")  # {1 (algorithm): -7 (ES256), 4 (key id): the eight bytes that follow}
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_LARGEST_S = (_ORDER // 2).to_bytes(32)


class NotCose(ValueError):
    """Bytes that are no COSE_Sign1 of this form."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed message, taken apart; nothing in it is believed before `signed_by`."""

    key_id: bytes
    payload: bytes
    _protected: bytes
    _signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether `key` signed it."""
        if self._signature[32:] > _LARGEST_S:
            return False
        return key.verifies(self._signature, _to_be_signed(self._protected, self.payload))


def seal(payload: bytes, key: SigningKey) -> bytes:
    """`payload` signed by `key`."""
    protected = _HEADER + key.public.key_id
    signature = key.sign(_to_be_signed(protected, payload))
    s = int.from_bytes(signature[32:])
    smaller = min(s, _ORDER - s).to_bytes(32)
    return _TAG + canonical.encode([protected, {}, payload, signature[:32] + smaller])


def take_apart(data: bytes) -> Envelope:
    """Read what `seal` made.

    Raises NotCose, and canonical.NotCanonical when the bytes are another encoding or carry something behind them.
    """
    if data[:1] != _TAG:
        raise NotCose("no COSE_Sign1")
    match canonical.decode(data[1:]):
        case [bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature] if not unprotected:
            pass
        case _:
            raise NotCose("a COSE_Sign1 is protected header, empty map, payload, signature")
    if protected[:5] != _HEADER or len(protected) != 13 or len(signature) != 64:
        raise NotCose("the protected header names ES256 and a key id of eight bytes; the signature has 64")
    return Envelope(protected[5:], payload, protected, signature)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return canonical.encode(["Signature1", protected, b"", payload])
