"""The scanner on a guard's phone reports as the node does: the same entry for each press."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kaimen.kit import ids
from kaimen_gate.reports import decide_report
from kaimen_gate.scan import Reporting, Scan
from kaimen_gate.wire import FIRST_LINK, Entry
from tests.vectors.in_javascript import in_javascript

AT = datetime.fromisoformat("2020-03-16T08:12:00+08:00")
REFUSED = Entry(
    ids.new_id(), ids.new_id(), 1, 1, FIRST_LINK, "ferry-house", AT, "in", "refuse", "revoked", 7, "card", 5,
    ("revoked", "fever"), 379,
)  # fmt: skip
PRESSED = replace(REFUSED, id=ids.new_id(), verdict="desk", reason="disputed", reasons=("disputed", "revoked"),
                  override=str(REFUSED.id))  # fmt: skip
FULL = replace(REFUSED, reason="r-0", reasons=tuple(f"r-{n}" for n in range(60)))
UNSCANNED = replace(REFUSED, id=ids.new_id(), reason="fever-seen", reasons=("fever-seen",), index=None, how="manual")
PRESSES = [
    ("dispute", REFUSED), ("fever", REFUSED), ("fever", PRESSED), ("dispute", FULL), ("fever", UNSCANNED),
    ("fever", None),
]  # fmt: skip
_PRESS = """
const { decideReport } = await load("report");
const { fromUuid } = await load("ids");
const made = asked.presses.map(([report, first]) => {
  const entry = first && { ...first, id: fromUuid(first.id) };
  const { verdict, reason, reasons, index, how, temperature, override, dataAge } = decideReport(
    { place: "ferry-house", shown: { report } }, entry, { madeAt: asked.at - 90_000 }, asked.at,
  );
  return { verdict, reason, reasons, index, how, temperature, override, dataAge };
});
answer(made);
"""


class Here:
    """A list that was made a minute and a half ago."""

    made_at = AT - timedelta(seconds=90)


def test_each_press_makes_the_entry_that_the_node_makes() -> None:
    said = in_javascript(_PRESS, {
        "at": int(AT.timestamp() * 1000), "presses": [(what, first and _plain(first)) for what, first in PRESSES],
    })  # fmt: skip
    assert [one | {"override": _id(one["override"])} for one in said] == [_made(*press) for press in PRESSES]


def _plain(entry: Entry) -> dict[str, Any]:
    names = ("reason", "reasons", "index", "how", "temperature", "override")
    return {"id": str(entry.id)} | {name: getattr(entry, name) for name in names}


def _made(what: str, first: Entry | None) -> dict[str, Any]:
    scan = Scan(ids.new_id(), "ferry-house", "in", Reporting(first.id if first else None, what))
    said = decide_report(scan, first, Here(), AT)  # type: ignore[arg-type]  # of a list, its age alone is asked
    return {
        "verdict": said.verdict, "reason": said.reason, "reasons": list(said.reasons), "index": said.index,
        "how": said.how, "temperature": said.temperature, "override": _id(said.override), "dataAge": said.data_age,
    }  # fmt: skip


def _id(written: str) -> UUID | None:
    """With hyphens or without, as the centre reads it."""
    return UUID(written) if written else None
