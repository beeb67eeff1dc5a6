"""A log, a witness and lists of colours small enough for a test: proofs, and everything that can be wrong with them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kaimen.colours import lists
from kaimen.colours.lists import Published, StatusList
from kaimen.kit import canonical, ids
from kaimen.kit.keys import SigningKey
from kaimen.proofs import checkpoints, merkle
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.notes import LogKey, WitnessKey
from kaimen_gate.colour_proof import ColourProof, Pins, Standing

PLACES = 1024


def leaf(kind: str, at: datetime, **said: Any) -> bytes:
    """The bytes of a leaf."""
    return canonical.encode({"v": 1, "kind": kind, "at": millis(at), "id": ids.new_id().bytes, **said})


def millis(at: datetime) -> int:
    """A moment as leaves have it."""
    return round(at.timestamp() * 1000)


def of(values: dict[int, int]) -> StatusList:
    """A list of two bits."""
    return lists.packed(values, PLACES, 2)


@dataclass
class ColourWorld:
    """Whoever holds the centre's and the log's keys; two witnesses sign for whomever they are told to."""

    centre: SigningKey
    now: datetime
    log: LogKey = field(default_factory=lambda: LogKey.generate("yunting.example/log/1"))
    witnesses: tuple[WitnessKey, ...] = field(
        default_factory=lambda: tuple(WitnessKey.generate(f"{name}.example/w") for name in ("court", "university"))
    )
    leaves: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leaves = [leaf("pack-loaded", self.now), leaf("genesis", self.now)]

    @property
    def pins(self) -> Pins:
        """The log, both witnesses, and one of them is enough."""
        keys = tuple(one.verifier for one in self.witnesses)
        return Pins(merkle.leaf_hash(self.leaves[1]), (self.log.verifier,), keys, 1)

    def publish(self, values: dict[int, int], as_of: datetime | None = None, name: str = "person") -> ColourProof:
        """A list, logged; its proof under a checkpoint that both witnesses cosigned."""
        at, made = as_of or self.now, of(values)
        said = {"status": name, "bits": 2, "size": PLACES, "log": len(self.leaves), "as_of": millis(at)}
        self.leaves.append(leaf("list", at, digest=made.digest, counts={}, **said))
        return self.proof(made, at, name=name)

    def proof(self, made: StatusList, at: datetime, index: int = -1, name: str = "person") -> ColourProof:
        """The proof of the leaf at `index` for a list the centre signed."""
        until = millis(at + timedelta(days=1))
        content = lists.publish(self.centre, Published(made, name, millis(at), until))
        return ColourProof(content, self.standing(index), self.standing(1), self.note())

    def standing(self, index: int) -> Standing:
        """A leaf with its path to the whole tree."""
        hashes = [merkle.leaf_hash(one) for one in self.leaves]
        index %= len(hashes)
        return Standing(self.leaves[index], index, tuple(merkle.inclusion_path(hashes, index)))

    def note(self, *witnesses: WitnessKey, log: LogKey | None = None) -> str:
        """The whole tree, signed; by both witnesses unless told."""
        root = merkle.root_of([merkle.leaf_hash(one) for one in self.leaves])
        key = log or self.log
        signed = checkpoints.signed(Checkpoint(key.name, len(self.leaves), root), key)
        for witness in witnesses or self.witnesses:
            signed = checkpoints.cosigned(signed, witness, self.now)
        return str(signed)


def unwitnessed(proof: ColourProof) -> ColourProof:
    """Without the lines of witnesses."""
    text, _gap, lines = proof.note.partition("\n\n")
    return replace(proof, note=f"{text}\n\n{lines.splitlines()[0]}\n")
