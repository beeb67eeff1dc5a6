"""The sequencer: takes waiting leaves into the tree, in the order they were recorded.

What is signed was committed before (`signing`, in a transaction of its own). Either may be killed anywhere: what was
not committed is done again, the same.

**Time.** A leaf's time lies between that of the leaf before it and the moment it is taken in. A leaf that says
otherwise (the machine's clock was set; a transaction took long) is put between them, and keeps what it said as
`said_at`. So the log's time never runs backwards, and nothing enters it with a time still to come.
"""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kaimen.kit import canonical, clock
from kaimen.ledger.growing import Edge, widths
from kaimen.ledger.models import PendingLeaf, Tile, Tree
from kaimen.proofs.merkle import EMPTY_ROOT, leaf_hash

BATCH = 4_096  # leaves: on SQLite, business waits for the file as long as one batch takes, some 40 ms

_WAITING = "SELECT seq, at, data FROM ledger_pendingleaf ORDER BY seq LIMIT %s"
_MOVE = """
    INSERT INTO ledger_leaf ("index", leaf, kind, at, data)
    SELECT %s + row_number() OVER (ORDER BY seq), leaf, kind, at, data
    FROM ledger_pendingleaf WHERE seq <= %s ORDER BY seq
"""
_MOVED = "DELETE FROM ledger_pendingleaf WHERE seq <= %s"
_RETIME = 'UPDATE ledger_leaf SET at = %s, data = %s WHERE "index" = %s'
_TILE = """
    INSERT INTO ledger_tile (level, "index", data) VALUES (%s, %s, %s)
    ON CONFLICT (level, "index") DO UPDATE SET data = excluded.data
"""

Waiting = tuple[int, int, bytes]  # a row of _WAITING


class CameBetween(RuntimeError):
    """A leaf became visible below one that was read already (PostgreSQL only). Nothing was done; ask again."""


def integrate(limit: int = BATCH) -> int:
    """Take at most `limit` waiting leaves into the tree; gives how many. With nothing waiting, nothing is locked.

    Raises CameBetween.
    """
    if not PendingLeaf.objects.exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        tree = locked_tree()
        cursor.execute(_WAITING, [limit])
        taken = cursor.fetchall()
        if taken:
            _move(cursor, tree.size, taken)
            _grow(cursor, tree, _timed(cursor, tree, taken))
    return len(taken)


def locked_tree() -> Tree:
    """The tree, for this transaction alone: on SQLite it holds the file already, elsewhere it locks the row."""
    tree, _ = Tree.objects.select_for_update().get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    return tree


def _move(cursor: CursorWrapper, size: int, taken: list[Waiting]) -> None:
    """Number the leaves and put them into the log, inside the database: it is twice as fast as carrying them over."""
    last = taken[-1][0]
    for statement, about in ((_MOVE, [size - 1, last]), (_MOVED, [last])):
        cursor.execute(statement, about)
        if cursor.rowcount != len(taken):
            raise CameBetween(f"{cursor.rowcount} leaves wait where {len(taken)} were read")


def _timed(cursor: CursorWrapper, tree: Tree, taken: list[Waiting]) -> list[bytes]:
    """The bytes of the leaves, with each time put between its bounds."""
    at, now, leaves, retimed = tree.at, int(clock.now().timestamp() * 1000), [], []
    for index, (_seq, said, data) in enumerate(taken, tree.size):
        if at <= said <= now:
            at = said
            leaves.append(bytes(data))
        else:
            at = max(at, min(said, now))
            leaves.append(canonical.encode(canonical.decode(bytes(data)) | {"at": at, "said_at": said}))
            retimed.append((at, leaves[-1], index))
    tree.at = at
    cursor.executemany(_RETIME, retimed)
    return leaves


def _grow(cursor: CursorWrapper, tree: Tree, leaves: list[bytes]) -> None:
    edge = Edge.of(tree.size, _last_tiles(tree.size))
    cursor.executemany(_TILE, edge.extend([leaf_hash(leaf) for leaf in leaves]))
    tree.size, tree.root = edge.size, edge.root()
    tree.save()


def _last_tiles(size: int) -> dict[int, bytes]:
    """The last, partial tile of each level."""
    found = {}
    for level, count in enumerate(widths(size)):
        if count:
            found[level] = bytes(Tile.objects.get(level=level, index=size >> 8 * (level + 1)).data)
    return found
