"""A timeline follows from the definition: who waits for whom, and for how long."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.cases.planning import Known, handed_in, plan
from kaimen.cases.trials import case_of, counting_of
from kaimen.packs import read_folder

PACK = read_folder(Path(__file__).resolve().parents[4] / "packs/qingdao-2020")
COUNTING = counting_of(PACK)
TENDER = case_of(PACK, "tender-approval")
EVERY = ["firm-need", "firm-reopening", "resident-need", "tender-approval", "whistle"]
STARTS = st.datetimes(datetime(2020, 1, 2), datetime(2020, 11, 1)).map(lambda at: at.replace(tzinfo=COUNTING.zone))


def tender(*documents: str, start: str = "2020-03-12T10:00", key: bool | None = None) -> dict[str, Any]:
    begins = datetime.fromisoformat(start).replace(tzinfo=COUNTING.zone)
    found = plan(TENDER, begins, COUNTING, Known(documents, {"project_is_key": key}))
    return {one.step.id: (one.opens.date(), one.due.date() if one.due else None, one.because) for one in found}


def test_no_bid_is_opened_before_the_twenty_days_have_run() -> None:
    timeline = tender("land-transfer-contract", "formal-opinion")
    assert timeline["publish-notice"] == (date(2020, 3, 12), None, ("check",))
    assert timeline["bid-opening"] == (date(2020, 4, 1), None, ("notice-period",))


def test_what_may_follow_later_is_named_by_the_step_it_must_precede() -> None:
    assert tender("land-transfer-contract", "simulated-opinion")["bid-opening"][2] == (
        "notice-period",
        "formal-opinion",
    )


def test_one_of_several_documents_is_enough_and_a_stand_in_is_not() -> None:
    assert handed_in(TENDER, "land-evidence", Known(["site-selection-opinion"]))
    assert not handed_in(TENDER, "formal-opinion", Known(["simulated-opinion"]))


def test_the_green_channel_works_at_week_ends_and_shortens_no_period_of_law() -> None:
    saturday = "2020-03-14T10:00"
    assert tender("land-transfer-contract", start=saturday)["check"][1] == date(2020, 3, 16)
    green = tender("land-transfer-contract", start=saturday, key=True)
    assert green["check"][1] == date(2020, 3, 14)
    assert (green["bid-opening"][0] - green["publish-notice"][0]).days == 20


def test_the_green_channel_does_not_work_on_a_holiday() -> None:
    assert tender("land-transfer-contract", start="2020-04-04T10:00", key=True)["check"][1] == date(2020, 4, 7)


def test_a_step_that_does_not_concern_a_case_is_left_out_and_holds_nothing_up() -> None:
    case = case_of(PACK, "firm-reopening")
    start = datetime(2020, 3, 16, 9, tzinfo=COUNTING.zone)
    for answer in (False, None):
        found = plan(case, start, COUNTING, Known(["commitment"], {"wants_visit": answer}))
        assert [one.step.id for one in found] == ["receipt", "spot-check", "reply-to-check"]


@pytest.mark.parametrize("slug", EVERY)
@given(start=STARTS, says=st.booleans())
def test_no_step_opens_before_what_it_waits_for_or_is_due_before_it_opens(
    slug: str, start: datetime, *, says: bool
) -> None:
    case = case_of(PACK, slug)
    row = {name: says for name, one in case.fields.items() if one.type == "boolean"}
    found = {one.step.id: one for one in plan(case, start, COUNTING, Known((), row))}
    for one in found.values():
        assert one.opens >= start
        assert one.due is None or one.due > one.opens
        for before in one.step.after:
            assert before not in found or one.opens >= (found[before].due or found[before].opens)
