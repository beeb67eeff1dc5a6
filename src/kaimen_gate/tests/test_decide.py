"""The decision: one answer for each reason, in the order that docs/reference/node.md gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaimen.kit.ids import new_id
from kaimen.kit.keys import SigningKey
from kaimen.passes import issue
from kaimen_gate.colour_proof import ColourList
from kaimen_gate.decide import ByCode, ByName, Decision, Held, Scan
from kaimen_gate.decide import decide as decided
from kaimen_gate.memory import Memory
from kaimen_gate.place_list import PlaceList
from kaimen_gate.reasons import BUILT_IN, WORDS
from kaimen_gate.reports import REPORTS
from kaimen_gate.standard_rules import standard_rules
from kaimen_gate.tests.colour_world import of
from kaimen_gate.tests.fake_centre import PLACE, snapshot, with_rules
from kaimen_gate.wire import Direction, Expected, NotWire, Verdict, read_snapshot, write_snapshot

KEY, STRANGER = SigningKey.generate(), SigningKey.generate()
EIGHT = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
NIGHT = EIGHT - timedelta(hours=5)
HELD = PlaceList(snapshot(KEY, EIGHT - timedelta(hours=3)))


def decide(scan: Scan, held: PlaceList | None, at: datetime, colours: ColourList | None = None) -> Decision:
    """The decision of a gate that remembers nothing."""
    return decided(scan, Held(held, colours), at, Memory())


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
    ("what", "verdict", "reason", "index"),
    [
        (code(11), "enter", "on-list", 11),
        (code(77), "desk", "not-on-list", 77),
        (code(99), "refuse", "revoked", 99),
        (code(11, days=-1), "refuse", "expired", 11),
        (code(11, STRANGER), "refuse", "unknown-key", None),
        (ByCode("https://example.org"), "refuse", "not-a-pass", None),
        (ByName("王样", "000X"), "enter", "on-list", 11),
        (ByName(" 王 样 ", "000x"), "enter", "on-list", 11),
        (ByName("zhang yang", "0014"), "enter", "on-list", 14),
        (ByName("Ｚｈａｎｇ·Ｙａｎｇ", "００14"), "enter", "on-list", 14),
        (ByName("王样", "0001"), "desk", "not-on-list", None),
        (ByName("李样", "0012"), "desk", "two-people", None),
        (ByName("赵样", "0015"), "enter", "on-list", 15),
    ],
)
def test_each_reason_is_given_for_what_deserves_it(
    what: ByCode | ByName, verdict: str, reason: str, index: int | None
) -> None:
    decision = shown(what)
    assert (decision.reason, decision.index, decision.verdict) == (reason, index, verdict)
    assert decision.reasons[0] == reason


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


def test_every_reason_of_the_node_itself_has_words_in_both_languages() -> None:
    said = {*BUILT_IN, *REPORTS.values(), *(rule.reason for rule in standard_rules())}
    assert said == set(WORDS)
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


DAY = 86_400
NAMES = ("green", "red", "yellow")
BY_COLOUR: tuple[tuple[str, Verdict, str], ...] = (
    ("colours-old", "desk", "colours_age >= 24"), ("colour-refused", "refuse", "colour = 'red'"),
    ("colour-desk", "desk", "colour in ('yellow')"),
)  # fmt: skip
LENIENT: tuple[tuple[str, Verdict, str], ...] = (("colour-refused", "refuse", "colour = 'red' and colours_age < 24"),)
COLOURED = PlaceList(snapshot(KEY, EIGHT - timedelta(hours=3), colours=NAMES, rules=with_rules(*BY_COLOUR)))
COLOURS = ColourList(of({11: 1, 12: 2, 77: 1}), EIGHT - timedelta(hours=5), 100, {})


def by_colour(index: int, held: PlaceList = COLOURED, colours: ColourList | None = COLOURS, **more: Any) -> Decision:
    """The decision on a pass, with colours."""
    return decide(Scan(new_id(), PLACE, more.pop("direction", "in"), code(index)), held, EIGHT, colours)


def test_a_colour_decides_by_the_rule_of_the_place_and_after_everything_else() -> None:
    assert [by_colour(index).reason for index in (11, 12, 13)] == ["colour-refused", "colour-desk", "on-list"]
    assert by_colour(77).reason == "not-on-list"
    closed = PlaceList(snapshot(KEY, EIGHT, colours=NAMES, rules=with_rules(*BY_COLOUR), opens="09:00"))
    assert by_colour(11, closed).reason == "outside-hours"
    assert by_colour(11).data_age == 5 * 3600  # of the older of the two lists


def test_a_place_that_asks_for_no_colour_and_a_node_that_holds_none_decide_without() -> None:
    assert by_colour(11, HELD).reason == by_colour(11, COLOURED, None).reason == "on-list"
    assert by_colour(11, HELD).data_age == 3 * 3600


def test_colours_that_are_too_old_refuse_nobody() -> None:
    old = replace(COLOURS, as_of=EIGHT - timedelta(seconds=DAY + 1))
    assert {by_colour(index, colours=old).reason for index in (11, 12, 13)} == {"colours-old"}
    assert by_colour(11, colours=old).verdict == "desk"
    lenient = PlaceList(snapshot(KEY, EIGHT, colours=NAMES, rules=with_rules(*LENIENT)))
    assert by_colour(11, lenient, old).reason == "on-list"


def test_leaving_is_never_bound_to_a_colour() -> None:
    assert [by_colour(index, direction="out").reason for index in (11, 12)] == ["left", "left"]


@pytest.mark.parametrize(
    "when", ["not (colour = 'red')", "colour <> 'red'", "colour is null", "colour not in ('red', 'yellow')",
             "listed and not (colour in ('red') or not open)", "'red' <> colour"]
)  # fmt: skip
def test_the_usual_colour_never_shuts_a_door(when: str) -> None:
    signed = write_snapshot(snapshot(KEY, EIGHT, colours=NAMES, rules=with_rules(("shut", "refuse", when))), KEY)
    with pytest.raises(NotWire, match="usual colour"):
        PlaceList(read_snapshot(signed, KEY.public))
