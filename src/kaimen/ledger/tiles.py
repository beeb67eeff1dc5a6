"""The tree as its tiles in the database tell it: served as they are, and read for proofs."""

from kaimen.ledger.models import Leaf
from kaimen.ledger.models import Tile as Row
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


def _entries(tile: Tile) -> bytes:
    first = tile.index * WIDTH
    rows = Leaf.objects.filter(index__gte=first, index__lt=first + tile.width).order_by("index")
    leaves = [bytes(data) for data in rows.values_list("data", flat=True)]
    if len(leaves) < tile.width:
        raise NotATile(f"{tile.path} is not in the log yet")
    return write_entries(leaves)
