"""Signing keys: ES256 (ECDSA, P-256, SHA-256) with 64-byte raw signatures, as COSE wants them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from kaimen.kit.secret_file import kept

_CURVE = ec.SECP256R1()
_HASH = ec.ECDSA(hashes.SHA256())


class NotAKey(ValueError):
    """Bytes that are no P-256 key."""


@dataclass(frozen=True)
class PublicKey:
    """A key to verify with; `raw` is the compressed point (33 bytes)."""

    raw: bytes
    _key: ec.EllipticCurvePublicKey

    @classmethod
    def from_raw(cls, raw: bytes) -> "PublicKey":
        """Read a compressed point. Raises NotAKey."""
        try:
            return cls(raw, ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw))
        except ValueError as error:
            raise NotAKey("a P-256 public key is 33 bytes, a compressed point") from error

    @property
    def key_id(self) -> bytes:
        """The first eight bytes of the key's SHA-256: short enough for a card, checked by the signature anyway."""
        return hashlib.sha256(self.raw).digest()[:8]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes, r then s) is this key's over `message`."""
        if len(signature) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
        try:
            self._key.verify(der, message, _HASH)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A key to sign with. It never leaves the machine it was made on."""

    _key: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> "SigningKey":
        """A fresh key."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Read PKCS#8. Raises NotAKey."""
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise NotAKey("the file is no unencrypted PKCS#8 key") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != _CURVE.name:
            raise NotAKey("the key is not on curve P-256")
        return cls(key)

    @classmethod
    def kept_at(cls, path: Path) -> "SigningKey":
        """The key in `path`, made there (readable by its owner only) when there is none."""
        return cls.from_pem(kept(path, lambda: cls.generate().pem()))

    @property
    def public(self) -> PublicKey:
        """The other half."""
        key = self._key.public_key()
        point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        return PublicKey(point, key)

    def pem(self) -> bytes:
        """PKCS#8, unencrypted: for the owner's own disk."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r then s."""
        r, s = decode_dss_signature(self._key.sign(message, _HASH))
        return r.to_bytes(32) + s.to_bytes(32)
