"""The tree: known roots, proofs that agree with another implementation, and nothing proved that is not so."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from kaimen.proofs.merkle import (
    EMPTY_ROOT,
    HASH,
    LARGEST,
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves and roots by which implementations of Certificate Transparency know each other.
KNOWN_LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 70
LEAVES = [n.to_bytes(2) for n in range(MOST)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [root_of(HASHES[:size]) for size in range(MOST + 1)]
SIZES = st.integers(1, MOST)


def other_tree(size: int = MOST) -> InmemoryTree:
    """The same leaves in an implementation that is not ours."""
    tree = InmemoryTree("sha256")
    tree.append_entries(LEAVES[:size])
    return tree


def test_the_roots_every_implementation_knows() -> None:
    hashes = [leaf_hash(leaf) for leaf in KNOWN_LEAVES]
    assert [root_of(hashes[:size]).hex() for size in range(1, 9)] == KNOWN_ROOTS
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256().digest()


def test_every_root_and_every_proof_agrees_with_another_implementation() -> None:
    tree = other_tree()
    for size in range(1, MOST + 1):
        assert tree.get_root(size) == ROOTS[size]
        for index in range(size):
            assert inclusion_path(HASHES[:size], index) == tree.prove_inclusion(index + 1, size).path[1:]


def test_another_implementation_proves_consistency_of_our_roots() -> None:
    tree = other_tree()
    for size2 in range(1, MOST + 1):
        for size1 in range(1, size2 + 1):
            tree.prove_consistency(size1, size2).verify(ROOTS[size1], ROOTS[size2])


def by_the_letter(size1: int, start: int, end: int, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, as it is written there."""
    if size1 == end:
        return [] if whole else [root_of(HASHES[start:end])]
    left = 1
    while left * 2 < end - start:
        left *= 2
    if size1 <= start + left:
        return [*by_the_letter(size1, start, start + left, whole), root_of(HASHES[start + left : end])]
    return [*by_the_letter(size1, start + left, end, False), root_of(HASHES[start : start + left])]


def test_a_proof_of_consistency_is_what_the_standard_says() -> None:
    for size2 in range(1, MOST + 1):
        for size1 in range(1, size2 + 1):
            path = consistency_path(HASHES[:size2], size1)
            assert path == by_the_letter(size1, 0, size2, True)
            assert verify_consistency(size1, size2, ROOTS[size1], ROOTS[size2], path)


@given(st.data())
@settings(max_examples=300)
def test_a_proof_of_inclusion_holds_for_its_leaf_its_place_its_size_and_its_root_only(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(HASHES[:size], index), ROOTS[size]
    assert verify_inclusion(HASHES[index], index, size, path, root)
    other = data.draw(st.integers(-1, MOST - 1).filter(lambda n: n != index))
    assert not verify_inclusion(HASHES[index], other, size, path, root)
    assert not verify_inclusion(HASHES[other], index, size, path, root)
    assert not verify_inclusion(HASHES[index], index, size, path, ROOTS[size - 1])
    for wrong in (path[:-1], [*path, root], [root, *path], [*path, b""], [step[:-1] for step in path]):
        assert wrong == path or not verify_inclusion(HASHES[index], index, size, wrong, root)


@given(st.data())
@settings(max_examples=300)
def test_a_proof_of_consistency_holds_for_its_sizes_and_its_roots_only(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(2, MOST))
    size1 = data.draw(st.integers(1, size2 - 1))
    path = consistency_path(HASHES[:size2], size1)
    assert verify_consistency(size1, size2, ROOTS[size1], ROOTS[size2], path)
    assert not verify_consistency(size1, size2, ROOTS[size1 - 1], ROOTS[size2], path)
    assert not verify_consistency(size1, size2, ROOTS[size1], ROOTS[size2 - 1], path)
    assert not verify_consistency(size1, size2, ROOTS[size2], ROOTS[size1], path)
    assert not verify_consistency(size2, size1, ROOTS[size2], ROOTS[size1], path)
    for wrong in ([], path[:-1], [*path, ROOTS[size1]], [ROOTS[size2], *path], [*path, b""]):
        assert not verify_consistency(size1, size2, ROOTS[size1], ROOTS[size2], wrong)


@given(st.data())
@settings(max_examples=200)
def test_one_bit_turned_in_a_proof_is_found(data: st.DataObject) -> None:
    size2 = data.draw(st.integers(2, MOST))
    size1 = data.draw(st.integers(1, size2 - 1))
    inclusion, consistency = inclusion_path(HASHES[:size2], size1), consistency_path(HASHES[:size2], size1)
    bit = data.draw(st.integers(0, HASH * 8 - 1))
    for path in (inclusion, consistency):
        which = data.draw(st.integers(0, len(path) - 1))
        path[which] = (int.from_bytes(path[which]) ^ 1 << bit).to_bytes(HASH)
    assert not verify_inclusion(HASHES[size1], size1, size2, inclusion, ROOTS[size2])
    assert not verify_consistency(size1, size2, ROOTS[size1], ROOTS[size2], consistency)


def test_trees_of_one_size_are_consistent_when_they_have_one_root_and_nothing_is_said_beside() -> None:
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert verify_consistency(5, 5, ROOTS[5], ROOTS[5], [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, ROOTS[1], [])
    assert not verify_consistency(5, 5, ROOTS[5], ROOTS[5], [ROOTS[5]])
    assert not verify_consistency(-1, -1, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(5, 5, b"", b"", [])


def test_nothing_is_proved_from_an_empty_tree() -> None:
    assert not verify_consistency(0, 1, EMPTY_ROOT, ROOTS[1], [])
    assert not verify_consistency(0, 1, EMPTY_ROOT, ROOTS[1], [ROOTS[1]])


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1, 2**64, 10**40])
def test_a_tree_of_no_size_proves_nothing(size: int) -> None:
    assert not verify_inclusion(HASHES[0], 0, size, [], HASHES[0])
    assert not verify_consistency(1, size, ROOTS[1], ROOTS[1], [])
    assert not verify_consistency(1, size, ROOTS[1], ROOTS[1], [ROOTS[1]])


@given(
    st.integers(-2, 2**65),
    st.integers(-2, 2**65),
    st.lists(st.binary(max_size=40), max_size=70),
    st.binary(max_size=40),
)
def test_whatever_is_asked_gets_an_answer(first: int, second: int, path: list[bytes], root: bytes) -> None:
    trivial = (first, second, path, len(root)) == (0, 1, [], HASH)
    assert verify_inclusion(root, first, second, path, root) == trivial
    same = 0 <= first == second <= LARGEST and len(root) == HASH and not path
    assert verify_consistency(first, second, root, root, path) == same


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_frontier_grown_in_any_portions_has_the_same_root(portions: list[int]) -> None:
    frontier, size = Frontier(), 0
    hashes = [leaf_hash(n.to_bytes(4)) for n in range(sum(portions))]
    for portion in portions:
        frontier.extend(hashes[size : size + portion])
        size += portion
    single = Frontier()
    for hash_ in hashes:
        single.append(hash_)
    assert (frontier, frontier.root()) == (single, root_of(hashes))


def test_no_proof_is_made_of_what_does_not_stand_there() -> None:
    with pytest.raises(ValueError, match="leaf 5 does not stand"):
        inclusion_path(HASHES[:5], 5)
    with pytest.raises(ValueError, match="is not proved to begin with 6"):
        consistency_path(HASHES[:5], 6)
    with pytest.raises(ValueError, match="is not proved to begin with 0"):
        consistency_path(HASHES[:5], 0)


def test_a_leaf_is_never_taken_for_a_node() -> None:
    assert leaf_hash(HASHES[0] + HASHES[1]) != node_hash(HASHES[0], HASHES[1])
