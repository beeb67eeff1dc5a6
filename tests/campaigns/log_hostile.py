"""Whatever bytes are shown to whoever reads notes, receipts, tiles, bundles or proofs: they are refused in words."""

import io
import random
from collections.abc import Callable

from kaimen.proofs import checkpoints, lines, receipts
from kaimen.proofs.audit import audit
from kaimen.proofs.bundles import Bundle, BundleRefused
from kaimen.proofs.checkpoints import NotACheckpoint
from kaimen.proofs.leaf import NotALeaf, read_leaf
from kaimen.proofs.notes import NotANote, NotSigned, VerifierKey
from kaimen.proofs.receipts import NotAReceipt, Receipt, ReceiptRefused
from kaimen.proofs.tests.a_log import LOG, TRUST, ALog, packed
from kaimen.proofs.tests.test_receipts import RECEIPT
from kaimen.proofs.tiles import NotATile, Tile, read_entries

PART = "proofs"
ROUNDS = 1_000
_EACH = 1_000
_REFUSED = (NotANote, NotACheckpoint, NotSigned, NotAReceipt, ReceiptRefused, NotALeaf, NotATile, BundleRefused)

_LOG = ALog()
_LINE = b'{"id": 1, "kind": "inclusion", "leaf_index": 0, "tree_size": 2, "leaf_hash": "", "root": "", "proof": []}'


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    for _ in range(_EACH):
        sample, read = chance.choice(_DOORS)
        shown = _spoiled(sample, chance)
        try:
            read(shown)
        except _REFUSED as refused:
            _in_words(str(refused), shown)
    return _EACH


def _in_words(said: str, shown: bytes) -> None:
    assert 0 < len(said) < 1_000, f"said of {shown[:80]!r}: {said[:200]}"


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _receipt(data: bytes) -> None:
    receipts.verify(Receipt.from_bytes(data), LOG.verifier, TRUST.witnesses)


def _line(data: bytes) -> None:
    assert set(lines.answer(data)) <= {"id", "valid", "error"}


def _spoiled(sample: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled, put in; or nothing of the sample at all."""
    raw = bytearray(sample)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(6):
            case 0:
                raw[at : at + 1] = chance.randbytes(1)
            case 1:
                del raw[at : at + chance.randint(1, 40)]
            case 2:
                raw[at:at] = raw[: chance.randint(1, 40)]
            case 3:
                raw[at:at] = chance.choice(
                    (b"\x00", b"\n", b"\n\n", b"\xff" * 8, b"PK\x03\x04", b"[" * 50, b"\x9b" * 9)
                )
            case 4:
                raw[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff"))
            case 5:
                raw = bytearray(chance.randbytes(chance.randint(0, 300)))
    return bytes(raw)


_DOORS: list[tuple[bytes, Callable[[bytes], object]]] = [
    (_LOG.notes[-1].encode(), lambda data: checkpoints.read(data, LOG.verifier, TRUST.witnesses)),
    (str(LOG.verifier).encode(), lambda data: VerifierKey.read(_text(data))),
    (RECEIPT.to_bytes(), _receipt),
    (str(RECEIPT).encode(), lambda data: Receipt.read(_text(data))),
    (_LOG.leaves[3], read_leaf),
    (b"tile/0/x001/234.p/17", lambda data: Tile.read_path(_text(data))),
    (b"\x00\x03abc\x00\x00\x00\x01x", lambda data: list(read_entries(data))),
    (packed(_LOG.content()), lambda data: audit(Bundle(io.BytesIO(data)), TRUST)),
    (_LINE, _line),
]
