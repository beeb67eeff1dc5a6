"""What a guard reports with one press: a fever that was seen, or a refusal that the person disputes.

A report is an entry like any other: signed, chained, kept while the network is down, sent when it is back. Its
`override` is the id of the entry it is about; empty where nobody was scanned. It lets nobody in and keeps nobody out:
the person waits at the desk for whoever the centre sends.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal

from kaimen_gate.place_list import PlaceList
from kaimen_gate.scan import Decision, Reporting, Scan
from kaimen_gate.wire import HOW, Entry

Calls = Literal["fever", "obstruction"]

FEVER = "fever"  # the reason by which a city's rule sends a measured fever to the desk
REPORTS: Mapping[str, str] = {"fever": "fever-seen", "dispute": "disputed"}  # as asked → the entry's reason
WITHIN = timedelta(hours=24)  # how long after a scan it may still be reported on
_MOST_REASONS = 60
_CALLS: Mapping[str, Calls] = {FEVER: "fever", "fever-seen": "fever", "disputed": "obstruction"}
_OF_ANOTHER = {"let-in", "not-supervisor"}  # an override keeps the reasons of its scan, which has called already


class NotReported(ValueError):
    """A report that says something that cannot be: what is wrong, and what would be right."""

    def __init__(self, error: str, remedy: str) -> None:
        super().__init__(error)
        self.error, self.remedy = error, remedy


def decide_report(scan: Scan, first: Entry | None, here: PlaceList | None, at: datetime) -> Decision:
    """The answer to a report; `first` is the entry it is about, as this node stored it. Raises NotReported."""
    said = scan.shown
    assert isinstance(said, Reporting)
    _possible(scan, said, first, at)
    reason = REPORTS[said.what]
    age = max(0, int((at - here.made_at).total_seconds())) if here else 0
    if first is None:
        return Decision(scan, at, reason, None, age, "desk", (reason,), scan.how)
    about = first.override if first.reason in REPORTS.values() and first.override else str(first.id)
    held = [one for one in first.reasons or (first.reason,) if one != reason]
    how = next(one for one in HOW if one == first.how)
    reasons = (reason, *held)[:_MOST_REASONS]
    return Decision(scan, at, reason, first.index, age, "desk", reasons, how, first.temperature, about)


def calls_for(reason: str, reasons: Collection[str]) -> Calls | None:
    """What an entry with these reasons calls somebody for; None: nothing."""
    if reason in _CALLS:
        return _CALLS[reason]
    return "fever" if FEVER in reasons and reason not in _OF_ANOTHER else None


def _possible(scan: Scan, said: Reporting, first: Entry | None, at: datetime) -> None:
    if first is None:
        if said.after is not None:
            raise NotReported("“after” is no scan of this node.", "Send the id of the scan that was answered.")
        if said.what == "dispute":
            raise NotReported("A dispute is about a scan.", "Send the id of the scan that was answered as “after”.")
        return
    if first.place != scan.place:
        raise NotReported("“after” is no scan of this place.", "Send the id of the scan that was answered.")
    if said.what == "dispute" and first.verdict == "enter":
        raise NotReported("That scan let them in.", "There is nothing to dispute.")
    if at - first.at > WITHIN:
        raise NotReported("That scan is too long ago.", "Scan again, then report.")
