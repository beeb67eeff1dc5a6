"""A gate that is asked one scan after another, as the vectors tell them: what a node does, without disk and network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kaimen.colours.lists import packed
from kaimen.kit.keys import PublicKey
from kaimen_gate.colour_proof import ColourList
from kaimen_gate.decide import Held, decide, facts_of, identified, remember
from kaimen_gate.memory import Memory
from kaimen_gate.override import NotOverridden, decide_override
from kaimen_gate.place_list import PlaceList
from kaimen_gate.scan import Decision, Overriding, Scan
from kaimen_gate.scans import read_scan
from kaimen_gate.wire import FIRST_LINK, Entry, read_snapshot

_NODE = UUID(int=7)
_PLACES = 1024


@dataclass(frozen=True)
class Answered:
    """What came of a scan; the verdict `error` where it could not be asked."""

    verdict: str
    reason: str
    reasons: tuple[str, ...] = ()
    index: int | None = None
    second: int | None = None
    facts: Mapping[str, Any] | None = None  # None where no rule was asked


class Gate:
    """One node."""

    def __init__(self, signed: list[bytes], centre: PublicKey, colours: dict[str, Any] | None) -> None:
        found = [PlaceList(read_snapshot(data, centre)) for data in signed]
        self._lists = {one.place: one for one in found}
        self._colours = _colours(colours) if colours else None
        self._memory = Memory()
        self._entries: dict[UUID, Entry] = {}

    def ask(self, said: dict[str, Any], at: datetime) -> Answered:
        """The answer to a scan, as a request says it."""
        scan = read_scan(json.dumps(said).encode())
        here = self._lists.get(scan.place)
        if isinstance(scan.shown, Overriding):
            try:
                decision = decide_override(scan, self._entries.get(scan.shown.after), here, at)
            except NotOverridden:
                return Answered("error", "")
            return self._kept(scan, decision, None)
        held = Held(here, self._colours, [one for one in self._lists.values() if one is not here])
        decision, facts = decide(scan, held, at, self._memory), None
        if here is not None and scan.direction == "in":
            facts = facts_of(scan, identified(scan, here, at), held, at, self._memory) | {"open": here.is_open(at)}
        return self._kept(scan, decision, facts)

    def _kept(self, scan: Scan, decision: Decision, facts: dict[str, Any] | None) -> Answered:
        entry = Entry(
            scan.id, _NODE, 1, len(self._entries) + 1, FIRST_LINK, scan.place, decision.at, scan.direction,
            decision.verdict, decision.reason, decision.index, decision.how, decision.data_age, decision.reasons,
            decision.temperature, decision.override, decision.second,
        )  # fmt: skip
        if scan.id not in self._entries:
            self._entries[scan.id] = entry
            remember(self._memory, entry, self._lists.get(scan.place))
        return Answered(
            decision.verdict, decision.reason, decision.reasons, decision.index, decision.second, facts
        )  # fmt: skip


def facts_as_json(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The facts that are known, decimals as text."""
    if facts is None:
        return None
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in facts.items() if value is not None
    }


def _colours(said: dict[str, Any]) -> ColourList:
    values = {int(index): value for index, value in said["values"].items()}
    return ColourList(packed(values, _PLACES, 2), datetime.fromisoformat(said["as_of"]), 1, {})
