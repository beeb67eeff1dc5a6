"""Bundles: the whole log in one file, for machines that ask nobody. The public one says nothing about anybody.

Who may have the auditor's, with openings, is decided above; it is read here row by row and never held in memory whole.
"""

from collections.abc import Iterator
from functools import cache
from typing import IO

from kaimen.ledger import queries
from kaimen.ledger.models import Checkpoint, Leaf, Log, Opening, PublicObject, Witness
from kaimen.ledger.openings import OpeningKey
from kaimen.proofs import bundles, commitments
from kaimen.proofs.notes import verifier_keys

_AT_ONCE = 500


class NothingSigned(LookupError):
    """There is no checkpoint yet, so there is nothing to check by."""


def write_bundle(file: IO[bytes], *, openings: bool) -> int:
    """Write the log as far as it is signed into `file`, which can be sought in; gives how many leaves.

    Raises NothingSigned, NotOpened, OpeningsGone.
    """
    newest = queries.checkpoint()
    if newest is None:
        raise NothingSigned("the log has signed nothing yet; kaimen work takes in what waits")
    logs = verifier_keys(list(Log.objects.order_by("id").values_list("verifier", flat=True)))
    witnesses = verifier_keys(list(Witness.objects.order_by("name").values_list("verifier", flat=True)))
    bundles.write(
        file,
        bundles.Content(
            logs,
            witnesses,
            checkpoints=(str(queries.note(one)) for one in _checkpoints(newest)),
            leaves=(one.data for one in queries.leaves(end=newest.size)),
            openings=_openings(newest.size) if openings else None,
            objects=_objects(),
        ),
    )
    return newest.size


def _checkpoints(newest: Checkpoint) -> Iterator[Checkpoint]:
    size, last = -1, 0
    while rows := list(Checkpoint.objects.filter(id__gt=last, id__lte=newest.id).order_by("id")[:_AT_ONCE]):
        assert rows[0].size >= size, "checkpoints are signed in the order of their sizes"
        yield from rows
        size, last = rows[-1].size, rows[-1].id


def _openings(size: int) -> Iterator[tuple[int, commitments.Opening]]:
    key_of = cache(OpeningKey.of)  # read once for one bundle
    for start in range(0, size, _AT_ONCE):
        rows = Leaf.objects.filter(index__gte=start, index__lt=min(size, start + _AT_ONCE)).order_by("index")
        index_of = dict(rows.values_list("leaf", "index"))
        sealed = {row.leaf: row for row in Opening.objects.filter(leaf__in=list(index_of))}
        for leaf, index in index_of.items():
            if row := sealed.get(leaf):
                yield index, key_of(row.emergency).open(leaf, bytes(row.sealed))


def _objects() -> Iterator[bytes]:
    for digest in PublicObject.objects.order_by("digest").values_list("digest", flat=True):
        yield bytes(PublicObject.objects.get(digest=digest).data)
