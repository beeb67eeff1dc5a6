"""The right edge of a tree kept in tiles: what must be read to add leaves, and what changes when they are added.

A tile holds 256 hashes of one level; a hash of level n stands for 256^n leaves (C2SP tlog-tiles). Only the last tile
of each level is not full, and only those are read. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kaimen.proofs.merkle import HASH, folded, paired
from kaimen.proofs.tiles import WIDTH

_BITS = 8

TileRow = tuple[int, int, bytes]  # level, index, hashes one behind the other


@dataclass
class Edge:
    """How large a tree is, and the hashes of the last, partial tile of each level, the lowest first."""

    size: int
    levels: list[list[bytes]]

    @classmethod
    def of(cls, size: int, tiles: dict[int, bytes]) -> "Edge":
        """The edge of a tree of `size` from its last tiles by level; a full tile there ends its level evenly."""
        levels = []
        for level, count in enumerate(widths(size)):
            data = tiles[level] if count else b""
            if len(data) < count * HASH:
                raise ValueError(f"the last tile of level {level} has {len(data)} bytes, not {count * HASH}")
            levels.append([data[at : at + HASH] for at in range(0, count * HASH, HASH)])
        return cls(size, levels)

    def extend(self, hashes: Sequence[bytes]) -> list[TileRow]:
        """Add leaves by their hashes; gives every tile that is new or has more in it now."""
        written: list[TileRow] = []
        nodes, level, before = list(hashes), 0, self.size
        self.size += len(nodes)
        while nodes:
            if level == len(self.levels):
                self.levels.append([])
            row = self.levels[level] + nodes
            first = before >> _BITS * (level + 1)
            cut = range(0, len(row), WIDTH)
            written += [(level, first + at // WIDTH, b"".join(row[at : at + WIDTH])) for at in cut]
            full = len(row) - len(row) % WIDTH
            self.levels[level], nodes = row[full:], row[:full]
            for _ in range(_BITS):
                nodes = paired(nodes)
            level += 1
        return written

    def root(self) -> bytes:
        """The root over all leaves."""
        peaks = []
        for level in self.levels:
            nodes = level
            while nodes:
                if len(nodes) % 2:
                    peaks.append(nodes[-1])
                    nodes = nodes[:-1]
                nodes = paired(nodes)
        return folded(peaks)


def widths(size: int) -> list[int]:
    """How many hashes stand in the last, partial tile of each level of a tree of `size`; 0 where none is partial."""
    counts = []
    while size:
        counts.append(size % WIDTH)
        size >>= _BITS
    return counts
