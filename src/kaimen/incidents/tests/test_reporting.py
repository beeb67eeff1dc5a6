"""The guard's one press on the scan page: what the node is asked, and what the guard reads."""

from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from kaimen.gate import asking_nodes
from kaimen.gate.asking_nodes import Answer, NodeRefused, NodeSilent, State
from kaimen.incidents.tests.conftest import MONDAY
from kaimen.incidents.tests.test_pages import browser, text

pytestmark = pytest.mark.django_db(databases=["default", "events"])
AFTER = UUID("0195a3c4-7e10-7c3a-9d52-3a1b5c7d9e0f")
AT = "/gates/ferry-house/report/"
DISPUTED = Answer("desk", "disputed", {"en": "The response team is called"}, {}, "", {}, "", MONDAY, 5)


@pytest.fixture
def guard(post, ferry_house):
    return browser(post("guard", ferry_house))


@pytest.fixture
def said(monkeypatch):
    """What the node was asked; it answers that a dispute is written down, and is online."""
    asked = []

    def decide(scan, place, direction, shown):
        asked.append((scan, place, direction, dict(shown)))
        return DISPUTED

    monkeypatch.setattr(asking_nodes, "decide", decide)
    monkeypatch.setattr(asking_nodes, "state", lambda place: State(True, 9, 0, MONDAY, 9, MONDAY))
    return asked


def test_pressed_twice_the_node_is_asked_the_same_scan(guard, said):
    for _ in range(2):
        page = text(guard.post(AT, {"report": "dispute", "after": str(AFTER)}, headers={"Kaimen-Part": "verdict"}))
    assert "The response team has it now" in page
    press = (uuid5(AFTER, "dispute"), "ferry-house", "in", {"report": "dispute", "after": str(AFTER)})
    assert said == [press, press]


def test_a_fever_of_nobody_scanned_carries_the_page_s_own_id(guard, said):
    guard.post(AT, {"report": "fever", "scan": str(AFTER)})
    assert said == [(AFTER, "ferry-house", "in", {"report": "fever"})]


def test_with_the_network_down_the_guard_is_told_to_telephone(guard, said, monkeypatch):
    off = State(False, 9, 3, MONDAY - timedelta(hours=1), 9, MONDAY)
    monkeypatch.setattr(asking_nodes, "state", lambda place: off)
    page = text(guard.post(AT, {"report": "dispute", "after": str(AFTER)}))
    assert "Telephone them now" in page
    assert "has it now" not in page


@pytest.mark.parametrize("form", [
    {}, {"report": "cough", "after": str(AFTER)}, {"report": "dispute"}, {"report": "dispute", "scan": str(AFTER)},
    {"report": "fever"}, {"report": "fever", "after": "x"},
])  # fmt: skip
def test_what_no_button_sends_is_not_there(guard, said, form):
    assert guard.post(AT, form).status_code == 404
    assert said == []


def test_at_another_building_s_gate_a_guard_presses_nothing(guard, said):
    assert guard.post("/gates/lamp-tower/report/", {"report": "fever", "scan": str(AFTER)}).status_code == 404


@pytest.mark.parametrize(("error", "status"), [(NodeSilent("x"), 503), (NodeRefused("too long ago", "scan"), 400)])
def test_a_node_that_does_not_write_it_down_says_so_and_can_be_asked_again(guard, monkeypatch, error, status):
    def decide(*_asked):
        raise error

    monkeypatch.setattr(asking_nodes, "decide", decide)
    answer = guard.post(AT, {"report": "fever", "after": str(AFTER)})
    assert answer.status_code == status
    assert f'action="{AT}"' in text(answer)
    assert str(AFTER) in text(answer)
