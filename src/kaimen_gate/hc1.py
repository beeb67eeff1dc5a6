"""Health certificates of the EU and WHO (`HC1:`), verified: an adapter; no gate of ours asks for one by itself.

base45, zlib, COSE_Sign1, CWT; signed with ES256 or PS256 by one of the certificates given. What comes in is foreign:
its size, what it inflates to and what it decodes to are bounded, and nothing of it is believed before its signature.
Hcert specification: eHealth Network, "Technical Specifications for EU Digital COVID Certificates", volumes 1 and 3.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaimen.kit import base45, canonical
from kaimen.passes.cbor import NotCbor, Tagged, read_whole
from kaimen_gate.hc1_signers import ES256, PS256, Signer
from kaimen_gate.verify_result import STEPS, Step, Verified, refused_at

PREFIX = "HC1:"
LONGEST = 4296  # characters; no QR code holds more
INFLATED = 16_384  # bytes; real ones stay below 3,000

_ALGORITHM, _KEY_ID = 1, 4  # headers of COSE (RFC 9052)
_ISSUER, _EXPIRES, _ISSUED, _HCERT, _EU = 1, 4, 6, -260, 1  # claims of CWT (RFC 8392) and Hcert
_SIGN1, _CWT = 18, 61  # tags; both may stand there, or neither
_STATEMENTS = frozenset("tvr")
_LATEST = 2**53  # seconds; beyond, no clock


class _Refused(ValueError):
    """A code that is given up at one of its steps."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(reason)
        self.step: Step = step
        self.reason = reason


@dataclass(frozen=True)
class _Message:
    """A COSE_Sign1 around a CWT, decoded and not yet believed."""

    algorithm: object
    key_id: object
    signed: bytes  # what the signature is over
    signature: bytes
    claims: dict[Any, Any]


def verify(code: str, signers: Sequence[Signer], at: float) -> Verified:
    """The answer about `code` at the time `at` (seconds since 1970), whatever `code` is."""
    try:
        message = _message(_inflated(_unwrapped(code)))
    except _Refused as refused:
        return refused_at(refused.step, refused.reason)
    except NotCbor:
        return refused_at("decode", "altered")
    return _judged(message, signers, at)


def _unwrapped(code: str) -> bytes:
    if not code.startswith(PREFIX):
        raise _Refused("unprefix", "not-a-pass")
    if len(code) > LONGEST:
        raise _Refused("base45", "not-a-pass")
    try:
        return base45.decode(code.removeprefix(PREFIX))
    except base45.NotBase45 as error:
        raise _Refused("base45", "not-a-pass") from error


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        inflated = stream.decompress(data, INFLATED + 1)
    except zlib.error as error:
        raise _Refused("inflate", "altered") from error
    if len(inflated) > INFLATED:
        raise _Refused("inflate", "bomb")
    if not stream.eof:
        raise _Refused("inflate", "altered")
    if stream.unused_data:
        raise _Refused("inflate", "trailing-bytes")
    return inflated


def _judged(message: _Message, signers: Sequence[Signer], at: float) -> Verified:
    """Signature, usage and time, each by itself: an expired certificate may be forged as well."""
    named = [signer for signer in signers if signer.key_id == message.key_id]
    algorithm = message.algorithm if message.algorithm in (ES256, PS256) else None
    signer = next((one for one in named if algorithm and _holds(one, algorithm, message)), None)
    against = {
        "verify": _against_signature(algorithm, named, signer),
        "key_usage": _against_usage(message, signer),
        "expiry": _against_time(message, signer, at),
    }
    reason = next((said for said in against.values() if said), "valid")
    checks = {step: not against.get(step) for step in STEPS}
    return Verified(reason, checks, _for_json(message.claims) if signer else None)


def _holds(signer: Signer, algorithm: int, message: _Message) -> bool:
    return signer.verifies(algorithm, message.signature, message.signed)


def _against_signature(algorithm: int | None, named: list[Signer], signer: Signer | None) -> str:
    if algorithm is None:
        return "unknown-algorithm"
    if not named:
        return "unknown-key"
    return "" if signer else "altered"


def _against_usage(message: _Message, signer: Signer | None) -> str:
    """The EU's certificates may be good for tests, vaccinations or recoveries only."""
    eu = message.claims[_HCERT].get(_EU, {})
    said = {kind for kind in _STATEMENTS if eu.get(kind)}
    return "" if signer and signer.may_sign(said) else "key-usage"


def _against_time(message: _Message, signer: Signer | None, at: float) -> str:
    """From when it was issued up to its end, and not outside the time of the certificate that signed it."""
    issued, expires = message.claims.get(_ISSUED), message.claims.get(_EXPIRES)
    if issued is not None and at < issued:
        return "not-yet"
    if expires is not None and at >= expires:
        return "expired"
    if signer is None:
        return "unknown-key" if expires is None else ""
    return "" if signer.begins <= at <= signer.ends else "key-not-in-force"


def _message(data: bytes) -> _Message:
    """Raises NotCbor."""
    value = read_whole(data)
    for tag in (_CWT, _SIGN1):
        if isinstance(value, Tagged) and value.tag == tag:
            value = value.value
    if not isinstance(value, list) or len(value) != 4:
        raise NotCbor("no COSE_Sign1")
    protected, unprotected, payload, signature = value
    if not (isinstance(protected, bytes) and isinstance(unprotected, dict)):
        raise NotCbor("no headers")
    if not (isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise NotCbor("no payload or no signature")
    headers = read_whole(protected) if protected else {}
    if not isinstance(headers, dict):
        raise NotCbor("the protected header is no map")
    signed = canonical.encode(["Signature1", protected if headers else b"", b"", payload])
    claims = _claims(read_whole(payload))
    both = unprotected | headers  # what is protected counts
    return _Message(both.get(_ALGORITHM), both.get(_KEY_ID), signed, signature, claims)


def _claims(value: Any) -> dict[Any, Any]:
    """Claims of the types they must have. Raises NotCbor."""
    if not isinstance(value, dict):
        raise NotCbor("the claims are no map")
    for claim in (_EXPIRES, _ISSUED):
        seconds = value.get(claim)
        if seconds is not None and not (type(seconds) in (int, float) and 0 <= seconds <= _LATEST):
            raise NotCbor("a time that is none")
    hcert = value.get(_HCERT)
    if not isinstance(hcert, dict) or not hcert or not isinstance(hcert.get(_EU, {}), dict):
        raise NotCbor("no health certificate inside")
    if not isinstance(value.get(_ISSUER, ""), str):
        raise NotCbor("the issuer is no text")
    _for_json(value)
    return value


def _for_json(value: Any) -> Any:
    """The same for JSON: keys as text, bytes in base64, no tags. Raises NotCbor when two keys become one."""
    if isinstance(value, Tagged):
        return _for_json(value.value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [_for_json(one) for one in value]
    if isinstance(value, dict):
        written = {str(_for_json(key)): _for_json(one) for key, one in value.items()}
        if len(written) != len(value):
            raise NotCbor("two keys that JSON cannot tell apart")
        return written
    return value
