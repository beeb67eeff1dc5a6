"""A receipt: one leaf, what opens its commitment, and the proof that a log signed and witnesses saw the tree it is in.

Small enough for one QR code or a printed letter, checked without a network. The root is not written down: leaf and path
give it, and the signatures are over it. Names are not either: whoever checks knows whose keys count. So a receipt joins
nothing to another one, and nothing but its own leaf can be read from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kaimen.kit import base45, canonical
from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import SALT, Opening, opens
from kaimen.proofs.leaf import Leaf, NotALeaf, read_leaf
from kaimen.proofs.merkle import HASH, leaf_hash, root_by
from kaimen.proofs.notes import Note, NotSigned, Signature, VerifierKey
from kaimen.proofs.refusals import Refused

PREFIX = "KR1:"
VERSION = 1
LARGEST = 2_800  # bytes: what one QR code of the largest version holds
_LONGEST = len(PREFIX) + (LARGEST + 1) // 2 * 3
_DEEPEST = 63


class NotAReceipt(Refused):
    """A text that is no receipt, or not the whole of one."""


class ReceiptRefused(Refused):
    """A receipt that proves nothing; the words say what does not hold."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Leaf number `index` of a tree of `size`, and who signed that tree: id of the key and signature, as in a note."""

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    signatures: tuple[tuple[bytes, bytes], ...]
    opening: Opening | None = None

    def to_bytes(self) -> bytes:
        """The one encoding of it."""
        opening = [self.opening.salt, self.opening.secret] if self.opening else None
        signatures = [list(one) for one in self.signatures]
        return canonical.encode([VERSION, self.index, self.size, self.leaf, b"".join(self.path), signatures, opening])

    @classmethod
    def from_bytes(cls, data: bytes) -> "Receipt":
        """Read what `to_bytes` made. Raises NotAReceipt."""
        if len(data) > LARGEST:
            raise NotAReceipt(f"{len(data)} bytes; a receipt has at most {LARGEST}", f"回执最多 {LARGEST} 字节")
        try:
            parts = canonical.decode(data)
        except canonical.NotCanonical as error:
            raise _another_form(f"no canonical CBOR: {error}") from error
        if not isinstance(parts, list) or [type(part) for part in parts[:6]] != [int, int, int, bytes, bytes, list]:
            raise _another_form("not the parts of a receipt")
        if len(parts) != 7 or parts[0] != VERSION:
            raise _another_form(f"not version {VERSION} of a receipt")
        _version, index, size, leaf, path, signatures, opening = parts
        if not 0 <= index < size < 2**63 or len(path) % HASH or len(path) > _DEEPEST * HASH:
            raise _another_form("no place in a tree")
        steps = tuple(path[at : at + HASH] for at in range(0, len(path), HASH))
        return cls(leaf, index, size, steps, _signatures(signatures), _opening(opening))

    def __str__(self) -> str:
        """The text of the QR code."""
        return PREFIX + base45.encode(self.to_bytes())

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """Read the text of a QR code. Raises NotAReceipt."""
        if not text.startswith(PREFIX):
            raise NotAReceipt(f"a receipt begins with {PREFIX}", f"这不是回执，回执以 {PREFIX} 开头")
        if len(text) > _LONGEST:
            raise NotAReceipt(
                f"{len(text)} characters; a receipt has at most {_LONGEST}", f"回执最多 {_LONGEST} 个字符"
            )
        try:
            return cls.from_bytes(base45.decode(text[len(PREFIX) :]))
        except base45.NotBase45 as error:
            what = "not the whole text of a receipt: a character is missing or wrong"
            raise NotAReceipt(what, "回执内容不完整：少了字符或有字符不对，请重新扫码") from error


@dataclass(frozen=True, slots=True)
class Proved:
    """What a receipt proves: this leaf stands in this tree, these witnesses saw it then; `secret` is what it hides."""

    leaf: Leaf
    index: int
    checkpoint: Checkpoint
    witnessed: Mapping[str, datetime]
    secret: bytes | None


def receipt(leaf: bytes, index: int, path: Iterable[bytes], note: Note, opening: Opening | None = None) -> Receipt:
    """The receipt of a leaf under the checkpoint `note`, with the signatures it has by now. Raises NotACheckpoint."""
    size = Checkpoint.read_text(note.text).size
    signatures = tuple((one.key_id, one.value) for one in note.signatures)
    return Receipt(leaf, index, size, tuple(path), signatures, opening)


def verify(shown: Receipt, log: VerifierKey, witnesses: Iterable[VerifierKey] = (), *, quorum: int = 0) -> Proved:
    """What `shown` proves to somebody who trusts `log` and `witnesses`, at least `quorum` of them having cosigned.

    Raises ReceiptRefused.
    """
    root = root_by(leaf_hash(shown.leaf), shown.index, shown.size, shown.path)
    if root is None:
        raise ReceiptRefused(
            "the path is not that of this place in a tree of this size", "回执里的证明与条目的位置不符"
        )
    checkpoint = Checkpoint(log.name, shown.size, root)
    known = tuple(witnesses)
    try:
        signed = checkpoints.checked(Note(str(checkpoint), _named(shown, (log, *known))), log, known)
        leaf = read_leaf(shown.leaf)
    except (NotSigned, NotALeaf) as error:
        raise ReceiptRefused(str(error), "签名对不上：台账或见证人没有签过这条内容") from error
    if len(signed.witnessed) < quorum:
        raise ReceiptRefused(
            f"{len(signed.witnessed)} witnesses saw this tree; {quorum} are asked for",
            f"有 {len(signed.witnessed)} 个见证人见证过，要求至少 {quorum} 个",
        )
    if shown.opening and not (leaf.commitment and opens(leaf.commitment, shown.opening.salt, shown.opening.secret)):
        raise ReceiptRefused("the opening is not what the leaf was committed to", "所附内容与台账里的哈希承诺不符")
    return Proved(leaf, shown.index, checkpoint, signed.witnessed, shown.opening.secret if shown.opening else None)


def _named(shown: Receipt, keys: Iterable[VerifierKey]) -> tuple[Signature, ...]:
    """The signature lines of known keys, with the names that are not written down."""
    return tuple(
        Signature(key.name, id_, value) for key in keys for id_, value in shown.signatures if id_ == key.key_id
    )


def _another_form(what: str) -> NotAReceipt:
    return NotAReceipt(what, "回执的格式不对，不是本系统开具的回执")


def _signatures(parts: list[Any]) -> tuple[tuple[bytes, bytes], ...]:
    pairs = [tuple(part) if isinstance(part, list) else () for part in parts]
    if any([type(one) for one in pair] != [bytes, bytes] or len(pair[0]) != 4 for pair in pairs):
        raise _another_form("not the signatures of a receipt")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _opening(part: Any) -> Opening | None:
    if part is None:
        return None
    if not isinstance(part, list) or [type(one) for one in part] != [bytes, bytes] or len(part[0]) != SALT:
        raise _another_form("not the opening of a commitment")
    return Opening(part[0], part[1])
