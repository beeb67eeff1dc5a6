"""Signed notes (C2SP signed-note): a text, and under it the lines of those who signed it.

A log signs with Ed25519 (type 0x01). A witness cosigns with a time (type 0x04, C2SP tlog-cosignature v1): it says that
at this time this was the largest consistent tree it had seen. A key is known by its name and the first four bytes of a
hash over name, type and key; a verifier key is the text `name+hash+base64` that one party gives another by hand.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kaimen.kit.secret_file import kept

ED25519, COSIGNATURE = 0x01, 0x04
LONGEST = 256 * 1024  # bytes of a note
MOST_SIGNATURES = 64

_SIGNED = "— "  # em dash, space
_LATEST = 2**33  # seconds: in the year 2242; what a datetime holds, and far below what the format allows


class NotANote(ValueError):
    """Text that is no signed note, or a key that is no verifier key."""


class NotSigned(ValueError):
    """A note without a signature it needs, or with one that does not hold."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who says to have signed, and the bytes behind the key's number."""

    name: str
    key_id: bytes
    value: bytes

    @classmethod
    def read(cls, line: str) -> "Signature":
        """Read `— name base64`. Raises NotANote."""
        name, space, encoded = line.removeprefix(_SIGNED).partition(" ")
        if not line.startswith(_SIGNED) or not space:
            raise NotANote(f"{line[:80]!r} is no signature line; it is written `— name base64`")
        data = from_base64(encoded)
        if len(data) <= 4:
            raise NotANote(f"the signature of {name[:80]!r} has no bytes")
        return cls(checked_name(name), data[:4], data[4:])

    def __str__(self) -> str:
        """The line, without its end."""
        return f"{_SIGNED}{self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and its signatures. Nothing in it is true because it is there."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, note: str | bytes) -> "Note":
        """Read a whole note. Raises NotANote."""
        whole = _decoded(note)
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not text or not lines.endswith("\n"):
            raise NotANote("a note is a text, an empty line, and lines of signatures, each with its end")
        signed = lines.removesuffix("\n").split("\n")
        if len(signed) > MOST_SIGNATURES:
            raise NotANote(f"{len(signed)} signatures; at most {MOST_SIGNATURES} are read")
        return cls(text + "\n", tuple(Signature.read(line) for line in signed))

    def __str__(self) -> str:
        """The note as it is sent and stored."""
        return self.text + "\n" + "".join(f"{one}\n" for one in self.signatures)

    def also(self, *signatures: Signature) -> "Note":
        """The note with more signatures; one of the same key takes the place of the one before."""
        fresh = {(one.name, one.key_id): one for one in (*self.signatures, *signatures)}
        return Note(self.text, tuple(fresh.values()))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signatures count, of which type: what one party gives another by hand. `raw` is the public key."""

    name: str
    algorithm: int
    raw: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Read `name+hash+base64`, of a log or of a witness. Raises NotANote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = from_base64(encoded)
        if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
            raise NotANote(f"{text[:80]!r} is no Ed25519 verifier key; it is written `name+hash+base64`")
        key = cls(checked_name(name), data[0], data[1:])
        if key.key_id.hex() != key_id:
            raise NotANote(f"the verifier key of {name[:80]!r} was changed on its way: its hash is {key.key_id.hex()}")
        return key

    def __str__(self) -> str:
        """The text others configure."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes((self.algorithm,)) + self.raw).decode()}"

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell the keys of a note apart; no more than that."""
        return sha256(self.name.encode() + b"\n" + bytes((self.algorithm,)) + self.raw).digest()[:4]

    def signed(self, note: Note) -> bool:
        """Whether this key signed the note (type 0x01). Raises NotSigned when its line is there and does not hold."""
        lines = self._lines(note)
        if self.algorithm != ED25519 or not lines:
            return False
        if not all(self._verifies(one.value, note.text.encode()) for one in lines):
            raise NotSigned(f"the signature of {self.name} does not hold")
        return True

    def cosigned(self, note: Note) -> datetime | None:
        """When this witness cosigned the note (type 0x04); None when it did not.

        Raises NotSigned when its line is there and does not hold.
        """
        lines = self._lines(note)
        if self.algorithm != COSIGNATURE or not lines:
            return None
        return min(self._time(one.value, note.text) for one in lines)

    def asked(self, signature: bytes, path: str, time: str) -> bool:
        """Whether this witness asks for `path` at `time` (as it wrote it): see `WitnessKey.ask`."""
        return self.algorithm == COSIGNATURE and self._verifies(signature, _asked_text(path, time))

    def _time(self, value: bytes, text: str) -> datetime:
        seconds = int.from_bytes(value[:8])
        if len(value) != 72 or seconds > _LATEST or not self._verifies(value[8:], cosigned_text(text, seconds)):
            raise NotSigned(f"the cosignature of {self.name} does not hold")
        return datetime.fromtimestamp(seconds, UTC)

    def _lines(self, note: Note) -> list[Signature]:
        return [one for one in note.signatures if (one.name, one.key_id) == (self.name, self.key_id)]

    def _verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class _NoteKey:
    """A name and a private key; it never leaves the machine it was made on."""

    name: str
    _key: Ed25519PrivateKey
    algorithm: ClassVar[int]

    @classmethod
    def generate(cls, name: str) -> Self:
        """A fresh key. Raises NotANote when nobody can be called so."""
        return cls(checked_name(name), Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes, name: str) -> Self:
        """Read PKCS#8. Raises NotANote."""
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise NotANote("the file is no unencrypted PKCS#8 key") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NotANote("the key is no Ed25519 key")
        return cls(checked_name(name), key)

    @classmethod
    def kept_at(cls, path: Path, name: str) -> Self:
        """The key in `path`, made there (readable by its owner only) when there is none. Raises NotANote."""
        return cls.from_pem(kept(path, lambda: cls.generate(name).pem()), name)

    def pem(self) -> bytes:
        """PKCS#8, unencrypted: for the owner's own disk."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def verifier(self) -> VerifierKey:
        """What others check its signatures with."""
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return VerifierKey(self.name, self.algorithm, raw)


class LogKey(_NoteKey):
    """What a log signs its checkpoints with (type 0x01)."""

    algorithm = ED25519

    def sign(self, text: str) -> Signature:
        """The line to stand under `text`. Raises NotANote when no note can have such a text."""
        return Signature(self.name, self.verifier.key_id, self._key.sign(checked_text(text).encode()))


class WitnessKey(_NoteKey):
    """What a witness cosigns with (type 0x04)."""

    algorithm = COSIGNATURE

    def cosign(self, text: str, at: datetime) -> Signature:
        """The line that says: at the time `at` (aware) this was the largest consistent tree I had seen."""
        if at.tzinfo is None:
            raise ValueError(
                "a witness cosigns at an aware datetime; add a zone, for example datetime(..., tzinfo=UTC)"
            )
        seconds = int(at.timestamp())
        signature = self._key.sign(cosigned_text(checked_text(text), seconds))
        return Signature(self.name, self.verifier.key_id, seconds.to_bytes(8) + signature)

    def ask(self, path: str, time: str) -> bytes:
        """What proves to a log that this witness, and nobody else, asks for `path` at `time`."""
        return self._key.sign(_asked_text(path, time))


def cosigned_text(text: str, seconds: int) -> bytes:
    """What a cosignature v1 is made over."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _asked_text(path: str, time: str) -> bytes:
    return f"kaimen witness request 1\nGET {path}\n{time}".encode()


def checked_text(text: str) -> str:
    """A text a note can have: it ends with its line and holds no other control character. Raises NotANote."""
    if not text.endswith("\n") or any(ord(one) < 32 and one != "\n" for one in text):
        raise NotANote("the text of a note ends with a newline and holds no other control character")
    return text


def checked_name(name: str) -> str:
    """A name a key can have. Raises NotANote."""
    if not name or len(name) > 255 or "+" in name or not name.isprintable() or any(one.isspace() for one in name):
        raise NotANote(f"{name[:80]!r} is no key's name: 1 to 255 characters, no space and no plus")
    return name


def from_base64(text: str) -> bytes:
    """Standard base64, whole and in its one form. Raises NotANote."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise NotANote(f"{text[:80]!r} is no base64") from error
    if base64.b64encode(data).decode() != text:
        raise NotANote(f"{text[:80]!r} is not the one base64 of its bytes")
    return data


def verifier_keys(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    """The verifier keys of a configuration. Raises NotANote."""
    return tuple(VerifierKey.read(text) for text in texts)


def _decoded(note: str | bytes) -> str:
    if len(note) > LONGEST:
        raise NotANote(f"longer than {LONGEST} bytes")
    if isinstance(note, bytes):
        try:
            note = note.decode()
        except UnicodeDecodeError as error:
            raise NotANote("not UTF-8") from error
    try:
        note.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair
        raise NotANote("not Unicode") from error
    return checked_text(note)
