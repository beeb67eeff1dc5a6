"""The list of colours as nodes take it: with its leaf, the genesis, and a checkpoint that replay witnesses cosigned.

The centre only hands over. Which witnesses count is for the node to say, and it checks every byte.
"""

from collections.abc import Collection

from django.db.models import Count, Q

from kaimen.colours.moments import when
from kaimen.ledger import queries
from kaimen.ledger.models import Checkpoint, Leaf
from kaimen.ledger.tiles import tree_of
from kaimen.status.activations import PERSON, in_force
from kaimen.status.models import PublishedList
from kaimen_gate.colour_proof import ColourProof, Standing

_LATEST = 50  # leaves of lists to look through; every second one is of another name


def newest(witnesses: Collection[str], quorum: int, newer_than: int) -> bytes | None:
    """The newest list computed after `newer_than` (ms) under a checkpoint that `quorum` of `witnesses` cosigned.

    None when there is none, or no activation is in force.
    """
    genesis, under = in_force(), _cosigned(witnesses, quorum)
    if genesis is None or under is None:
        return None
    leaves = Leaf.objects.filter(kind="list", index__lt=under.size).order_by("-index").values_list("leaf", flat=True)
    lists = PublishedList.objects.filter(genesis=genesis, name=PERSON, leaf__in=list(leaves[:_LATEST]))
    published = lists.order_by("-made_at").first()
    if published is None or published.made_at <= when(newer_than):
        return None
    listed, began = (Leaf.objects.get(leaf=one) for one in (published.leaf, genesis.leaf))
    proof = ColourProof(
        bytes(published.content), _standing(listed, under), _standing(began, under), str(queries.note(under))
    )
    return proof.to_bytes()


def _cosigned(witnesses: Collection[str], quorum: int) -> Checkpoint | None:
    named = Count("cosignatures", filter=Q(cosignatures__witness__name__in=witnesses))
    return Checkpoint.objects.annotate(named=named).filter(named__gte=max(1, quorum)).order_by("-id").first()


def _standing(leaf: Leaf, under: Checkpoint) -> Standing:
    path = tree_of(under.size).inclusion_path(leaf.index)
    return Standing(bytes(leaf.data), leaf.index, tuple(path))
