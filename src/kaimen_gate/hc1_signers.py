"""Certificates (X.509) of whoever signs health certificates: their keys, what they may sign, and how long."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

ES256, PS256 = -7, -37  # algorithms of COSE (RFC 9053, RFC 8230)
_RSA_BITS = range(2048, 8193)  # shorter is broken, longer only costs time
_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
# Extended key usages of the EU (digital green certificates, volume 1, 4.3): which statements a key may sign. The
# second arc is the one the EU's first guidelines printed, and many certificates carry.
_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
_MAY_SIGN = {"1": "t", "2": "v", "3": "r"}  # tests, vaccinations, recoveries
_NO_USAGES = bytes.fromhex("0603551d25 04023000"), bytes.fromhex("0603551d25 0101ff 04023000")


class NotACertificate(ValueError):
    """Bytes that are no certificate that can be used."""


@dataclass(frozen=True)
class Signer:
    """One certificate."""

    key_id: bytes  # the first eight bytes of the SHA-256 of its DER
    begins: float  # seconds since 1970
    ends: float  # its last second
    statements: frozenset[str]  # "t", "v", "r"; none named, none excluded
    _key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey

    def verifies(self, algorithm: int, signature: bytes, message: bytes) -> bool:
        """Whether `signature` is this key's. The key says which algorithm that must be, never the message alone."""
        try:
            if isinstance(self._key, rsa.RSAPublicKey):
                if algorithm != PS256:
                    return False
                self._key.verify(signature, message, _PSS, hashes.SHA256())
            else:
                if algorithm != ES256 or len(signature) != 64:
                    return False
                der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
                self._key.verify(der, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def may_sign(self, statements: set[str]) -> bool:
        """Whether it may sign all these kinds of statement."""
        return not self.statements or statements <= self.statements


@lru_cache(256)
def read_signer(der: bytes) -> Signer:
    """Read a certificate. Raises NotACertificate."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        statements = _statements(certificate)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType) as error:
        raise NotACertificate(str(error)) from error
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name != "secp256r1":
            raise NotACertificate("its key is on another curve than P-256")
    elif not isinstance(key, rsa.RSAPublicKey) or key.key_size not in _RSA_BITS:
        raise NotACertificate("its key is neither on P-256 nor an RSA key of 2048 to 8192 bits")
    return Signer(hashlib.sha256(der).digest()[:8], begins.timestamp(), ends.timestamp(), statements, key)


def _statements(certificate: x509.Certificate) -> frozenset[str]:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return frozenset()
    except (ValueError, x509.DuplicateExtension):
        # An empty list of usages is against RFC 5280, and in use: it names none.
        if any(empty in certificate.tbs_certificate_bytes for empty in _NO_USAGES):
            return frozenset()
        raise
    named = (usage.dotted_string for usage in usages)
    return frozenset(
        _MAY_SIGN[oid.removeprefix(arc)]
        for oid in named
        for arc in _ARCS
        if oid.startswith(arc) and oid.removeprefix(arc) in _MAY_SIGN
    )
