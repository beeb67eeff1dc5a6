"""Recording. A leaf is written in the transaction of the business it speaks of, and waits there for the sequencer.

Nothing is read and nothing is locked: business never waits for the tree.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kaimen.kit import canonical, clock, ids
from kaimen.ledger import openings
from kaimen.ledger.openings import OpeningKey
from kaimen.proofs.commitments import Opening, commit, fresh_salt

LONGEST = 60_000  # bytes of a leaf; an entry of a tile has 16 bits for its length
OWN_KEYS = frozenset({"v", "kind", "at", "id", "c", "said_at"})

_PEND = "INSERT INTO ledger_pendingleaf (leaf, kind, at, data) VALUES (%s, %s, %s, %s)"
_KEEP = "INSERT INTO ledger_opening (leaf, emergency, sealed) VALUES (%s, %s, %s)"
_PUBLISH = "INSERT INTO ledger_publicobject (digest, data) VALUES (%s, %s) ON CONFLICT DO NOTHING"

Pending = tuple[str, str, int, bytes]  # a row of _PEND


class NotALeaf(ValueError):
    """What should be recorded does not fit into a leaf; the message says why."""


@dataclass(frozen=True)
class ToRecord:
    """One leaf to be: what everybody reads, and what only its commitment says."""

    kind: str
    public: Mapping[str, Any]
    secret: Mapping[str, Any] | bytes | None = None


def record(
    kind: str,
    public: Mapping[str, Any],
    *,
    secret: Mapping[str, Any] | bytes | None = None,
    emergency: str | None = None,
) -> UUID:
    """Record one leaf with the business at hand; gives the leaf's id.

    `secret` stays outside the log: the leaf has a commitment to it, the opening is sealed under the key of
    `emergency` (the one in force unless told). Raises NotALeaf, OpeningsGone.
    """
    return record_many([ToRecord(kind, public, secret)], emergency=emergency)[0]


def record_many(leaves: Iterable[ToRecord], *, emergency: str | None = None) -> list[UUID]:
    """Record leaves in this order, all with the time now; gives their ids. Raises NotALeaf, OpeningsGone."""
    at = int(clock.now().timestamp() * 1000)
    names, pending, opened = _written(list(leaves), at)
    with transaction.atomic(), connection.cursor() as cursor:  # a leaf and its opening, or neither
        cursor.executemany(_PEND, pending)
        if opened:
            cursor.executemany(_KEEP, _sealed(opened, emergency or openings.emergency_now()))
    return names


def publish(data: bytes) -> bytes:
    """Keep what a leaf names by its SHA-256, for everybody to read; gives the digest. Again, it changes nothing."""
    digest = hashlib.sha256(data).digest()
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, [digest, data])
    return digest


def _written(leaves: list[ToRecord], at: int) -> tuple[list[UUID], list[Pending], list[tuple[UUID, Opening]]]:
    """The ids of leaves, their rows, and the openings that belong to some of them."""
    names, pending, opened = [], [], []
    for one in leaves:
        leaf = ids.new_id()
        said: dict[str, Any] = {"v": 1, "kind": one.kind, "at": at, "id": leaf.bytes}
        if own := OWN_KEYS & one.public.keys():
            raise NotALeaf(f"a leaf's own keys cannot be said by its maker: {', '.join(sorted(own))}")
        if one.secret is not None:
            opening = Opening(fresh_salt(), _bytes(one.secret))
            said["c"] = commit(opening.salt, opening.secret)
            opened.append((leaf, opening))
        data = canonical.encode(said | dict(one.public))
        if len(data) > LONGEST:
            raise NotALeaf(f"a leaf of {len(data)} bytes; at most {LONGEST}: publish() what is long, record its digest")
        names.append(leaf)
        pending.append((leaf.hex, one.kind, at, data))
    return names, pending, opened


def _bytes(secret: Mapping[str, Any] | bytes) -> bytes:
    return secret if isinstance(secret, bytes) else canonical.encode(dict(secret))


def _sealed(opened: list[tuple[UUID, Opening]], emergency: str) -> list[tuple[str, str, bytes]]:
    key = OpeningKey.of(emergency)
    return [(leaf.hex, emergency, key.seal(leaf, opening)) for leaf, opening in opened]
