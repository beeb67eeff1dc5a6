"""Roots and proofs, from all leaves and from tiles, are those of another implementation; of another tree they fail."""

import random

from pymerkle import InmemoryTree
from pymerkle.core import _inclusion_path_layout
from pymerkle.proof import InclusionProof

from kaimen.ledger.growing import Edge
from kaimen.proofs.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from kaimen.proofs.tiles import Tile, TiledTree

PART = "proofs"
ROUNDS = 100
_EACH = 40


def prove(seed: int) -> int:
    """One round: a log that grows in portions, and proofs at sizes and places of chance."""
    chance = random.Random(seed)
    leaves = [
        chance.randbytes(chance.randint(0, 20)) for _ in range(chance.choice((1, 2, 255, 256, 257, 300, 700, 1_500)))
    ]
    tiles, roots = _grown(leaves, chance)
    tree = InmemoryTree("sha256")
    tree.append_entries(leaves)
    for size, root in roots.items():
        assert tree.get_root(size) == root, f"another root at {size}"
    sizes = sorted(roots)
    for _ in range(_EACH):
        size = chance.choice(sizes)
        index = chance.randrange(size)
        _inclusion(tiles, leaves[index], index, size, roots[size], chance)
        _consistency(tiles, chance.choice([one for one in sizes if one <= size]), size, roots, chance)
    return len(roots) + 4 * _EACH


def _grown(leaves: list[bytes], chance: random.Random) -> tuple[dict[tuple[int, int], bytes], dict[int, bytes]]:
    """The tiles, and the root after each portion, which two ways of growing agree on."""
    edge, frontier = Edge(0, []), Frontier()
    tiles: dict[tuple[int, int], bytes] = {}
    roots: dict[int, bytes] = {}
    while frontier.size < len(leaves):
        portion = [leaf_hash(one) for one in leaves[frontier.size : frontier.size + chance.randint(1, 400)]]
        frontier.extend(portion)
        tiles |= {(level, index): data for level, index, data in edge.extend(portion)}
        roots[frontier.size] = frontier.root()
        assert edge.root() == frontier.root()
    return tiles, roots


def _read(tiles: dict[tuple[int, int], bytes], size: int) -> TiledTree:
    def read(tile: Tile) -> bytes:
        return tiles[tile.level, tile.index]

    return TiledTree(size, read)


def _inclusion(
    tiles: dict[tuple[int, int], bytes], leaf: bytes, index: int, size: int, root: bytes, chance: random.Random
) -> None:
    path = _read(tiles, size).inclusion_path(index)
    assert verify_inclusion(leaf_hash(leaf), index, size, path, root)
    rule, _ranges = _inclusion_path_layout(index + 1, size)
    InclusionProof("sha256", True, size, index + 1, rule, [leaf_hash(leaf), *path]).verify(leaf_hash(leaf), root)
    assert not verify_inclusion(leaf_hash(leaf), chance.randrange(index + 1, 2 * size + 1), size, path, root)


def _consistency(
    tiles: dict[tuple[int, int], bytes], size1: int, size2: int, roots: dict[int, bytes], chance: random.Random
) -> None:
    path = _read(tiles, size2).consistency_path(size1)
    assert verify_consistency(size1, size2, roots[size1], roots[size2], path)
    assert not verify_consistency(size1, size2, chance.randbytes(32), roots[size2], path)
