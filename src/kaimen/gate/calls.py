"""Entries that call somebody: a fever, a refusal that is disputed.

- `note(fresh)`: called where entries are inserted, in their transaction: what was truly received is noted once.
- `waiting(kinds)`, `taken(call)`: for the part that answers them. Between what it does and `taken` it may crash, and
  does it again: it has to know by `kind` and `about` what it has done.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from kaimen.gate.call_models import Call
from kaimen.gate.entry_columns import Columns
from kaimen.gate.models import EntryEvent
from kaimen.kit import clock
from kaimen_gate import reports, wire


def note(fresh: Columns) -> None:
    """Note those of these new entries that call somebody; within the transaction that inserts them."""
    found = []
    for raw, reason, reasons in zip(fresh.raw, fresh.reason, fresh.reasons, strict=True):
        kind = reports.calls_for(reason, reasons)
        if kind is not None:
            found.append(_call(kind, wire.read_entry(raw)))
    if found:
        Call.objects.bulk_create(found, ignore_conflicts=True)


def _call(kind: reports.Calls, entry: wire.Entry) -> Call:
    reported = entry.reason in reports.REPORTS.values()
    before = entry.reasons[1] if reported and len(entry.reasons) > 1 else entry.reason
    return Call(
        node=entry.node.bytes, epoch=entry.epoch, node_seq=entry.seq, kind=kind, gate=entry.place, index=entry.index,
        about=_about(entry) if reported else entry.id, reason=before, at=entry.at,
    )  # fmt: skip


def _about(entry: wire.Entry) -> UUID:
    """What a report is about; a node that names nothing that can be an entry reports on its own."""
    try:
        return UUID(entry.override)
    except ValueError:
        return entry.id


def waiting(kinds: Collection[str], most: int = 200) -> QuerySet[Call]:
    """Calls that nobody has taken, oldest first."""
    return Call.objects.filter(taken_at=None, kind__in=kinds).order_by("pk")[:most]


def taken(call: Call) -> None:
    """What this calls for has been done."""
    Call.objects.filter(pk=call.pk, taken_at=None).update(taken_at=clock.now())


def temperature_of(about: UUID) -> int | None:
    """What was measured in the entries that called for this, in tenths of a degree Celsius: the highest."""
    found = []
    for call in Call.objects.filter(about=about):
        raw = EntryEvent.objects.filter(node=call.node, epoch=call.epoch, node_seq=call.node_seq).values_list("raw")
        found += [wire.read_entry(bytes(one)).temperature for (one,) in raw]
    return max((one for one in found if one is not None), default=None)
