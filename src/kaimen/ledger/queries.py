"""What the log says: leaves, checkpoints, receipts, and how far it is behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from kaimen.kit import clock
from kaimen.ledger.models import Checkpoint, Leaf, Opening, PendingLeaf, Tree
from kaimen.ledger.openings import OpeningKey, OpeningsGone
from kaimen.ledger.tiles import tree_of
from kaimen.proofs import commitments
from kaimen.proofs.notes import Note, Signature
from kaimen.proofs.receipts import Receipt, receipt

_AT_ONCE = 2_000  # rows read together: no reading stays open for long


@dataclass(frozen=True)
class Logged:
    """A leaf where it stands in the log. `at` is in milliseconds since 1970."""

    index: int
    id: UUID
    kind: str
    at: int
    data: bytes


def leaves(*kinds: str, start: int = 0, end: int | None = None) -> Iterator[Logged]:
    """The leaves of these kinds (of all, without one) from index `start` until before `end`, in their order."""
    asked = Leaf.objects.order_by("index")
    asked = asked.filter(kind__in=kinds) if kinds else asked
    asked = asked.filter(index__lt=end) if end is not None else asked
    while rows := list(asked.filter(index__gte=start).values_list("index", "leaf", "kind", "at", "data")[:_AT_ONCE]):
        for index, leaf, kind, at, data in rows:
            yield Logged(index, leaf, kind, at, bytes(data))
        start = rows[-1][0] + 1


def leaf_at(index: int) -> Logged | None:
    """The leaf with this index; None beyond the end."""
    return next(leaves(start=index, end=index + 1), None)


def size() -> int:
    """How many leaves are in the log, those not yet signed included."""
    return Tree.objects.values_list("size", flat=True).first() or 0


def checkpoint(*, witnessed: bool = False, beyond: int = -1) -> Checkpoint | None:
    """The newest checkpoint whose tree holds leaf `beyond`; with `witnessed`, the newest that was cosigned."""
    found = Checkpoint.objects.filter(size__gt=beyond)
    return (found.filter(cosignatures__isnull=False) if witnessed else found).order_by("-id").first()


def note(of: Checkpoint) -> Note:
    """A checkpoint as a signed note, with the cosignatures it has by now."""
    lines = of.cosignatures.order_by("witness__name").values_list("line", flat=True)
    return Note.read(of.note).also(*(Signature.read(line) for line in lines))


def opening_of(leaf: UUID) -> commitments.Opening | None:
    """What the commitment of a leaf hides; None where it hides nothing, or its openings were destroyed.

    Raises NotOpened for a row that was altered.
    """
    row = Opening.objects.filter(pk=leaf).first()
    if row is None:
        return None
    try:
        return OpeningKey.of(row.emergency).open(leaf, bytes(row.sealed))
    except OpeningsGone:
        return None


def receipt_for(leaf: UUID) -> Receipt | None:
    """The receipt of a leaf with its opening, under the newest checkpoint a witness has seen, or else the newest.

    None while it waits to be taken in and signed. Raises NotOpened for an opening that was altered.
    """
    row = Leaf.objects.filter(leaf=leaf).first()
    if row is None:
        return None
    under = checkpoint(witnessed=True, beyond=row.index) or checkpoint(beyond=row.index)
    if under is None:
        return None
    path = tree_of(under.size).inclusion_path(row.index)
    return receipt(bytes(row.data), row.index, path, note(under), opening_of(leaf))


def behind(patience: timedelta) -> bool:
    """Whether a leaf has waited longer than `patience` (of the clock) to be taken in or to be signed."""
    by = int((clock.now() - patience).timestamp() * 1000)
    if PendingLeaf.objects.filter(at__lt=by).exists():
        return True
    newest = checkpoint()
    return Leaf.objects.filter(index=newest.size if newest else 0, at__lt=by).exists()
