"""How far each node's chain has come, in the log: heads only, once a minute, never a leaf an entry.

A head fixes every entry before it. Whoever later shows the entries of a day shows with them that none was added, taken
out or changed after the minute it was logged in.
"""

from datetime import datetime

from django.db import transaction

from kaimen.gate.models import ChainHead, HeadLogged
from kaimen.ledger.actions import ToRecord, record_many
from kaimen.schedule.jobs import job

A_LEAF = 400  # heads; a leaf holds 60,000 bytes


@job("gate-heads", every=60)
def log_heads(due_at: datetime) -> None:
    """Record the heads that moved since the last time."""
    with transaction.atomic():
        logged = {(bytes(row.node), row.epoch): row for row in HeadLogged.objects.all()}
        moved = [head for head in ChainHead.objects.order_by("node", "epoch") if _moved(head, logged)]
        pieces = [moved[start : start + A_LEAF] for start in range(0, len(moved), A_LEAF)]
        record_many(ToRecord("gate-heads", {"heads": [_said(head) for head in piece]}) for piece in pieces)
        rows = [HeadLogged(node=head.node, epoch=head.epoch, node_seq=head.node_seq) for head in moved]
        HeadLogged.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["node", "epoch"], update_fields=["node_seq"]
        )


def _moved(head: ChainHead, logged: dict[tuple[bytes, int], HeadLogged]) -> bool:
    before = logged.get((bytes(head.node), head.epoch))
    return before is None or before.node_seq < head.node_seq


def _said(head: ChainHead) -> list[bytes | int]:
    """Node, epoch, how many entries, and the link of the last."""
    return [bytes(head.node), head.epoch, head.node_seq, bytes(head.head)]
