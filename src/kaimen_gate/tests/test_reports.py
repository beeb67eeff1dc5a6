"""One press of a guard: an entry that calls somebody, lets nobody in, and says what it is about."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kaimen.kit import ids
from kaimen_gate.reports import NotReported, calls_for, decide_report
from kaimen_gate.scan import Reporting, Scan
from kaimen_gate.scans import BadScan, read_scan
from kaimen_gate.wire import FIRST_LINK, Entry, read_entry

AT = datetime.fromisoformat("2020-03-16T08:12:00+08:00")


def entry(**about: object) -> Entry:
    """A refusal at the ferry house."""
    return Entry(**{  # type: ignore[arg-type]
        "id": ids.new_id(), "node": ids.new_id(), "epoch": 1, "seq": 1, "previous": FIRST_LINK, "place": "ferry-house",
        "at": AT, "direction": "in", "verdict": "refuse", "reason": "revoked", "index": 7, "how": "card", "data_age": 5,
        "reasons": ("revoked", "not-on-list"), **about,
    })  # fmt: skip


def report(what: str, after: UUID | None = None, place: str = "ferry-house") -> Scan:
    return Scan(ids.new_id(), place, "in", Reporting(after, what))


def test_a_dispute_names_the_entry_it_is_about_and_keeps_its_reasons() -> None:
    refused = entry()
    said = decide_report(report("dispute", refused.id), refused, None, AT + timedelta(minutes=1))
    assert (said.verdict, said.reason, said.index, said.override) == ("desk", "disputed", 7, str(refused.id))
    assert said.reasons == ("disputed", "revoked", "not-on-list")


def test_a_fever_is_reported_with_one_press_and_nobody_scanned() -> None:
    said = decide_report(report("fever"), None, None, AT)
    assert (said.verdict, said.reason, said.index, said.override) == ("desk", "fever-seen", None, "")


def test_a_report_on_a_report_is_about_the_scan_of_both() -> None:
    refused = entry()
    pressed = entry(reason="disputed", reasons=("disputed", "revoked"), override=str(refused.id), verdict="desk")
    assert decide_report(report("fever", pressed.id), pressed, None, AT).override == str(refused.id)


def test_an_entry_with_every_reason_there_may_be_can_still_be_reported_on() -> None:
    full = entry(reason="r-0", reasons=tuple(f"r-{n}" for n in range(60)))
    said = decide_report(report("fever", full.id), full, None, AT)
    bytes_ = entry(reason=said.reason, reasons=said.reasons, override=said.override, verdict="desk").to_bytes()
    assert read_entry(bytes_).reasons[:2] == ("fever-seen", "r-0")


@pytest.mark.parametrize(("first", "scan"), [
    (None, report("dispute")),
    (None, report("fever", ids.new_id())),
    (entry(verdict="enter"), report("dispute", ids.new_id())),
    (entry(place="lamp-tower"), report("dispute", ids.new_id())),
    (entry(at=AT - timedelta(hours=25)), report("dispute", ids.new_id())),
], ids=["of nothing", "of a scan elsewhere", "of an entry", "of another place", "of yesterday"])  # fmt: skip
def test_a_report_that_cannot_be_says_what_would_be_right(first: Entry | None, scan: Scan) -> None:
    with pytest.raises(NotReported) as refused:
        decide_report(scan, first, None, AT)
    assert refused.value.remedy


@pytest.mark.parametrize(("reason", "reasons", "calls"), [
    ("fever", ("fever",), "fever"),
    ("not-on-list", ("not-on-list", "fever"), "fever"),
    ("emergency", ("emergency", "fever"), "fever"),
    ("fever-seen", ("fever-seen", "on-list"), "fever"),
    ("disputed", ("disputed", "fever"), "obstruction"),
    ("let-in", ("let-in", "fever"), None),
    ("fever", (), "fever"),
    ("on-list", ("on-list",), None),
])  # fmt: skip
def test_what_an_entry_calls_somebody_for(reason: str, reasons: tuple[str, ...], calls: str | None) -> None:
    assert calls_for(reason, reasons) == calls


def asked(**said: object) -> bytes:
    return json.dumps({"id": str(ids.new_id()), "place": "ferry-house", "direction": "in", **said}).encode()


def test_a_report_is_asked_for_as_a_scan_is() -> None:
    after = ids.new_id()
    assert read_scan(asked(report="dispute", after=str(after))).shown == Reporting(after, "dispute")
    assert read_scan(asked(report="fever")).shown == Reporting(None, "fever")


@pytest.mark.parametrize("said", [
    {"report": "cough"}, {"report": "fever", "after": "x"}, {"report": "fever", "code": "KM1:"},
    {"report": "fever", "direction": "out"}, {"report": "fever", "temperature": "38.0"},
])  # fmt: skip
def test_a_report_that_is_none_is_refused_in_words(said: dict[str, object]) -> None:
    with pytest.raises(BadScan):
        read_scan(asked(**said))
