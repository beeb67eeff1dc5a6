"""What a log says of buildings follows from signed evidence, published rules and named facts, or an alarm is raised."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kaimen.colours import leaves, statements
from kaimen.colours.definitions import read_text
from kaimen.colours.moments import DAY, HOUR, MINUTE
from kaimen.colours.replay import Replay
from kaimen.colours.statements import AccreditationEnd
from kaimen.colours.terms import digest_of
from kaimen.colours.tests.board import DUE, OWN, SERIOUS, WELL, Board, alarms, lived
from kaimen.colours.tests.test_definitions import BUILDING
from kaimen.colours.tests.world import POSITIVE
from kaimen.kit.keys import SigningKey


def test_an_honest_board_raises_no_alarm_whatever_happens() -> None:
    board = lived()
    board.now += HOUR
    board.inspect("reed-court", {"fever_handled": True}, "fever-resolved")
    board.inspect("ferry-house")
    board.recolour()
    board.freeze()
    board.now += 2 * DAY  # what was seen has run out
    board.recolour()
    report = board.replay()
    assert [str(one) for one in report.alarms] == []
    assert {code: held[0] for code, held in board.held.items()} == {
        "ferry-house": "yellow", "reed-court": "yellow", "lamp-tower": "",
    }  # fmt: skip


def test_new_rules_and_a_key_that_ended_raise_none_either() -> None:
    board = lived()
    other = BUILDING.replace(b"value: 2", b"value: 3")
    board.rules = read_text("status/building.yaml", other)
    board.publish_rules(other, status="building")
    board.now += MINUTE
    board.recolour()
    end = AccreditationEnd(
        board.genesis, board.new_id(), board.now, board.office.accreditation, board.now - 90 * MINUTE
    )
    board.log(leaves.accreditation_ended(statements.sign(end, *board.two())))
    board.said = {code: [] for code in board.said}
    board.recolour()
    assert alarms(board) == []


def test_a_red_without_evidence_is_found() -> None:
    board = lived()
    board.colour("lamp-tower", board.now, "red", 2)
    assert alarms(board) == ["colour-underived"]


def test_a_red_with_evidence_that_nobody_signed_is_found() -> None:
    board = lived()
    board.colour("lamp-tower", board.now, "red", 2, facts={**OWN, **SERIOUS, "inspection_overdue": False})
    assert alarms(board) == ["fact-false"]


def test_a_fever_that_was_never_reported_is_found() -> None:
    board = lived()
    board.colour("lamp-tower", board.now, "red", 1, facts={**OWN, "fever_unresolved": 1})
    assert alarms(board) == ["fact-false"]


@pytest.mark.parametrize(
    ("key", "other"),
    [
        (SigningKey.generate(), {}),
        (None, {"source": "cdc"}),
        (None, {"of": "test", "says": POSITIVE}),
        (None, {"until": 20 * DAY}),
        (None, {"made": 1, "seen": 1}),
    ],
    ids=["another key", "another source", "not its kind", "for ever", "back-dated"],
)
def test_evidence_that_should_never_have_been_taken_in_is_found_and_counts_nothing(
    key: SigningKey | None, other: dict[str, Any]
) -> None:
    board = lived()
    until = {"until": board.now + other.pop("until")} if "until" in other else {}
    said = replace(board.found("lamp-tower", "inspection", SERIOUS), **other, **until)
    board.log(leaves.place_evidence(statements.sign(said, key or board.office.key)))
    assert alarms(board) == ["evidence-refused"]
    board.colour("lamp-tower", board.now, "red", 2, facts={**OWN, **SERIOUS, "inspection_overdue": False})
    assert alarms(board) == ["evidence-refused", "fact-false"]


def test_one_statement_is_heard_once() -> None:
    board = lived()
    envelope = statements.sign(board.said["ferry-house"][0], board.office.key)
    board.log(leaves.place_evidence(envelope))
    assert alarms(board) == ["evidence-twice"]


def test_rules_that_two_authorities_did_not_publish_give_no_colour() -> None:
    board = lived()
    rules = digest_of(BUILDING + b"# mine\n")
    board.colour("lamp-tower", board.now, "red", 2, rules=rules)
    assert alarms(board) == ["colour-underived"]


def test_without_published_rules_there_is_neither_evidence_nor_colour() -> None:
    board = lived()
    published = next(n for n, data in enumerate(board.leaves) if _is_of_buildings(data))
    del board.leaves[published], board.openings[published]
    assert {"colour-underived", "evidence-refused"} <= set(alarms(board))


def _is_of_buildings(data: bytes) -> bool:
    leaf = leaves.read(data)
    return leaf.kind == "rules-published" and leaf.public["status"] == "building"


def test_a_colour_that_evidence_decides_cannot_be_kept_back_while_others_change() -> None:
    board = lived()
    kept = board.held
    board.inspect("lamp-tower", SERIOUS)
    board.now += MINUTE
    board.held = {**kept, "lamp-tower": ("red", 2, board.rules.digest)}  # as if it had been logged
    board.recolour()
    assert alarms(board) == []  # nothing else changed: judging left no trace
    board.inspect("ferry-house")
    board.recolour()
    board.inspect("ferry-house", SERIOUS)
    board.now += MINUTE
    board.recolour()
    assert alarms(board) == ["colour-missing"]


def test_a_change_that_does_not_follow_the_one_before_is_found() -> None:
    board = lived()
    board.inspect("ferry-house")
    board.held["ferry-house"] = ("green", 7, b"")
    board.recolour()
    assert alarms(board) == ["colour-out-of-order"]


def test_an_old_judgement_cannot_be_written_today() -> None:
    board = lived()
    board.now += DAY
    board.colour("lamp-tower", board.now - DAY, "", 0)
    assert "colour-underived" in alarms(board)


def test_a_colour_of_a_building_in_a_leaf_for_people_is_no_way_round() -> None:
    board = lived()
    said = board.found("lamp-tower", "inspection", SERIOUS)
    board.log(leaves.of_source(statements.sign(said, board.office.key)))
    assert alarms(board) == ["evidence-refused"]


def _green(said: dict[str, Any]) -> None:
    said["buildings"][0][1:3] = ["green", 7]


def _harmless(said: dict[str, Any]) -> None:
    said["buildings"][0] = ["ferry-house", "green", 7, {**OWN, **WELL, "inspection_overdue": False}]


def _earlier(said: dict[str, Any]) -> None:
    said["due"] -= HOUR


def _before_there_were_rules(said: dict[str, Any]) -> None:
    said |= {"due": said["due"] - DAY, "rules": None, "buildings": [[one[0], "", 0, {}] for one in said["buildings"]]}


def _by_other_rules(said: dict[str, Any]) -> None:
    said["rules"] = b"r" * 32


@pytest.mark.parametrize(
    ("change", "alarm"),
    [
        (_green, "picture-underived"),
        (_harmless, "fact-false"),
        (_earlier, "picture-underived"),
        (_by_other_rules, "picture-underived"),
        (_before_there_were_rules, "picture-underived"),
    ],
)
def test_a_picture_that_was_altered_before_it_was_signed_is_found(
    change: Callable[[dict[str, Any]], None], alarm: str
) -> None:
    board = lived()
    board.freeze(change)
    assert alarms(board) == [alarm]


def test_a_day_has_one_picture_and_it_is_the_one_in_the_log() -> None:
    board = lived()
    data = board.freeze()
    replay = Replay(board.genesis, board.objects.get)
    replay.take_all(board.logged())
    assert replay.picture(data)
    assert not replay.picture(data.replace(b"ferry-house", b"ferry-hause"))
    assert not replay.picture(b"no picture")
    assert {one.kind for one in replay.report().alarms} == {"picture-unlogged"}
    board.freeze()
    assert alarms(board) == ["picture-second"]


def test_the_rules_say_when_the_picture_freezes() -> None:
    board = Board(8, BUILDING.replace(b'at: "22:00"', b'at: "21:00"'))
    board.inspect("ferry-house")
    board.recolour()
    board.freeze(_earlier)
    assert alarms(board) == []


def test_rules_that_take_effect_during_a_day_do_not_move_its_evening() -> None:
    board = lived()
    other = BUILDING.replace(b'at: "22:00"', b'at: "21:00"')
    board.now = board.beginning + DUE - 30 * MINUTE
    board.rules = read_text("status/building.yaml", other)
    board.publish_rules(other, status="building")
    board.recolour()
    board.freeze()
    board.freeze(_earlier, evening=1)
    assert alarms(board) == []
    board.freeze(evening=2)
    assert "picture-underived" in alarms(board)


def test_a_time_beyond_all_days_is_an_alarm_and_no_crash() -> None:
    board = lived()
    last = 253_402_300_799_999
    board.log(leaves.snapshot("9999-12-31", b"d" * 32, {"status": "building", "due": last, "rules": None,
                                                         "buildings": []}), at=last)  # fmt: skip
    assert "picture-underived" in alarms(board)


def test_a_board_hides_no_colour_of_people() -> None:
    report = lived().replay()
    assert report.colours.keys() == {"person"}
    assert len(report.lists) == 1


def test_no_commitment_no_colour() -> None:
    board = lived()
    board.openings[-1 - next(n for n, data in enumerate(reversed(board.leaves)) if b"place-colour" in data)] = None
    assert alarms(board) == ["opening-missing"]
