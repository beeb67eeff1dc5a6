"""What a pack may let gates do by colour, and what a node that asks for colours is answered."""

import copy
from inspect import unwrap

import pytest
from django.test import RequestFactory

from kaimen.gate import api, colour_lists, snapshots
from kaimen.gate.definitions import SCHEMA, GateProfile, _profiles, _unknown_colours
from kaimen.packs import Found, Pack
from kaimen.register.models import Place


def test_a_profile_without_colour_asks_for_none(template_pack: Pack):
    data = copy.deepcopy(template_pack.data["gates/office-building.yaml"])
    del data["colour"]
    (profile,) = _profiles(Found("gates/office-building.yaml", "office-building", data))
    assert profile.colour is None


def test_the_templates_gates_act_on_colours_people_can_have(template_pack: Pack):
    colour = template_pack.one(GateProfile).colour
    assert colour is not None
    assert (dict(colour.answers), colour.old) == ({"red": "refuse", "yellow": "desk"}, "desk")
    assert list(_unknown_colours(template_pack)) == []


@pytest.mark.parametrize(
    "colour",
    [
        {"answers": {"red": "enter"}, "old": {"after": "PT24H", "then": "desk"}},
        {"answers": {"red": "refuse"}, "old": {"after": "PT24H", "then": "refuse"}},
        {"answers": {}, "old": {"after": "PT24H", "then": "desk"}},
        {"answers": {"red": "refuse"}},
    ],
)
def test_the_schema_refuses_old_data_that_refuse_and_colours_that_say_nothing(template_pack: Pack, colour):
    from jsonschema import Draft202012Validator

    data = template_pack.data["gates/office-building.yaml"] | {"colour": colour}
    assert not Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.django_db
def test_without_an_activation_no_list_asks_for_colours_and_none_is_served(district):
    place = Place.objects.get(code="ferry-house")
    assert snapshots.snapshot_of(place).colours is None
    assert colour_lists.newest(["court.example/w"], 1, 0) is None


@pytest.mark.parametrize(
    "query", ["", "?witness=a", "?quorum=1", "?witness=a&quorum=x", f"?quorum=1{'&witness=a' * 33}"]
)
def test_a_question_that_names_nobody_is_answered_in_words(query):
    view = unwrap(api.colours)  # behind the node’s signature
    answer = view(RequestFactory().get(f"/api/gate/colours/0{query}"), None, newer_than=0)
    assert answer.status_code == 400
    assert b"quorum=1" in answer.content
