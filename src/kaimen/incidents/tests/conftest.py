"""A gate that presses, and the offices over it."""

from collections.abc import Callable

import pytest

from conftest import MakePost
from kaimen.gate.models import Pass
from kaimen.gate.tests.conftest import MONDAY, PaperNode, ferry_house, monday_morning, node, send
from kaimen.incidents import actions
from kaimen.kit import clock
from kaimen.register.models import Area, Employment, Organisation, Person, Place, Post

__all__ = ["MONDAY", "PaperNode", "ferry_house", "monday_morning", "node", "send"]

FEVER = {"reason": "fever", "reasons": ("fever",), "verdict": "desk", "temperature": 379}
REFUSED = {"reason": "colour-refused", "reasons": ("colour-refused",), "verdict": "refuse"}


@pytest.fixture
def somebody(firm: Organisation, ferry_house: Place, district: Area) -> Person:
    """Who works in Ferry House and holds pass 7."""
    person = Person.objects.create(name="宋小渡", given_name="小渡", area=district)
    Employment.objects.create(person=person, organisation=firm, name=person.name, place=ferry_house, floor="3")
    Pass.objects.create(person=person, index=7, expires=MONDAY.replace(year=2021))
    return person


@pytest.fixture
def officer(post: MakePost, ferry_house: Place) -> Post:
    """The grid officer of Ferry House."""
    return post("grid-officer", ferry_house.area, name="管一程")


@pytest.fixture
def health(post: MakePost, district: Area) -> Post:
    """The health office's officer on duty."""
    return post("health-officer", district, name="卫一值")


@pytest.fixture
def team(post: MakePost, district: Area) -> Post:
    """The response team."""
    return post("response-team", district, name="处一置")


@pytest.fixture
def called(node: PaperNode, send: Callable[[bytes], object]) -> Callable[..., None]:
    """`called(...)`: the gate decides so, the entry arrives, the worker's second passes."""

    def call(**about: object) -> None:
        node.enter(clock.now(), **about)
        send(node.batch())
        actions.answer_calls()

    return call
