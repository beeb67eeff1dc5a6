"""From evidence to a colour, and which evidence can lead to one."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kaimen.colours.judging import Item, Judge
from kaimen.colours.moments import DAY, HOUR
from kaimen.colours.tests.world import MONDAY, TEXT, definition_of

JUDGE = Judge(definition_of())
AT, TODAY = MONDAY, date(2020, 3, 16)


def item(number: int, organisation: str, of: str, says: dict[str, Any], **other: Any) -> Item:
    seen = other.pop("seen", AT - HOUR)
    return Item(
        bytes([number]) * 16, organisation, of, says, seen, other.pop("until", seen + 14 * DAY), number, **other
    )


POSITIVE = {"test_result": "positive"}
NEGATIVE = {"test_result": "negative"}


def test_no_evidence_is_the_usual_colour_and_has_no_end() -> None:
    judged = JUDGE.judge((), AT)
    assert (judged.colour, judged.rule, judged.because, judged.until) == ("green", "nothing-against", (), None)


def test_two_organisations_are_two_and_one_is_one_however_often_it_speaks() -> None:
    one = [item(1, "cdc", "test", POSITIVE), item(2, "cdc", "test", POSITIVE)]
    assert JUDGE.judge(one, AT).colour == "yellow"
    two = [*one, item(3, "hospital", "test", POSITIVE)]
    judged = JUDGE.judge(two, AT)
    assert (judged.colour, judged.sources, judged.because) == ("red", ("cdc", "hospital"), (b"\2" * 16, b"\3" * 16))


def test_halves_of_a_rule_from_two_organisations_do_not_make_it_hold() -> None:
    halves = [
        item(1, "cdc", "symptoms", {"temperature": Decimal("38.5")}),
        item(2, "hospital", "symptoms", {"symptoms_on": TODAY}),
    ]
    assert JUDGE.judge(halves, AT).colour == "green"


def test_the_latest_seen_counts_whatever_the_order_of_the_log() -> None:
    newer = item(1, "cdc", "test", NEGATIVE, seen=AT - HOUR)
    older = item(2, "cdc", "test", POSITIVE, seen=AT - DAY)
    assert JUDGE.judge([newer, older], AT).colour == "green"
    assert JUDGE.judge([older, newer], AT).colour == "green"


@pytest.mark.parametrize("gone", [{"in_force": False}, {"until": AT}])
def test_what_is_gone_does_not_bring_back_what_it_replaced(gone: dict[str, Any]) -> None:
    older = item(1, "cdc", "test", POSITIVE, seen=AT - DAY)
    newer = item(2, "cdc", "test", NEGATIVE, **gone)
    assert JUDGE.judge([older, newer], AT).colour == "green"


def test_a_colour_says_when_its_rule_ends() -> None:
    alone = [item(1, "cdc", "test", POSITIVE, seen=AT)]
    assert JUDGE.judge(alone, AT).until == AT + 7 * DAY  # the rule's own, before the evidence's
    pair = [*alone, item(2, "hospital", "test", POSITIVE, seen=AT - DAY)]
    assert JUDGE.judge(pair, AT).until == AT + 13 * DAY  # when the first of the two ends
    assert JUDGE.judge(pair, AT + 13 * DAY).colour == "green"
    assert JUDGE.judge(pair, AT + 13 * DAY - 1).colour == "red"


def test_only_what_a_rule_rests_on_is_its_because() -> None:
    items = [
        item(1, "cdc", "test", POSITIVE),
        item(2, "cdc", "contact", {"close_contact": False}),
        item(3, "cdc", "symptoms", {"temperature": Decimal("36.5")}),
    ]
    assert JUDGE.judge(items, AT).because == (b"\1" * 16,)


@pytest.mark.parametrize(("of", "says", "accuses"), [
    ("test", POSITIVE, True),
    ("test", NEGATIVE, False),
    ("contact", {"close_contact": True}, True),
    ("contact", {"close_contact": False}, False),
    ("symptoms", {"temperature": Decimal("37.3")}, False),  # of its own kind nothing more comes: no day is said
    ("unheard-of", POSITIVE, False),
])  # fmt: skip
def test_evidence_accuses_when_it_can_lead_to_a_colour(of: str, says: dict[str, Any], accuses: bool) -> None:
    if of == "contact" and says["close_contact"]:
        says = says | {"last_contact_on": TODAY}
    assert JUDGE.adverse(of, says, AT, AT + DAY) is accuses


def test_what_takes_the_place_of_what_kept_a_rule_from_holding_accuses() -> None:
    text = TEXT.replace(b"when: close_contact and days", b"when: (dry_cough is null or not dry_cough) and days")
    judge = Judge(definition_of(text))
    assert judge.adverse("symptoms", {"symptoms_on": TODAY}, AT, AT + DAY)


def test_evidence_that_accuses_only_later_accuses() -> None:
    text = TEXT.replace(b"when: close_contact and days_between(last_contact_on, as_of) < watch_days",
                        b"when: days_between(last_contact_on, as_of) > 5")  # fmt: skip
    judge = Judge(definition_of(text))
    says = {"last_contact_on": TODAY}
    assert not judge.adverse("contact", says, AT, AT + 5 * DAY)
    assert judge.adverse("contact", says, AT, AT + 6 * DAY)
    assert judge.due([item(1, "cdc", "contact", says), item(2, "hospital", "contact", says)], AT) is not None


def test_nobody_need_be_judged_again_for_evidence_that_does_not_accuse() -> None:
    assert JUDGE.due([item(1, "cdc", "test", NEGATIVE, adverse=False)], AT) is None
