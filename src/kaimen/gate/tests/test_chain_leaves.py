"""Chain heads in the log: each that moved, once."""

import pytest

from kaimen.gate import chain_leaves
from kaimen.gate.models import ChainHead
from kaimen.kit import canonical, clock
from kaimen.ledger.models import PendingLeaf

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def _head(node: int, seq: int, epoch: int = 1) -> None:
    fields = {"node_seq": seq, "head": bytes([seq]) * 32, "heard_at": clock.now()}
    ChainHead.objects.update_or_create(node=bytes([node]) * 16, epoch=epoch, defaults=fields)


def _logged() -> list[tuple[int, int, int]]:
    """Node, epoch and entries of each head in the leaves waiting, which are taken away."""
    leaves = [
        canonical.decode(bytes(data)) for data in PendingLeaf.objects.order_by("seq").values_list("data", flat=True)
    ]
    PendingLeaf.objects.all().delete()
    assert {leaf["kind"] for leaf in leaves} <= {"gate-heads"}
    return [(node[0], epoch, seq) for leaf in leaves for node, epoch, seq, _head in leaf["heads"]]


def test_only_the_heads_that_moved_are_recorded_in_one_leaf() -> None:
    _head(1, 5)
    _head(2, 7)
    chain_leaves.log_heads(clock.now())
    assert PendingLeaf.objects.count() == 1
    assert _logged() == [(1, 1, 5), (2, 1, 7)]
    chain_leaves.log_heads(clock.now())
    assert _logged() == []
    _head(2, 9)
    _head(2, 1, epoch=2)
    chain_leaves.log_heads(clock.now())
    assert _logged() == [(2, 1, 9), (2, 2, 1)]


def test_many_nodes_fit_into_several_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_leaves, "A_LEAF", 10)
    for node in range(25):
        _head(node, 1)
    chain_leaves.log_heads(clock.now())
    assert PendingLeaf.objects.count() == 3
    assert len(_logged()) == 25
