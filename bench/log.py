"""The log: growing, proofs at ten million leaves, receipts, and checking a bundle."""

import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO

from pymerkle.core import _inclusion_path_layout
from pymerkle.proof import InclusionProof

from bench.appending import appended
from bench.table import Row, p95
from kaimen.kit import canonical, clock
from kaimen.ledger.growing import Edge
from kaimen.proofs import bundles, checkpoints, receipts
from kaimen.proofs.audit import Trust, audit
from kaimen.proofs.bundles import Bundle, Content
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.commitments import Opening, commit
from kaimen.proofs.merkle import HASH, Frontier, leaf_hash, verify_consistency
from kaimen.proofs.notes import LogKey, Note, WitnessKey
from kaimen.proofs.receipts import Receipt
from kaimen.proofs.tiles import WIDTH, Reader, Tile, TiledTree

LEAVES = 10_000_000
PORTION = 16_384
PROOFS = 1_000
BUNDLED = 50_000
LOG, WITNESS = LogKey.generate("log.example/east"), WitnessKey.generate("court.example")
BEGUN = clock.now()


def run() -> list[Row]:
    """Every row of the table."""
    with _grown(LEAVES) as grown:
        rows = [
            Row("leaves hashed and put into tiles, no database", LEAVES / grown.seconds, "/s", 100_000, "more"),
            *_proofs(grown),
            *_receipts(grown),
        ]
    return [*rows, *_bundle(), *appended()]


@dataclass(frozen=True)
class Grown:
    """A log of short leaves in tiles; the widest level lies in a file, as on a disk."""

    tree: TiledTree
    root: bytes
    seconds: float

    def fresh(self) -> TiledTree:
        """The tree with nothing read yet."""
        return TiledTree(self.tree.size, self.tree.read)


def _leaf(index: int) -> bytes:
    return b"a leaf of a hundred and thirty bytes, as colours are " + index.to_bytes(77)


@contextmanager
def _grown(size: int) -> Iterator[Grown]:
    with tempfile.TemporaryFile() as file:
        edge, above, seconds = Edge(0, []), dict[tuple[int, int], bytes](), 0.0
        for start in range(0, size, PORTION):
            leaves = [_leaf(index) for index in range(start, min(start + PORTION, size))]
            begun = time.thread_time()
            rows = edge.extend([leaf_hash(leaf) for leaf in leaves])
            root = edge.root()
            seconds += time.thread_time() - begun
            _keep(rows, file, above)
        yield Grown(TiledTree(size, _reader(file, above)), root, seconds)


def _keep(rows: list[tuple[int, int, bytes]], file: IO[bytes], above: dict[tuple[int, int], bytes]) -> None:
    for level, index, data in rows:
        if level:
            above[level, index] = data
        else:
            file.seek(index * WIDTH * HASH)
            file.write(data)


def _reader(file: IO[bytes], above: dict[tuple[int, int], bytes]) -> Reader:
    def read(tile: Tile) -> bytes:
        if tile.level:
            return above[tile.level, tile.index]
        file.seek(tile.index * WIDTH * HASH)
        return file.read(tile.width * HASH)

    return read


def _proofs(grown: Grown) -> list[Row]:
    """Proofs of leaves all over the tree, each from tiles alone, each checked by code that is not ours."""
    size, times, lengths = grown.tree.size, list[float](), list[int]()
    for number in range(PROOFS):
        index = number * 7_919_993 % size
        begun = time.thread_time()
        path = grown.fresh().inclusion_path(index)
        times.append(time.thread_time() - begun)
        lengths.append(len(path) * HASH)
        rule, _ranges = _inclusion_path_layout(index + 1, size)
        leaf = sha256(b"\x00" + _leaf(index)).digest()
        InclusionProof("sha256", True, size, index + 1, rule, [leaf, *path]).verify(leaf, grown.root)
    begun = time.thread_time()
    older = TiledTree(size // 3, grown.tree.read)
    path = grown.fresh().consistency_path(older.size)
    took = time.thread_time() - begun
    assert verify_consistency(older.size, size, older.root(), grown.root, path)
    what = f"inclusion proof at {size:,} leaves, the longest of {PROOFS:,}; all verified by pymerkle"
    return [
        Row(what, max(lengths), "bytes", 1_024),
        Row("… made from tiles, 95 of 100 in", p95(times) * 1000, "ms", 5),
        Row(f"consistency proof from {older.size:,} leaves", len(path) * HASH, "bytes", 1_500),
        Row("… made from tiles in", took * 1000, "ms", 5),
    ]


def _receipts(grown: Grown) -> list[Row]:
    """The receipt of a leaf as a colour's is, in a log of its own and as deep as a city's."""
    opening, leaf = _colour(1)
    alone = _cosigned(Checkpoint(LOG.name, 1, leaf_hash(leaf)))
    shown = receipts.receipt(leaf, 0, (), alone, opening)
    path = tuple(grown.fresh().inclusion_path(grown.tree.size // 2))
    city = Receipt(leaf, 1, grown.tree.size, path, shown.signatures, opening)
    district = Receipt(leaf, 1, 200_000, path[:18], shown.signatures, opening)
    begun, times = time.thread_time(), 300
    for _ in range(times):
        receipts.verify(Receipt.read(str(shown)), LOG.verifier, (WITNESS.verifier,), quorum=1)
    rate = times / (time.thread_time() - begun)
    return [
        Row("receipt in a log of 200,000 leaves, one witness", len(district.to_bytes()), "bytes"),
        Row(f"receipt in a log of {grown.tree.size:,} leaves, one witness", len(city.to_bytes()), "bytes"),
        Row("… as the text of one QR code", len(str(city)), "characters", 4_296),  # what version 40 holds
        Row("receipts checked, both signatures", rate, "/s", 1_000, "more"),
    ]


def _colour(number: int) -> tuple[Opening, bytes]:
    """What a change of colour hides, and its leaf."""
    subject, evidence = sha256(b"subject %d" % number).digest()[:16], [sha256(b"evidence").digest()[:16]] * 2
    secret = canonical.encode({"subject": subject, "evidence": evidence, "appeal": None})
    opening = Opening(sha256(b"salt %d" % number).digest(), secret)
    at = int(BEGUN.timestamp() * 1000) + number
    said = {
        "v": 1, "kind": "colour", "at": at, "id": number.to_bytes(16), "status": "person", "from": "green", "to": "red",
        "rule": "confirmed", "rules": sha256(b"rules").digest(), "sources": ["laboratory", "hospital"],
        "until": at + 1_209_600_000, "why": "evidence", "c": commit(opening.salt, opening.secret),
    }  # fmt: skip
    return opening, canonical.encode(said)


def _cosigned(checkpoint: Checkpoint, after: int = 0) -> Note:
    at = BEGUN + timedelta(milliseconds=after)
    return checkpoints.cosigned(checkpoints.signed(checkpoint, LOG), WITNESS, at)


def _bundle() -> list[Row]:
    """An auditor's bundle of a district's size: written, and checked leaf by leaf."""
    frontier, notes, leaves, openings = Frontier(), list[str](), list[bytes](), list[tuple[int, Opening]]()
    for index in range(BUNDLED):
        opening, leaf = _colour(index)
        leaves.append(leaf)
        openings.append((index, opening))
        frontier.append(leaf_hash(leaf))
        if index % 100 == 99:
            notes.append(str(_cosigned(Checkpoint(LOG.name, frontier.size, frontier.root()), index)))
    file = io.BytesIO()
    bundles.write(file, Content((LOG.verifier,), (WITNESS.verifier,), notes, leaves, openings, []))
    begun = time.thread_time()
    found = audit(Bundle(file), Trust((LOG.verifier,), (WITNESS.verifier,), quorum=1))
    took = time.thread_time() - begun
    assert (found.leaves, found.openings) == (BUNDLED, BUNDLED)
    return [
        Row(f"auditor's bundle of {BUNDLED:,} leaves, {len(notes)} checkpoints", len(file.getvalue()) / 2**20, "MiB"),
        Row("… checked: every leaf, time, opening, checkpoint, cosignature", took, "s", 10),
        Row("… leaves a second", BUNDLED / took, "/s", 20_000, "more"),
    ]
