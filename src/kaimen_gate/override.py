"""Letting somebody in all the same: a coded reason that answers everything that spoke against them, and on whose word.

What sends somebody to the desk, a guard may answer with a host's name or a document that was seen. A refusal needs a
second person: a supervisor's own phone code, checked against the list, also with the network down. The host's name and
the document are asked for and not kept: an entry holds no names.
"""

from datetime import datetime, timedelta

from kaimen.passes import BadPass, read
from kaimen_gate.place_list import PlaceList
from kaimen_gate.scan import Decision, Overriding, Scan
from kaimen_gate.wire import HOW, Entry, Verdict

WITHIN = timedelta(minutes=15)  # how long after a scan somebody may still be let in by it


class NotOverridden(ValueError):
    """An override that says something that cannot be: what is wrong, and what would be right."""

    def __init__(self, error: str, remedy: str) -> None:
        super().__init__(error)
        self.error, self.remedy = error, remedy


def decide_override(scan: Scan, first: Entry | None, here: PlaceList | None, at: datetime) -> Decision:
    """The answer to an override; `first` is the entry it is about, as this node stored it. Raises NotOverridden.

    A second code that is no supervisor's is recorded: the answer stays, and says so.
    """
    said = scan.shown
    assert isinstance(said, Overriding)
    first, here = _possible(scan, said, first, here, at)
    second = _supervisor(said.second, first, here, at) if said.second else None
    age = max(0, int((at - here.made_at).total_seconds()))
    agreed = second is not None or (first.verdict != "refuse" and not said.second)
    reason: str = "let-in" if agreed else "not-supervisor"
    verdict: Verdict = "enter" if agreed else first.verdict
    how = next(one for one in HOW if one == first.how)
    return Decision(
        scan, at, reason, first.index, age, verdict, (reason, *_reasons(first)), how, first.temperature, said.reason,
        second,
    )  # fmt: skip


def _possible(
    scan: Scan, said: Overriding, first: Entry | None, here: PlaceList | None, at: datetime
) -> tuple[Entry, PlaceList]:
    if first is None or (first.place, first.direction) != (scan.place, scan.direction):
        raise NotOverridden("“after” is no scan of this place.", "Send the id of the scan that was answered.")
    if first.verdict == "enter":
        raise NotOverridden("That scan let them in already.", "Scan the next person.")
    if not timedelta(0) <= at - first.at <= WITHIN:
        raise NotOverridden("That scan is too long ago.", "Scan again, then override.")
    if here is None:
        raise NotOverridden("No list says who may be let in all the same.", "Register them at the desk.")
    rule = here.overrides.get(said.reason)
    if rule is None:
        raise NotOverridden("“override” is no reason of this place.", f"There are: {', '.join(here.overrides)}.")
    if (rule.asks == "host" and not said.host) or (rule.asks == "document" and not said.document):
        raise NotOverridden(f"“{said.reason}” needs a {rule.asks}.", f"Send it as “{rule.asks}”.")
    unanswered = [reason for reason in _reasons(first) if reason not in rule.lifts and reason not in here.book.noted]
    if unanswered:
        answers = [one.code for one in here.overrides.values() if set(unanswered) <= set(one.lifts)]
        remedy = f"Give a reason that does: {', '.join(answers)}." if answers else "Nobody may be let in against that."
        raise NotOverridden(f"“{said.reason}” does not answer {', '.join(unanswered)}.", remedy)
    return first, here


def _supervisor(code: str, first: Entry, here: PlaceList, at: datetime) -> int | None:
    """The pass of a supervisor whose phone signed just now; never one's own."""
    try:
        reading = read(code, here.keys, at)
    except BadPass:
        return None
    index = reading.index
    if reading.shown is None or index not in here.supervisors or here.has_revoked(index) or index == first.index:
        return None
    return index


def _reasons(first: Entry) -> tuple[str, ...]:
    return first.reasons or (first.reason,)
