"""What every leaf of the log has in common, whatever it speaks of: its kind, its moment, its id, perhaps a commitment.

A leaf is one map in canonical CBOR. What its kind adds is for `colours` and the other parts to read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaimen.kit import canonical
from kaimen.proofs.tiles import LONGEST_LEAF

VERSION = 1
LATEST = 253_402_300_800_000  # milliseconds: the year 10000, where datetime ends

_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


class NotALeaf(ValueError):
    """Bytes that are no leaf; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf, read. `at` is in milliseconds since 1970; `said` is all of it, keys of the kind's own among them."""

    kind: str
    at: int
    id: bytes
    commitment: bytes | None
    said: Mapping[str, Any]


def read_leaf(data: bytes) -> Leaf:
    """The leaf `data` is. Raises NotALeaf."""
    if len(data) > LONGEST_LEAF:
        raise NotALeaf(f"{len(data)} bytes; a leaf has at most {LONGEST_LEAF}")
    try:
        said = canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotALeaf(f"no canonical CBOR: {error}") from error
    if not isinstance(said, dict) or type(said.get("v")) is not int or said["v"] != VERSION:
        raise NotALeaf(f"no map with v = {VERSION}")
    kind, at, id_, commitment = said.get("kind"), said.get("at"), said.get("id"), said.get("c")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise NotALeaf("its kind is no short name in small letters")
    if type(at) is not int or not 0 <= at < LATEST:
        raise NotALeaf("its time is no number of milliseconds since 1970")
    if not isinstance(id_, bytes) or len(id_) != 16:
        raise NotALeaf("its id is not 16 bytes")
    if "c" in said and (not isinstance(commitment, bytes) or len(commitment) != 32):
        raise NotALeaf("its commitment is not 32 bytes")
    return Leaf(kind, at, id_, commitment, said)
