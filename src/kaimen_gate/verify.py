"""Codes verified one by one, for programs: `kaimen-gate verify --jsonl`. docs/reference/pass.md says it in words.

A line in, a line out, whatever the line is. Nothing is kept between lines, and no line costs more than its length.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from kaimen.kit.keys import PublicKey
from kaimen.passes import FRESH, BadPass, Check, EdKey, IssuerKey, Reading, keyring, read
from kaimen_gate import hc1
from kaimen_gate.hc1_signers import NotACertificate, Signer, read_signer
from kaimen_gate.verify_result import STEPS, Step, Verified, refused_at

LONGEST = 1_048_576  # bytes of a line
CERTIFICATES = 256  # in a line
_CERTIFICATE = 16_384  # bytes; a larger one is not read

_STEP: dict[Check, Step] = {
    "prefix": "unprefix",
    "size": "base45",
    "base45": "base45",
    "decode": "decode",
    "structure": "decode",
    "key": "verify",
    "signature": "verify",
    "holder": "verify",
    "in-force": "expiry",
    "expiry": "expiry",
    "moment": "expiry",
}
_SECOND = timedelta(seconds=1)


class _NotALine(ValueError):
    """A line that asks nothing."""


def answers(lines: BinaryIO, fresh: timedelta = FRESH) -> Iterator[str]:
    """The answer to each line, as a line of JSON without its end. Empty lines are passed over."""
    while line := lines.readline(LONGEST + 1):
        if len(line) > LONGEST:
            while not line.endswith(b"\n") and (line := lines.readline(LONGEST)):
                pass
            yield _written(None, refused_at("unprefix", "not-a-line"))
        elif line.strip():
            yield _answer(line, fresh)


def verify(code: str, certificates: Sequence[bytes], at: datetime, fresh: timedelta = FRESH) -> Verified:
    """The answer about a code of either kind at the time `at` (aware).

    `certificates` are DER: X.509 certificates, and for `KM1:` also bare public keys. Those that cannot be read or do
    not fit are left out.
    """
    if code.startswith(hc1.PREFIX):
        return hc1.verify(code, _signers(certificates), at.timestamp())
    try:
        reading = read(code, keyring(*_issuers(certificates)), at, fresh)
    except BadPass as bad:
        return refused_at(_STEP[bad.check], bad.reason, _payload(bad.reading) if bad.reading else None)
    return Verified("valid", dict.fromkeys(STEPS, True), _payload(reading))


def _answer(line: bytes, fresh: timedelta) -> str:
    asked: object = None
    try:
        asked = json.loads(line)
        code, certificates, at = _question(asked)
    except (ValueError, RecursionError):
        return _written(asked, refused_at("unprefix", "not-a-line"))
    return _written(asked, verify(code, certificates, at, fresh))


def _question(asked: object) -> tuple[str, list[bytes], datetime]:
    """Raises ValueError."""
    if not isinstance(asked, dict):
        raise _NotALine("no object")
    code, certificates, at = asked.get("code"), asked.get("certificates", []), asked.get("at")
    if not (isinstance(code, str) and isinstance(at, str) and isinstance(certificates, list)):
        raise _NotALine("no code, no time, or certificates that are no list")
    if len(certificates) > CERTIFICATES or not all(isinstance(one, str) for one in certificates):
        raise _NotALine("certificates that are no texts, or too many")
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not 1970 < moment.year < 9999:
        raise _NotALine("a time without a zone, or out of time")
    return code, [der for one in certificates if (der := _der(one))], moment


def _der(text: str) -> bytes | None:
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return der if len(der) <= _CERTIFICATE else None


def _signers(certificates: Sequence[bytes]) -> list[Signer]:
    found = []
    for der in certificates:
        try:
            found.append(read_signer(der))
        except NotACertificate:
            continue
    return found


def _issuers(certificates: Sequence[bytes]) -> Iterator[IssuerKey]:
    for der in certificates:
        try:
            yield _certified(der)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            try:
                yield IssuerKey(_key(load_der_public_key(der)))
            except (ValueError, TypeError, UnsupportedAlgorithm):
                continue


def _certified(der: bytes) -> IssuerKey:
    """The key of a certificate, in force as long as that is. Raises ValueError."""
    certificate = x509.load_der_x509_certificate(der)
    last = certificate.not_valid_after_utc
    ends = last + _SECOND if last.year < 9999 else None  # its last second counts
    return IssuerKey(_key(certificate.public_key()), certificate.not_valid_before_utc, ends)


def _key(key: object) -> PublicKey | EdKey:
    """Raises ValueError."""
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        return PublicKey.from_raw(key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    if isinstance(key, ed25519.Ed25519PublicKey):
        return EdKey.from_raw(key.public_bytes_raw())
    raise ValueError("neither a P-256 nor an Ed25519 key")


def _payload(reading: Reading) -> dict[str, Any]:
    return {
        "index": reading.index,
        "expires": reading.expires.isoformat(),
        "key_id": reading.key_id.hex(),
        "shown": reading.shown.isoformat() if reading.shown else None,
    }


def _written(asked: object, answer: Verified) -> str:
    id_ = asked.get("id") if isinstance(asked, dict) else None
    said = {
        "id": id_ if isinstance(id_, str | int) else None,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "checks": answer.checks,
        "payload": answer.payload,
    }
    return json.dumps(said, separators=(",", ":"))
