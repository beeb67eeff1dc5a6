"""Tiles: the paths others expect, and from tiles alone the same roots and proofs as from all leaves."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.proofs.merkle import EMPTY_ROOT, consistency_path, inclusion_path, leaf_hash, paired, root_of
from kaimen.proofs.tiles import (
    ENTRIES,
    LONGEST_LEAF,
    NotATile,
    Tile,
    TiledTree,
    changed,
    read_entries,
    tile_at,
    write_entries,
)

MOST = 70_000
HASHES = [leaf_hash(n.to_bytes(4)) for n in range(MOST)]


def kept(hashes: list[bytes]) -> dict[str, bytes]:
    """Every tile of a tree, made the slow way."""
    files, level, nodes = {}, 0, hashes
    while nodes:
        for first in range(0, len(nodes), 256):
            row = nodes[first : first + 256]
            files[Tile(level, first // 256, len(row)).path] = b"".join(row)
        nodes = nodes[: len(nodes) // 256 * 256]
        for _ in range(8):
            nodes = paired(nodes)
        level += 1
    return files


FILES = kept(HASHES)


def tree(size: int = MOST) -> TiledTree:
    """A tree that reads the widest tiles there are, as a log that grew on serves them."""

    def read(tile: Tile) -> bytes:
        return FILES[tile_at(tile.level, tile.index, MOST).path]

    return TiledTree(size, read)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(2, 999, 1), "tile/2/999.p/1"),
        (Tile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (Tile(ENTRIES, 39_062, 128), "tile/entries/x039/062.p/128"),
        (Tile(63, 0), "tile/63/000"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.read_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/x000/000", "tile/0/001/002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/",
        "tile/0/000/", "/tile/0/000", "tile/0/../000", "tile/0/٠٠٠", "tile/0/000\n", "tile/entrie/000",
        "tile/0/" + "x999/" * 50 + "000",
    ],
)  # fmt: skip
def test_what_is_no_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(NotATile):
        Tile.read_path(path)


@given(st.text())
def test_no_path_gets_anything_but_an_answer(path: str) -> None:
    for whole in (path, f"tile/0/{path}"):
        with suppress(NotATile):
            assert Tile.read_path(whole).path == whole


def test_a_tree_of_70_000_has_the_tiles_the_standard_counts() -> None:
    tiles = list(changed(0, MOST))
    by_level = {level: [one for one in tiles if one.level == level] for level in (ENTRIES, 0, 1, 2)}
    assert [len(by_level[level]) for level in (ENTRIES, 0, 1, 2)] == [274, 274, 2, 1]
    assert [by_level[level][-1].width for level in (ENTRIES, 0, 1, 2)] == [112, 112, 17, 1]
    assert {one.path for one in tiles if one.level != ENTRIES} == set(FILES)


def test_only_tiles_that_grew_are_new() -> None:
    assert [one.path for one in changed(255, 257)] == [
        "tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1",
    ]  # fmt: skip
    assert list(changed(300, 300)) == []
    assert list(changed(0, 0)) == []
    with pytest.raises(ValueError, match="not back"):
        list(changed(2, 1))


@given(st.integers(0, MOST))
@settings(max_examples=20)
def test_the_root_of_any_size_is_read_from_tiles(size: int) -> None:
    assert tree(size).root() == root_of(HASHES[:size])
    assert TiledTree(0, lambda _tile: b"").root() == EMPTY_ROOT


@given(st.data())
@settings(max_examples=30)
def test_proofs_read_from_tiles_are_those_of_all_leaves(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3_000) | st.sampled_from([255, 256, 257, 65_535, 65_536, 65_537, MOST]))
    index = data.draw(st.integers(0, size - 1))
    assert tree(size).inclusion_path(index) == inclusion_path(HASHES[:size], index)
    assert tree(size).consistency_path(index + 1) == consistency_path(HASHES[:size], index + 1)
    assert tree(size).leaf_hash(index) == HASHES[index]


def test_a_proof_reads_three_tiles_of_seventy_thousand_leaves() -> None:
    read: list[str] = []

    def reading(tile: Tile) -> bytes:
        read.append(tile.path)
        return FILES[tile.path]

    TiledTree(MOST, reading).inclusion_path(1)
    assert sorted(set(read)) == sorted(read)
    assert len(read) <= 5


def test_a_tile_that_is_short_or_not_there_is_named() -> None:
    with pytest.raises(NotATile, match=r"tile/0/001\.p/1 should have 32 bytes and has 31"):
        TiledTree(257, lambda tile: FILES["tile/0/000"][: tile.width * 32 - (tile.width == 1)]).root()
    with pytest.raises(NotATile, match="not in a tree of 256"):
        tile_at(0, 1, 256)


def test_a_tile_stands_in_a_tree_that_fills_it() -> None:
    assert Tile(0, 0, 5).stands_in(5)
    assert not Tile(0, 0, 6).stands_in(5)
    assert Tile(1, 0, 1).stands_in(256)
    assert not Tile(1, 0, 1).stands_in(255)
    assert Tile(ENTRIES, 1, 1).stands_in(257)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_leaves_are_read_back_from_an_entry_bundle(leaves: list[bytes]) -> None:
    assert list(read_entries(write_entries(leaves))) == leaves


@given(st.binary(max_size=300))
def test_any_bytes_are_a_bundle_or_are_refused(data: bytes) -> None:
    with suppress(NotATile):
        assert write_entries(read_entries(data)) == data


def test_a_leaf_too_long_for_a_bundle_is_refused() -> None:
    assert len(write_entries([bytes(LONGEST_LEAF)])) == LONGEST_LEAF + 2
    with pytest.raises(ValueError, match="at most 65535"):
        write_entries([bytes(LONGEST_LEAF + 1)])


@pytest.mark.parametrize(
    "path",
    ["tile/0/000.p/257", "tile/entries/000.p/999", "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/64/000"],
)
def test_a_tile_wider_than_a_tile_or_beyond_every_log_is_refused(path: str) -> None:
    with pytest.raises(NotATile, match="no tile of any log"):
        Tile.read_path(path)
