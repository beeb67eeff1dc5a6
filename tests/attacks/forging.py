"""Proofs, trees and lists as somebody makes them who has every key of the server."""

from collections.abc import Callable
from dataclasses import replace

from kaimen.colours import leaves
from kaimen.colours import lists as status_lists
from kaimen.gate import colour_lists
from kaimen.kit import canonical
from kaimen.ledger.growing import Edge
from kaimen.ledger.models import Checkpoint, Leaf, Log, Tile, Tree
from kaimen.ledger.signing import _key
from kaimen.ledger.tiles import tree_of
from kaimen.proofs import checkpoints, merkle
from kaimen.proofs.checkpoints import Checkpoint as Said
from kaimen.proofs.notes import Note, Signature
from kaimen.status import lists
from kaimen.status.models import Subject
from kaimen_gate.colour_proof import ColourProof
from tests.attacks.hands import Hands


def identity_of(subject: Subject) -> bytes:
    """What somebody was registered with."""
    assert subject.identity is not None
    return bytes(subject.identity)


def own_log() -> Log:
    """The log of the installation."""
    return Log.objects.get()


def honest_proof(hands: Hands) -> ColourProof:
    """The newest list as the server serves it."""
    data = colour_lists.newest([hands.town.witness.name], 1, 0)
    assert data is not None
    return ColourProof.read(data)


def newest_moment(hands: Hands) -> int:
    """The moment that list says it was made."""
    return status_lists.read(honest_proof(hands).content, hands.centre_key.public).issued


def proof_by(hands: Hands, signatures: Callable[[str], tuple[Signature, ...]], origin: str = "") -> bytes:
    """A red list in a tree of the attacker’s, with these lines under its checkpoint."""
    data = [bytes(one.data) for one in Leaf.objects.order_by("index")]
    at, of = newest_moment(hands) + 600_000, hands.all_red()
    body = leaves.status_list("person", of.digest, {}, leaves.Computed(2, lists.PLACES, len(data), at))
    data.append(canonical.encode({"v": 1, "kind": body.kind, "at": at, "id": bytes(16), **body.public}))
    hashes = [merkle.leaf_hash(one) for one in data]
    text = str(Said(origin or own_log().origin, len(data), merkle.root_of(hashes)))
    honest = honest_proof(hands)
    listed, genesis = (
        replace(one, leaf=data[at_], index=at_, path=tuple(merkle.inclusion_path(hashes, at_)))
        for one, at_ in ((honest.listed, len(data) - 1), (honest.genesis, honest.genesis.index))
    )
    note = str(Note(text, signatures(text)))
    return ColourProof(hands.signed(of, at), listed, genesis, note).to_bytes()


def rewrite(hands: Hands, leaf: Leaf) -> None:
    """Change a leaf, and everything that stands above it, and sign the whole anew; the mark of what was signed, too."""
    hands.signs()
    leaf.data = bytes(leaf.data)[:-1] + bytes([bytes(leaf.data)[-1] ^ 1])
    leaf.save()
    hashes = [merkle.leaf_hash(bytes(one.data)) for one in Leaf.objects.order_by("index")]
    edge = Edge(0, [])
    for level, index, data in edge.extend(hashes):
        Tile.objects.filter(level=level, index=index).update(data=data)
    Tree.objects.update(root=edge.root())
    log = own_log()
    for mark in (hands.town.folder / "keys" / "log").glob("*.signed"):
        mark.unlink()
    note = checkpoints.signed(Said(log.origin, edge.size, edge.root()), _key(log))
    Checkpoint.objects.filter(size=edge.size).update(root=edge.root(), note=str(note))
    assert tree_of(edge.size).root() == edge.root()
