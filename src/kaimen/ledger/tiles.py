"""The tree as its tiles in the database tell it: served as they are, and read for proofs."""

from contextlib import suppress
from functools import cache

from django.db.models import QuerySet

from kaimen.kit import canonical
from kaimen.ledger.models import Leaf, Opening
from kaimen.ledger.models import Tile as Row
from kaimen.ledger.openings import OpeningKey, OpeningsGone
from kaimen.proofs.merkle import HASH
from kaimen.proofs.tiles import ENTRIES, WIDTH, NotATile, Tile, TiledTree, write_entries


def tree_of(size: int) -> TiledTree:
    """The tree of the first `size` leaves; what is not there raises NotATile when it is read."""
    return TiledTree(size, content)


def content(tile: Tile) -> bytes:
    """The bytes of a tile or entry bundle, as wide as asked for. Raises NotATile when the log is not so long yet."""
    if tile.level == ENTRIES:
        return _entries(tile)
    row = Row.objects.filter(level=tile.level, index=tile.index).values_list("data", flat=True).first()
    data = bytes(row or b"")[: tile.width * HASH]
    if len(data) < tile.width * HASH:
        raise NotATile(f"{tile.path} is not in the log yet")
    return data


def openings(tile: Tile) -> bytes:
    """The openings of the leaves in an entry bundle, in its form; nothing where a leaf hides nothing.

    Raises NotATile, and NotOpened for a row that was altered.
    """
    rows = dict(_leaves(tile).values_list("leaf", "index"))
    if len(rows) < tile.width:
        raise NotATile(f"{tile.path} is not in the log yet")
    parts, key = dict.fromkeys(rows.values(), b""), cache(OpeningKey.of)  # read once for one answer, never longer
    for row in Opening.objects.filter(leaf__in=list(rows)):
        with suppress(OpeningsGone):
            opened = key(row.emergency).open(row.leaf, bytes(row.sealed))
            parts[rows[row.leaf]] = canonical.encode([opened.salt, opened.secret])
    return write_entries(parts[index] for index in sorted(parts))


def _leaves(tile: Tile) -> QuerySet[Leaf]:
    first = tile.index * WIDTH
    return Leaf.objects.filter(index__gte=first, index__lt=first + tile.width).order_by("index")


def _entries(tile: Tile) -> bytes:
    leaves = [bytes(data) for data in _leaves(tile).values_list("data", flat=True)]
    if len(leaves) < tile.width:
        raise NotATile(f"{tile.path} is not in the log yet")
    return write_entries(leaves)
