"""Health certificates made for tests, as an independent writer of COSE makes them."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kaimen.kit import base45

NOW = datetime(2021, 6, 1, tzinfo=UTC)
ARC = "1.3.6.1.4.1.1847.2021.1."
PERSON = {"ver": "1.3.0", "nam": {"fnt": "YANG", "gnt": "PIN"}, "dob": "1990-01-01"}
VACCINATED = {1: PERSON | {"v": [{"dn": 2, "sd": 2}]}}


@dataclass(frozen=True)
class Country:
    """A key with its certificate."""

    key: Any
    der: bytes

    @property
    def text(self) -> str:
        """The certificate as a line has it."""
        return base64.b64encode(self.der).decode()

    @property
    def key_id(self) -> bytes:
        """What headers name it by."""
        return sha256(self.der).digest()[:8]

    def sign(self, message: bytes) -> bytes:
        """A signature as COSE wants it."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        width = (self.key.key_size + 7) // 8
        return r.to_bytes(width) + s.to_bytes(width)


def country(
    usages: tuple[str, ...] = (),
    key: Any = None,
    begins: datetime = NOW - timedelta(days=10),
    ends: datetime = NOW + timedelta(days=10),
) -> Country:
    """A country that signs with `key`, a P-256 one unless told."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made up")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, ends)
    if usages:
        built = built.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in usages]), False)
    return Country(key, built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))


def claims(hcert: object = None, **others: Any) -> dict[Any, Any]:
    """Claims of a CWT; `_4=…` says another time, `_4=()` leaves it out."""
    ends, began = NOW + timedelta(days=5), NOW - timedelta(days=5)
    said: dict[int, Any] = {1: "XX", 4: int(ends.timestamp()), 6: int(began.timestamp())}
    said |= {-260: VACCINATED if hcert is None else hcert}
    return {key: value for key, value in (said | {int(k[1:]): v for k, v in others.items()}).items() if value != ()}


def message(
    by: Country,
    payload: bytes,
    protected: Mapping[int, Any] | None = None,
    unprotected: Mapping[int, Any] | None = None,
) -> list[Any]:
    """A COSE_Sign1, its signature good."""
    algorithm = -37 if isinstance(by.key, rsa.RSAPrivateKey) else -7
    headers = {1: algorithm, 4: by.key_id} if protected is None else protected
    raw = cbor2.dumps(headers) if headers else b""
    signature = by.sign(cbor2.dumps(["Signature1", raw, b"", payload]))
    return [raw, dict(unprotected or {}), payload, signature]


def wrapped(data: bytes) -> str:
    """COSE bytes as a code."""
    return "HC1:" + base45.encode(zlib.compress(data, 9))


def code(by: Country, said: dict[Any, Any] | None = None, **headers: Any) -> str:
    """The code of a certificate."""
    payload = cbor2.dumps(claims() if said is None else said)
    return wrapped(cbor2.dumps(cbor2.CBORTag(18, message(by, payload, **headers))))
