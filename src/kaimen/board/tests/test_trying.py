"""Rules of buildings before they hold: tried on what is known now, published by two, taken back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kaimen.board import colouring, rules_in_force, standing
from kaimen.board.actions import take_in
from kaimen.board.models import PlaceEvidence
from kaimen.board.tests.conftest import Say
from kaimen.colours.definitions import definition_in
from kaimen.kit import clock
from kaimen.register.models import Account, Area, Post
from kaimen.register.packs_in_force import pack
from kaimen.status import authorities, trying
from kaimen.status.models import Genesis, Proposal
from kaimen.status.refusals import Refused

pytestmark = pytest.mark.django_db(databases=["default", "events"])
Text = bytes


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """Everything here begins on Monday 16 March 2020 at 10:00."""
    with clock.frozen(datetime(2020, 3, 16, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def text(rules: object) -> Text:
    """The text in force: the pack's."""
    return definition_in(pack(), "building").text


@pytest.fixture
def unknowing(district: Area, post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch) -> Post:
    """A rule-keeper in a city whose rule-keepers may not know that somebody has a fever."""
    keeper = post("rule-keeper", district, "规三")
    monkeypatch.setattr("kaimen.register.access.granted", lambda post: frozenset({"status.keep_rules"}))
    return keeper


def tried(by: Post, text: Text) -> trying.Found:
    """What trying came to."""
    trial = trying.try_rules(by, "building", text)
    assert trial is not None
    assert trial.found is not None
    return trial.found


def test_the_same_text_changes_nothing_and_every_building_is_asked(keepers: list[Post], text: Text) -> None:
    found = tried(keepers[0], text)
    assert (dict(found.moves), found.where) == ({}, ())
    assert sum(found.counts.values()) == found.asked > 0


def test_buildings_that_would_change_are_named_with_their_group(
    keepers: list[Post], text: Text, inspected: Callable[..., PlaceEvidence]
) -> None:
    inspected("ferry-house", "minor")
    stricter = text.replace(b"rule: minor-problems\n    colour: yellow", b"rule: minor-problems\n    colour: red")
    assert stricter != text
    found = tried(keepers[0], stricter)
    assert dict(found.moves) == {("yellow", "red"): 1}
    (group,) = found.where
    assert group.named == {("yellow", "red"): ("渡口大厦",)}
    assert not standing.in_force(clock.now()), "trying writes nothing"


def test_who_may_not_know_of_a_fever_cannot_ask_for_it_by_a_rule(
    unknowing: Post, text: Text, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(say("ferry-house", "fever-report", {"fever_reported": True}))
    prying = text.replace(b"rule: fever-open\n    colour: red", b"rule: fever-open\n    colour: yellow")
    found = tried(unknowing, prying)
    assert dict(found.moves) == {("red", "yellow"): 1}
    assert found.withheld
    assert found.where == ()


@pytest.mark.parametrize(
    ("written", "meant", "said"),
    [
        (b"inspection_overdue: {type: boolean", b"inspection_overdue: {type: integer", "另一"),
        (b"  fever_unresolved: {type", b"  fever_total: {type", "fever_total"),
        (b"subject: place", b"subject: person", "facts"),
        (b"zone: Asia/Shanghai", b"zone: Asia/Tokyo", "Asia/Shanghai"),
    ],
)
def test_a_text_this_city_cannot_judge_by_is_refused_before_anybody_signs(
    keepers: list[Post], text: Text, written: bytes, meant: bytes, said: str
) -> None:
    assert written in text
    with pytest.raises(Refused) as refused:
        authorities.propose_rules(keepers[0], "building", text.replace(written, meant), clock.now())
    assert refused.value.field == "text"
    assert not Proposal.objects.filter(proposed_by=keepers[0], text__gt=b"").exists()


def test_two_publish_rules_of_buildings_they_hold_from_their_time_and_are_taken_back(
    genesis: Genesis, keepers: list[Post], text: Text, rules: Callable[..., None], inspected: Callable[..., Any]
) -> None:
    inspected("ferry-house", "minor")
    colouring.recolour()
    assert standing.now()["ferry-house"].colour == "yellow"
    stricter = text.replace(b"rule: minor-problems\n    colour: yellow", b"rule: minor-problems\n    colour: red")
    begins = clock.now() + timedelta(hours=1)
    rules(stricter, begins)
    colouring.recolour()
    assert standing.now()["ferry-house"].colour == "yellow", "not before its time"
    with clock.frozen(begins + timedelta(minutes=1)):
        colouring.recolour()
        assert standing.now()["ferry-house"].colour == "red"
        rules(text, clock.now())
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            colouring.recolour()
            assert standing.now()["ferry-house"].colour == "yellow"
            assert rules_in_force.definition(clock.now()).text == text


def test_the_desk_shows_buildings_and_colours(
    keepers: list[Post], text: Text, inspected: Callable[..., PlaceEvidence]
) -> None:
    inspected("ferry-house", "minor")
    account, _new = Account.objects.get_or_create(person=keepers[0].person, defaults={"username": "keeper"})
    browser = Client(headers={"accept-language": "zh-hans"})
    browser.force_login(account)
    stricter = text.replace(b"rule: minor-problems\n    colour: yellow", b"rule: minor-problems\n    colour: red")
    answer = browser.post(
        "/authorities/rules/building/", {"text": stricter.decode(), "since": "2030-03-17T08:00", "try": "1"}
    )
    assert answer.status_code == 200, answer.context["form"].errors
    shown = answer.content.decode()
    for words in ("栋楼会变色", "渡口大厦", "情况复杂", "问题突出"):
        assert words in shown
