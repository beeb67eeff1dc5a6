"""A tree kept in tiles (C2SP tlog-tiles): 256 hashes of one level side by side, so that a file server can be a log.

Level 0 holds the hashes of leaves; a hash of level n stands for 256^n leaves. The last tile of a level may be partial,
and its path says how wide. Leaves themselves stand in entry bundles, 256 each, every leaf behind two bytes of length.
Proofs are read from tiles alone; whoever reads checks them against a checkpoint, so a tile need not be believed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kaimen.proofs.merkle import HASH, LARGEST, consistency_ranges, hashed, inclusion_ranges, paired

WIDTH = 256
ENTRIES = -1  # the level of entry bundles
LONGEST_LEAF = 2**16 - 1  # bytes

_BITS = 8
_TOP = 63
_PATH = re.compile(r"tile/(0|[1-9][0-9]?|entries)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class NotATile(ValueError):
    """A path that names no tile, or bytes that are not what a tile holds."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile or one entry bundle: its level, its number from the left, and how many hashes or leaves it holds."""

    level: int
    index: int
    width: int = WIDTH

    @classmethod
    def read_path(cls, path: str) -> "Tile":
        """The tile a path names (`tile/0/x001/234.p/17`, `tile/entries/000`). Raises NotATile."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise NotATile(f"{path[:80]!r} is no tile; it should read like tile/0/x001/234 or tile/entries/000.p/17")
        digits = found[2].replace("/", "").replace("x", "")
        tile = cls(ENTRIES if found[1] == "entries" else int(found[1]), int(digits), int(found[3] or WIDTH))
        if tile.level > _TOP or tile.width > WIDTH or tile.index * WIDTH >= LARGEST:
            raise NotATile(
                f"{path[:80]!r} is no tile of any log: at most {WIDTH} wide, of level {_TOP}, {LARGEST} leaves"
            )
        if tile.path != path:
            raise NotATile(f"{path[:80]!r} is not how the path of a tile is written; it would be {tile.path}")
        return tile

    @property
    def path(self) -> str:
        """Where it is served, below the address of the log."""
        digits = f"{self.index:03}"
        digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level == ENTRIES else self.level}/{number}{partial}"

    def stands_in(self, size: int) -> bool:
        """Whether a tree of `size` leaves fills this tile."""
        return self.index * WIDTH + self.width <= size >> _BITS * max(self.level, 0)


Reader = Callable[[Tile], bytes]
"""Gives the bytes of a tile: as wide as asked for or wider. May raise what it likes; it is not caught here."""


def tile_at(level: int, index: int, size: int) -> Tile:
    """Tile `index` of a level, as wide as it is in a tree of `size` leaves. Raises NotATile when it is not there."""
    width = min(WIDTH, (size >> _BITS * max(level, 0)) - index * WIDTH)
    if index < 0 or width <= 0:
        raise NotATile(f"tile {index} of level {level} is not in a tree of {size}")
    return Tile(level, index, width)


@dataclass
class TiledTree:
    """A tree of `size` leaves, read from tiles; each is read once."""

    size: int
    read: Reader
    _held: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def root(self) -> bytes:
        """The root. Raises NotATile."""
        return hashed([(0, self.size)], self._perfect)[0]

    def leaf_hash(self, index: int) -> bytes:
        """The hash of one leaf. Raises NotATile."""
        return self._perfect(0, index)

    def inclusion_path(self, index: int) -> list[bytes]:
        """The proof that leaf `index` is in this tree. Raises ValueError, NotATile."""
        return hashed(inclusion_ranges(index, self.size), self._perfect)

    def consistency_path(self, size1: int) -> list[bytes]:
        """The proof that this tree begins with the one of `size1` leaves. Raises ValueError, NotATile."""
        return hashed(consistency_ranges(size1, self.size), self._perfect)

    def _perfect(self, height: int, index: int) -> bytes:
        """The root of the perfect tree number `index` of 2^height leaves."""
        level, rest = divmod(height, _BITS)
        number, first = divmod(index << rest, WIDTH)
        data = self._tile(level, number)[first * HASH : (first + (1 << rest)) * HASH]
        nodes = [data[at : at + HASH] for at in range(0, len(data), HASH)]
        for _ in range(rest):
            nodes = paired(nodes)
        return nodes[0]

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._held:
            tile = tile_at(level, index, self.size)
            data = self.read(tile)
            if len(data) < tile.width * HASH or len(data) % HASH:
                raise NotATile(f"{tile.path} should have {tile.width * HASH} bytes and has {len(data)}")
            self._held[level, index] = data[: tile.width * HASH]
        return self._held[level, index]


def write_entries(leaves: Iterable[bytes]) -> bytes:
    """An entry bundle: each leaf behind its length. Raises ValueError for a leaf that is too long."""
    parts = []
    for leaf in leaves:
        if len(leaf) > LONGEST_LEAF:
            raise ValueError(f"a leaf of {len(leaf)} bytes; an entry bundle holds leaves of at most {LONGEST_LEAF}")
        parts += [len(leaf).to_bytes(2), leaf]
    return b"".join(parts)


def read_entries(data: bytes) -> Iterator[bytes]:
    """The leaves of an entry bundle. Raises NotATile, before the leaf that is not whole."""
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if end > len(data) or end < at + 2 or at + 2 > len(data):
            raise NotATile(f"the bundle ends within the leaf that begins at byte {at}")
        yield data[at + 2 : end]
        at = end


def changed(size1: int, size2: int) -> Iterator[Tile]:
    """The tiles that a tree of `size2` leaves has and one of `size1` had not, or not as wide; entry bundles first."""
    if not 0 <= size1 <= size2 <= LARGEST:
        raise ValueError(f"a log grows from {size1} to {size2}, not back")
    for level in (ENTRIES, *range(-(-size2.bit_length() // _BITS) or 1)):
        had, has = (size >> _BITS * max(level, 0) for size in (size1, size2))
        if has > had:
            yield from (tile_at(level, index, size2) for index in range(had // WIDTH, -(-has // WIDTH)))
