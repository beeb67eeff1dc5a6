"""The decision: one answer for each reason, in the order that docs/reference/node.md gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from kaimen.kit.ids import new_id
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue
from kaimen_gate.decide import ByCode, ByName, Decision, Scan, decide
from kaimen_gate.place_list import PlaceList
from kaimen_gate.reasons import VERDICT_OF, WORDS, Reason
from kaimen_gate.tests.fake_centre import PLACE, snapshot
from kaimen_gate.wire import Direction, Expected

KEY, STRANGER = SigningKey.generate(), SigningKey.generate()
EIGHT = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
NIGHT = EIGHT - timedelta(hours=5)
HELD = PlaceList(snapshot(KEY, EIGHT - timedelta(hours=3)))


def shown(
    what: ByCode | ByName, held: PlaceList | None = HELD, at: datetime = EIGHT, direction: Direction = "in"
) -> Decision:
    """The decision on what somebody showed."""
    return decide(Scan(new_id(), PLACE, direction, what), held, at)


def code(index: int, key: SigningKey = KEY, days: int = 1) -> ByCode:
    """A pass."""
    return ByCode(issue(key, index, EIGHT + timedelta(days=days)))


ALTERED = ByCode(code(11).code[:-3] + ("000" if code(11).code[-3:] != "000" else "111"))


@pytest.mark.parametrize(
    ("what", "reason", "index"),
    [
        (code(11), "on-list", 11),
        (code(77), "not-on-list", 77),
        (code(99), "revoked", 99),
        (code(11, days=-1), "expired", 11),
        (code(11, STRANGER), "unknown-key", None),
        (ByCode("https://example.org"), "not-a-pass", None),
        (ByName("王样", "000X"), "on-list", 11),
        (ByName(" 王 样 ", "000x"), "on-list", 11),
        (ByName("zhang yang", "0014"), "on-list", 14),
        (ByName("Ｚｈａｎｇ·Ｙａｎｇ", "００14"), "on-list", 14),
        (ByName("王样", "0001"), "not-on-list", None),
        (ByName("李样", "0012"), "two-people", None),
        (ByName("赵样", "0015"), "on-list", 15),
    ],
)
def test_each_reason_is_given_for_what_deserves_it(what: ByCode | ByName, reason: Reason, index: int | None) -> None:
    decision = shown(what)
    assert (decision.reason, decision.index, decision.verdict) == (reason, index, VERDICT_OF[reason])


def test_one_pass_on_the_lists_of_two_firms_is_one_person() -> None:
    listed = snapshot(KEY, EIGHT)
    one = next(person for person in listed.people if person.index == 11)
    again = replace(one, organisation=1 - one.organisation, floor="99")
    held = PlaceList(replace(listed, people=(*listed.people, again)))
    assert shown(ByName("王样", "000X"), held).reason == "on-list"
    other = PlaceList(replace(listed, people=(*listed.people, replace(again, index=12345))))
    assert shown(ByName("王样", "000X"), other).reason == "two-people"


def test_a_pass_changed_by_a_hair_is_refused() -> None:
    assert shown(ALTERED).verdict == "refuse"


def test_leaving_is_never_blocked_but_says_whose_pass_it_was_where_it_can() -> None:
    for what, index in (
        (code(11), 11), (code(99), 99), (code(11, days=-1), 11), (code(11, STRANGER), None), (ByCode(""), None),
        (ByName("nobody", "0000"), None), (ByName("李样", "0012"), None),
    ):  # fmt: skip
        decision = shown(what, at=NIGHT, direction="out")
        assert (decision.verdict, decision.reason, decision.index) == ("enter", "left", index)
    assert shown(code(11), held=None, direction="out").reason == "left"


def test_without_a_list_the_desk_decides() -> None:
    for what in (code(11), ByCode("x"), ByName("王样", "000X")):
        assert (shown(what, held=None).reason, shown(what, held=None).verdict) == ("no-list", "desk")


def test_the_desk_meets_who_comes_outside_the_hours_but_a_revoked_pass_stays_revoked() -> None:
    assert shown(code(11), at=NIGHT).reason == "outside-hours"
    assert shown(code(99), at=NIGHT).reason == "revoked"
    assert shown(code(77), at=NIGHT).reason == "not-on-list"


def test_a_lost_phone_does_not_lock_out_who_also_has_a_card() -> None:
    held = PlaceList(snapshot(KEY, EIGHT, revoked=frozenset({15})))
    assert (shown(ByName("赵样", "0015"), held).reason, shown(ByName("赵样", "0015"), held).index) == ("on-list", 16)
    both = PlaceList(snapshot(KEY, EIGHT, revoked=frozenset({15, 16})))
    assert shown(ByName("赵样", "0015"), both).reason == "revoked"


def test_the_age_of_the_list_is_in_the_decision_and_never_below_zero() -> None:
    assert shown(code(11)).data_age == 3 * 3600
    assert shown(code(11), at=EIGHT - timedelta(hours=4)).data_age == 0


def test_every_reason_has_an_answer_and_words_in_both_languages() -> None:
    assert set(VERDICT_OF) == set(WORDS) == set(get_args(Reason))
    assert all(all(words) for words in WORDS.values())


def test_a_place_open_over_midnight_is_open_then() -> None:
    for opens, closes, hours in (
        ("22:00", "06:00", [22, 23, *range(6)]), ("06:00", "22:00", list(range(6, 22))),
        ("00:00", "24:00", list(range(24))), ("07:00", "07:00", list(range(24))),
        ("18:00", "24:00", list(range(18, 24))),
    ):  # fmt: skip
        held = PlaceList(snapshot(KEY, EIGHT, opens=opens, closes=closes))
        assert sorted(hours) == [h for h in range(24) if held.is_open(EIGHT + timedelta(hours=h - 8))]


def test_everybody_on_a_large_list_is_found_by_pass_and_by_name() -> None:
    people = tuple(Expected(i * 7919 % 100_003, f"人{i}", i % 2, str(i % 30), f"{i % 10000:04}") for i in range(5000))
    held = PlaceList(snapshot(KEY, EIGHT, people=people))
    assert len(held) == 5000
    for person in people:
        found = held.expects(person.index)
        assert found is not None
        assert (found.name, found.floor) == (person.name, person.floor)
        assert [p.index for p in held.named(person.name, person.id_tail)] == [person.index]
    assert held.expects(100_003) is None
