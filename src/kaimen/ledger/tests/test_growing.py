"""The tree in tiles is the tree of RFC 6962, however its leaves arrive."""

import random

import pytest

from kaimen.ledger.growing import Edge, widths
from kaimen.proofs.merkle import HASH, leaf_hash, root_of

SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537]
HASHES = [leaf_hash(n.to_bytes(4)) for n in range(max(SIZES) + 300)]


@pytest.mark.parametrize("size", SIZES)
def test_the_edge_has_the_root_of_the_tree(size: int) -> None:
    edge = Edge(0, [])
    edge.extend(HASHES[:size])
    assert (edge.size, edge.root()) == (size, root_of(HASHES[:size]))


@pytest.mark.parametrize("seed", range(5))
def test_an_edge_read_back_from_its_tiles_goes_on_the_same(seed: int) -> None:
    tiles: dict[tuple[int, int], bytes] = {}
    chance, size = random.Random(seed), 0
    while size < 3_000:
        last = {level: tiles[level, size >> 8 * (level + 1)] for level, count in enumerate(widths(size)) if count}
        edge = Edge.of(size, last)
        more = chance.choice([1, 3, 200, 256, 600])
        tiles |= {(level, index): data for level, index, data in edge.extend(HASHES[size : size + more])}
        size += more
        assert edge.root() == root_of(HASHES[:size])
    assert b"".join(tiles[0, n] for n in range(-(-size // 256))) == b"".join(HASHES[:size])
    assert len(tiles[1, 0]) == size // 256 * HASH


def test_a_tile_that_lost_hashes_is_noticed() -> None:
    with pytest.raises(ValueError, match="level 0"):
        Edge.of(3, {0: HASHES[0] * 2})
