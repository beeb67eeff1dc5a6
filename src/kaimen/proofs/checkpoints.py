"""A checkpoint (C2SP tlog-checkpoint): which log, how many leaves, which root. The log signs, witnesses cosign."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kaimen.proofs.merkle import HASH, LARGEST
from kaimen.proofs.notes import LogKey, NotANote, Note, NotSigned, VerifierKey, WitnessKey, from_base64


class NotACheckpoint(ValueError):
    """A text that is no checkpoint, or one that is another log's."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says about its tree at one moment. The origin is the log's name, the same as its key's."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read_text(cls, text: str) -> "Checkpoint":
        """Read the three lines. Raises NotACheckpoint; of lines beyond them too, because nobody could check those."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NotACheckpoint("a checkpoint is three lines: the log's name, its size, its root")
        try:
            root = from_base64(lines[2])
        except NotANote as error:
            raise NotACheckpoint(f"the root: {error}") from error
        if len(root) != HASH:
            raise NotACheckpoint(f"a root has {HASH} bytes, not {len(root)}")
        return cls(lines[0], _size(lines[1]), root)

    def __str__(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint the log signed, when each known witness cosigned it, and the note it stood in."""

    checkpoint: Checkpoint
    witnessed: Mapping[str, datetime]
    note: Note


def signed(checkpoint: Checkpoint, key: LogKey) -> Note:
    """The checkpoint, signed by its log. Raises ValueError when the key is another log's."""
    if key.name != checkpoint.origin:
        raise ValueError(f"{key.name} does not sign for {checkpoint.origin}")
    text = str(checkpoint)
    return Note(text, (key.sign(text),))


def cosigned(note: Note, key: WitnessKey, at: datetime) -> Note:
    """The note with the cosignature of a witness, who must have checked it before."""
    return note.also(key.cosign(note.text, at))


def read(note: str | bytes, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Cosigned:
    """The checkpoint of `log` that `note` holds, and who of `witnesses` cosigned it and when.

    Raises NotANote, NotACheckpoint, and NotSigned when the log did not sign it or a known line does not hold.
    Lines of keys nobody asked about are left alone.
    """
    return checked(Note.read(note), log, witnesses)


def checked(note: Note, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Cosigned:
    """The same of a note that is read already. Raises NotACheckpoint, NotSigned."""
    if not log.signed(note):
        raise NotSigned(f"{log.name} did not sign this")
    checkpoint = Checkpoint.read_text(note.text)
    if checkpoint.origin != log.name:
        raise NotACheckpoint(f"a checkpoint of {checkpoint.origin[:80]!r}, not of {log.name}")
    witnessed: dict[str, datetime] = {}
    for witness in witnesses:  # one with two keys, the old and the new, is still one: the earlier time counts
        at = witness.cosigned(note)
        if at is not None:
            witnessed[witness.name] = min(at, witnessed.get(witness.name, at))
    return Cosigned(checkpoint, witnessed, note)


def _size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19 or (text != "0" and text.startswith("0")):
        raise NotACheckpoint(f"{text[:40]!r} is no size: a number without leading zeros")
    size = int(text)
    if size > LARGEST:
        raise NotACheckpoint(f"no log has {size} leaves")
    return size
