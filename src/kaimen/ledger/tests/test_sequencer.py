"""Leaves enter the tree once, in their order and in time."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from kaimen.kit import canonical, clock
from kaimen.ledger.actions import ToRecord, record, record_many
from kaimen.ledger.models import Leaf, PendingLeaf, Tree
from kaimen.ledger.sequencer import integrate
from kaimen.ledger.tiles import content, tree_of
from kaimen.proofs.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from kaimen.proofs.tiles import NotATile, Tile, read_entries

pytestmark = pytest.mark.django_db
NOON = datetime(2020, 3, 16, 4, tzinfo=UTC)


def _hashes() -> list[bytes]:
    return [leaf_hash(bytes(data)) for data in Leaf.objects.order_by("index").values_list("data", flat=True)]


def test_leaves_enter_in_the_order_they_were_recorded_and_wait_no_more() -> None:
    ids = record_many(ToRecord("list", {"n": n}) for n in range(600))
    assert integrate() == 600
    assert list(Leaf.objects.order_by("index").values_list("index", "leaf")) == list(enumerate(ids))
    assert not PendingLeaf.objects.exists()
    assert integrate() == 0


def test_the_tree_is_that_of_its_leaves_however_they_were_taken_in() -> None:
    chance = random.Random(7)
    roots = {}
    for _ in range(12):
        record_many(ToRecord("list", {}) for _ in range(chance.choice([1, 5, 250, 300])))
        while integrate(chance.choice([1, 100, 256, 1000])):
            tree = Tree.objects.get()
            roots[tree.size] = bytes(tree.root)
    hashes = _hashes()
    assert all(root == root_of(hashes[:size]) for size, root in roots.items())
    sizes = sorted(roots)
    for index in chance.sample(range(sizes[-1]), 20):
        path = tree_of(sizes[-1]).inclusion_path(index)
        assert verify_inclusion(hashes[index], index, sizes[-1], path, roots[sizes[-1]])
    for old in sizes[:-1]:
        path = tree_of(sizes[-1]).consistency_path(old)
        assert verify_consistency(old, sizes[-1], roots[old], roots[sizes[-1]], path)


def test_a_time_that_would_run_backwards_is_lifted_and_says_what_it_was() -> None:
    with clock.frozen(NOON):
        record("list", {"n": 1})
    with clock.frozen(NOON - timedelta(minutes=5)):
        record("list", {"n": 2})
    with clock.frozen(NOON + timedelta(minutes=1)):
        record("list", {"n": 3})
        integrate()
    noon = int(NOON.timestamp() * 1000)
    leaves = [canonical.decode(bytes(leaf.data)) for leaf in Leaf.objects.order_by("index")]
    assert [(leaf["at"], leaf.get("said_at")) for leaf in leaves] == [
        (noon, None), (noon, noon - 300_000), (noon + 60_000, None),
    ]  # fmt: skip
    assert list(Leaf.objects.order_by("index").values_list("at", flat=True)) == [leaf["at"] for leaf in leaves]


def test_no_leaf_enters_with_a_time_still_to_come() -> None:
    with clock.frozen(NOON + timedelta(days=365)):
        record("list", {})
    with clock.frozen(NOON):
        integrate()
    said = canonical.decode(bytes(Leaf.objects.get().data))
    assert said["at"] == int(NOON.timestamp() * 1000) < said["said_at"]


def test_tiles_are_served_as_wide_as_they_were() -> None:
    record_many(ToRecord("list", {}) for _ in range(300))
    integrate()
    hashes = _hashes()
    assert content(Tile(0, 0)) == b"".join(hashes[:256])
    assert content(Tile(0, 1, 44)) == b"".join(hashes[256:])
    assert content(Tile(0, 1, 7)) == b"".join(hashes[256:263])
    assert content(Tile(1, 0, 1)) == root_of(hashes[:256])
    entries = [leaf_hash(entry) for entry in read_entries(content(Tile(-1, 1, 44)))]
    assert entries == hashes[256:]


@pytest.mark.parametrize("tile", [Tile(0, 1, 45), Tile(0, 1), Tile(1, 0, 2), Tile(-1, 1, 45), Tile(2, 0, 1)])
def test_what_the_log_does_not_have_yet_is_not_served(tile: Tile) -> None:
    record_many(ToRecord("list", {}) for _ in range(300))
    integrate()
    with pytest.raises(NotATile):
        content(tile)


def test_a_leaf_deleted_by_hand_while_it_waits_leaves_no_gap() -> None:
    record_many(ToRecord("list", {}) for _ in range(5))
    PendingLeaf.objects.order_by("seq")[2].delete()
    record("list", {})
    integrate()
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1, 2, 3, 4]
