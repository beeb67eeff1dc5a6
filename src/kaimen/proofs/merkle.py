"""The tree of RFC 6962: SHA-256, 0x00 before a leaf, 0x01 before two nodes; proofs checked as RFC 9162 says.

A range of leaves [start, end) stands for the hash over them (MTH of RFC 6962, section 2.1). A proof is a list of
ranges; what is kept in memory and what is kept in tiles differ only in how they hash one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH = 32  # bytes
LARGEST = 2**63  # leaves; the notes of a witness count no further

Range = tuple[int, int]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes that stand side by side."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over all of `leaf_hashes`."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf `index` stands in the tree over `leaf_hashes`, from the leaf's side up. Raises ValueError."""
    return [root_of(leaf_hashes[start:end]) for start, end in inclusion_ranges(index, len(leaf_hashes))]


def consistency_path(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """The proof that the tree over `leaf_hashes` begins with its own first `size1` leaves. Raises ValueError."""
    return [root_of(leaf_hashes[start:end]) for start, end in consistency_ranges(size1, len(leaf_hashes))]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf `index` of `size` (PATH of RFC 6962). Raises ValueError."""
    if not 0 <= index < size <= LARGEST:
        raise ValueError(f"leaf {index} does not stand in a tree of {size}")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(size1: int, size2: int) -> list[Range]:
    """The ranges whose hashes prove that `size2` leaves begin with `size1` (PROOF of RFC 6962). Raises ValueError."""
    if not 0 < size1 <= size2 <= LARGEST:
        raise ValueError(f"a tree of {size2} leaves is not proved to begin with {size1}")
    start, end, ranges = 0, size2, []
    while size1 != end:
        middle = start + _left(end - start)
        if size1 <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start > 0:  # otherwise the hash is the old root, which the reader holds
        ranges.append((start, end))
    return ranges[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that the leaf with `leaf_hash` is number `index` of the `size` under `root`."""
    found = root_by(leaf_hash, index, size, path)
    return found is not None and found == root


def root_by(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that leaf and path lead to (RFC 9162, section 2.1.3.2); None when the path cannot be that of its place.

    What it gives is as good as the signature over it.
    """
    if not 0 <= index < size <= LARGEST or len(leaf_hash) != HASH or any(len(step) != HASH for step in path):
        return None
    at, last, node = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = node_hash(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, step)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `size2` begins with that of `size1` (RFC 9162, section 2.1.4.2).

    Two trees of one size are consistent when their roots are the same and nothing is said beside; from an empty tree
    to a larger one there is nothing to prove, so nothing proves it.
    """
    if size1 == size2:
        return 0 <= size1 <= LARGEST and root1 == root2 and len(root1) == HASH and not path
    if not 0 < size1 < size2 <= LARGEST or not path or any(len(step) != HASH for step in path):
        return False
    steps = [root1, *path] if size1 & (size1 - 1) == 0 else list(path)
    at, last = size1 - 1, size2 - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


@dataclass
class Frontier:
    """What a tree that only grows must remember: its size, and the root of each perfect tree it is made of.

    `peaks[height]` is the root of 2^height leaves where the size has that bit, and None where it has not.
    """

    size: int = 0
    peaks: list[bytes | None] = field(default_factory=list)

    def append(self, hash_: bytes) -> None:
        """Add one leaf, by its hash."""
        self.extend((hash_,))

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Add leaves, by their hashes: all of one height at once, which is several times faster than one by one."""
        nodes = list(hashes)
        self.size += len(nodes)
        height = 0
        while nodes:
            if height == len(self.peaks):
                self.peaks.append(None)
            peak = self.peaks[height]
            if peak is not None:
                nodes.insert(0, peak)
            self.peaks[height] = nodes.pop() if len(nodes) % 2 else None
            nodes = paired(nodes)
            height += 1

    def root(self) -> bytes:
        """The root now."""
        return folded([peak for peak in self.peaks if peak is not None])


def paired(nodes: Sequence[bytes]) -> list[bytes]:
    """The nodes one above: of each two that stand side by side. An even number of them."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=True)]


def folded(peaks: Sequence[bytes]) -> bytes:
    """The root over perfect trees, the smallest (the last of the row) first."""
    if not peaks:
        return EMPTY_ROOT
    node = peaks[0]
    for peak in peaks[1:]:
        node = node_hash(peak, node)
    return node


def hashed(ranges: Iterable[Range], perfect: Callable[[int, int], bytes]) -> list[bytes]:
    """The hash of each range; `perfect(height, index)` gives that of a perfect tree, counted from the left."""
    return [folded([perfect(height, index) for height, index in _perfect(start, end)]) for start, end in ranges]


def _perfect(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect trees a range is made of, the smallest first. `start` is a multiple of the largest."""
    trees = []
    while end > start:
        height = (end - start & start - end).bit_length() - 1  # the lowest bit of the length
        trees.append((height, (end >> height) - 1))
        end -= 1 << height
    return trees


def _left(length: int) -> int:
    """The leaves of the left side: the largest power of two below `length`."""
    return 1 << (length - 1).bit_length() - 1
