"""What a check of a bundle found, in words: for the command of the centre and for that of a witness."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from kaimen.proofs.audit import Audited, Trust, audit, own_trust
from kaimen.proofs.bundles import Bundle
from kaimen.proofs.checkpoints import Checkpoint
from kaimen.proofs.notes import VerifierKey


@dataclass(frozen=True)
class Asked:
    """Whose keys count, as somebody said who wants to know. Without any, the bundle's own are taken."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0
    seen: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True)
class Report:
    """A bundle that holds, and by whose keys."""

    found: Audited
    trust: Trust
    own_word: bool  # the bundle itself said whose log it is

    def __str__(self) -> str:
        """For people, a line for each thing."""
        found = self.found
        logs = ", ".join(key.name for key in self.trust.logs)
        objects = f"{found.objects:,} ({found.named:,} named by leaves)"
        lines = [
            f"The bundle holds: {found.leaves:,} leaves under {found.checkpoints:,} checkpoints of {logs}.",
            f"First leaf {_moment(found.first)}, last {_moment(found.last)}.",
            *(f"  {count:>12,} {kind}" for kind, count in sorted(found.kinds.items())),
            f"Commitments {found.commitments:,}, openings {found.openings:,}, public objects {objects}.",
            *(f"{name} has seen {size:,} of {found.leaves:,}." for name, size in sorted(found.witnessed.items())),
            f"Root {found.root.hex()}.",
        ]
        if not found.witnessed:
            lines.append("No witness has seen it.")
        if self.own_word:
            lines.append("Whose log it is, only the bundle says: give --log and --witness the keys you know.")
        return "\n".join(lines)

    def as_json(self, replay: dict[str, Any] | None = None) -> str:
        """For programs, one line; with what a replay said, where there was one."""
        found, more = self.found, {"replay": replay} if replay else {}
        return json.dumps({
            "holds": True, "kind": found.kind, "leaves": found.leaves, "root": found.root.hex(),
            "checkpoints": found.checkpoints, "kinds": dict(sorted(found.kinds.items())),
            "first": found.first and found.first.isoformat(), "last": found.last and found.last.isoformat(),
            "witnessed": found.witnessed, "commitments": found.commitments, "openings": found.openings,
            "objects": found.objects, "logs": [key.name for key in self.trust.logs], "own_word": self.own_word, **more,
        })  # fmt: skip


def verified(file: IO[bytes], asked: Asked) -> Report:
    """Check a bundle. Raises BundleRefused."""
    bundle = Bundle(file)
    own = own_trust(bundle)
    trust = Trust(asked.logs or own.logs, asked.witnesses or own.witnesses, asked.quorum, asked.seen)
    return Report(audit(bundle, trust), trust, not asked.logs)


def _moment(at: datetime | None) -> str:
    return str(at) if at else "none"
