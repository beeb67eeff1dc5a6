"""What proves a list of colours to a gate that believes nobody: where it stands in the log, and who replayed it.

The centre's signature is not enough: whoever holds the centre's disk can make it. A list counts when its leaf stands in
a tree that the pinned log signed, behind the pinned genesis, and that enough pinned witnesses cosigned after they had
worked out every colour once more. What the list says of its own age does not count either: its leaf says it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kaimen.colours import lists
from kaimen.colours.lists import StatusList
from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey
from kaimen.kit.whole_file import write_whole
from kaimen.proofs import checkpoints, merkle
from kaimen.proofs.checkpoints import Cosigned, NotACheckpoint
from kaimen.proofs.leaf import LATEST, NotALeaf, read_leaf
from kaimen.proofs.notes import COSIGNATURE, ED25519, NotANote, Note, NotSigned, VerifierKey, verifier_keys

NAME = "person"  # the list of people's colours; no other opens or shuts anything
_VERSION = 1
_KEYS = ("genesis", "logs", "witnesses", "quorum")


class NotProved(ValueError):
    """A list that nothing speaks for but whoever sent it; the message says what is missing."""


class BadPins(ValueError):
    """Pins that cannot be used: which, and what would be right."""


@dataclass(frozen=True)
class Pins:
    """Whom a node believes about colours. Told to it by hand, never by the centre."""

    genesis: bytes  # hash of the leaf the activation began with
    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...]
    quorum: int  # how many of the witnesses must have cosigned

    def __post_init__(self) -> None:
        if len(self.genesis) != merkle.HASH:
            raise BadPins(f"a genesis is {2 * merkle.HASH} hexadecimal digits")
        if not self.logs or any(one.algorithm != ED25519 for one in self.logs):
            raise BadPins("at least one key of a log, as `kaimen ledger bundle` prints it")
        if any(one.algorithm != COSIGNATURE for one in self.witnesses):
            raise BadPins("a witness's key is that which `kaimen-witness init` prints")
        if len({one.raw for one in self.witnesses} | {one.name for one in self.witnesses}) < 2 * len(self.witnesses):
            raise BadPins("each witness once, under one name and with one key")
        if not 1 <= self.quorum <= len(self.witnesses):
            raise BadPins(f"a quorum of 1 to {len(self.witnesses)}, as many as there are witnesses")

    @classmethod
    def of(cls, genesis: str, logs: list[str], witnesses: list[str], quorum: int | None = None) -> "Pins":
        """From texts; without a quorum, more than half of the witnesses. Raises BadPins."""
        try:
            keys = verifier_keys(witnesses)
            most = len(keys) // 2 + 1
            return cls(bytes.fromhex(genesis), verifier_keys(logs), keys, most if quorum is None else quorum)
        except (NotANote, ValueError) as error:
            raise BadPins(str(error)) from error

    @classmethod
    def kept_at(cls, path: Path) -> "Pins | None":
        """The pins in a file; None when there is none. Raises BadPins, OSError."""
        try:
            said = json.loads(path.read_bytes())
            return cls.of(*(said[name] for name in _KEYS))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadPins(f"{path} cannot be used: {error}; write it with kaimen-gate trust") from error

    def keep(self, path: Path) -> None:
        """Write them down. Raises OSError."""
        texts = self.genesis.hex(), [str(one) for one in self.logs], [str(one) for one in self.witnesses], self.quorum
        write_whole(path, json.dumps(dict(zip(_KEYS, texts, strict=True)), indent=2).encode())


@dataclass(frozen=True)
class Standing:
    """A leaf and the proof that it stands in a tree."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]

    def proves(self, size: int, root: bytes) -> bool:
        """Whether it is leaf number `index` of that tree."""
        return merkle.verify_inclusion(merkle.leaf_hash(self.leaf), self.index, size, self.path, root)


@dataclass(frozen=True)
class ColourProof:
    """A list as it was published, its leaf, the leaf of its genesis, and the cosigned checkpoint over both."""

    content: bytes
    listed: Standing
    genesis: Standing
    note: str

    def to_bytes(self) -> bytes:
        """What the centre sends, and a node keeps."""
        stands = [[one.leaf, one.index, b"".join(one.path)] for one in (self.listed, self.genesis)]
        return canonical.encode([_VERSION, self.content, *stands, self.note])

    @classmethod
    def read(cls, data: bytes) -> "ColourProof":
        """Read what `to_bytes` made. Raises NotProved."""
        try:
            parts = canonical.decode(data)
        except canonical.NotCanonical as error:
            raise NotProved(f"no canonical CBOR: {error}") from error
        kinds = [int, bytes, list, list, str]
        if not isinstance(parts, list) or [type(one) for one in parts] != kinds or parts[0] != _VERSION:
            raise NotProved(f"not a list with its proof, version {_VERSION}")
        return cls(parts[1], _standing(parts[2]), _standing(parts[3]), parts[4])


@dataclass(frozen=True)
class ColourList:
    """Colours a node may act on: the value of each place, from which moment, and who has replayed it."""

    values: StatusList
    as_of: datetime
    log_size: int
    witnessed: Mapping[str, datetime]

    def value(self, index: int) -> int:
        """What stands at a pass's index: 0 the usual colour, also for a pass made since."""
        return self.values.value(index) if index < self.values.size else 0

    def age(self, at: datetime) -> int:
        """Seconds since it was computed; none where the clock here is behind, so that no clock turns anybody away."""
        return max(0, int((at - self.as_of).total_seconds()))

    def ahead(self, at: datetime) -> int:
        """Seconds by which it is of a moment that has not come by the clock here."""
        return max(0, int((self.as_of - at).total_seconds()))


def proved(data: bytes, pins: Pins, centre: PublicKey) -> ColourList:
    """The list that `data` holds and proves. Raises NotProved."""
    proof = ColourProof.read(data)
    signed = _signed(proof.note, pins)
    size, root = signed.checkpoint.size, signed.checkpoint.root
    if merkle.leaf_hash(proof.genesis.leaf) != pins.genesis:
        raise NotProved("it belongs to another genesis than the pinned one")
    if not proof.genesis.proves(size, root):
        raise NotProved("the pinned genesis is not in the log the witnesses saw")
    if not proof.listed.proves(size, root):
        raise NotProved("its leaf is not in the log the witnesses saw")
    if proof.listed.index <= proof.genesis.index:
        raise NotProved("its leaf stands before the genesis, where nobody replays")
    values, as_of = _as_its_leaf_says(proof, centre)
    return ColourList(values, datetime.fromtimestamp(as_of / 1000, UTC), size, signed.witnessed)


def _signed(text: str, pins: Pins) -> Cosigned:
    """The checkpoint, when log and witnesses signed it. Raises NotProved."""
    try:
        note = Note.read(text)
        log = next((one for one in pins.logs if one.name == note.text.split("\n")[0]), None)
        if log is None:
            raise NotProved("the checkpoint is of a log that is not pinned")
        signed = checkpoints.checked(note, log, pins.witnesses)
    except (NotANote, NotACheckpoint, NotSigned) as error:
        raise NotProved(f"the checkpoint: {error}") from error
    if len(signed.witnessed) < pins.quorum:
        raise NotProved(f"{len(signed.witnessed)} of {pins.quorum} pinned witnesses have cosigned it")
    return signed


def _as_its_leaf_says(proof: ColourProof, centre: PublicKey) -> tuple[StatusList, int]:
    """The list's values and the moment they were computed at. Raises NotProved."""
    try:
        leaf = read_leaf(proof.listed.leaf)
        published = lists.read(proof.content, centre)
    except (NotALeaf, lists.NotAList) as error:
        raise NotProved(str(error)) from error
    said, of = leaf.said, published.list
    if leaf.kind != "list" or said.get("status") != NAME or published.name != NAME:
        raise NotProved(f"it is no list of the name {NAME}")
    if (said.get("digest"), said.get("bits"), said.get("size")) != (of.digest, of.bits, of.size):
        raise NotProved("it is not the list its leaf names")
    as_of = said.get("as_of")
    if type(as_of) is not int or not 0 <= as_of < LATEST or as_of // 1000 != published.issued // 1000:
        raise NotProved("it says another moment than its leaf")
    return of, as_of


def _standing(value: list[Any]) -> Standing:
    if [type(one) for one in value] != [bytes, int, bytes] or value[1] < 0 or len(value[2]) % merkle.HASH:
        raise NotProved("not a leaf with its place and path")
    leaf, index, path = value
    return Standing(leaf, index, tuple(path[at : at + merkle.HASH] for at in range(0, len(path), merkle.HASH)))
