"""What a pack may let gates do by colour, and what a node that asks for colours is answered."""

import copy
from dataclasses import replace
from inspect import unwrap
from typing import Any

import pytest
from django.test import RequestFactory

from kaimen.gate import api, colour_lists, snapshots
from kaimen.gate.definitions import GateProfile, _profiles, _unknown_colours
from kaimen.packs import Found, Pack, Wrong
from kaimen.register.models import Place


def with_rule(pack: Pack, when: str) -> dict[str, Any]:
    """The template's profile with one more rule in front."""
    data: dict[str, Any] = copy.deepcopy(pack.data["gates/office-building.yaml"])
    data["rules"].insert(0, {"reason": "colour-refused", "answer": "refuse", "when": when})
    return data


def test_the_templates_gates_act_on_colours_people_can_have(template_pack: Pack):
    assert {colour for _, colour in template_pack.one(GateProfile).colours_named()} == {"red", "yellow"}
    assert list(_unknown_colours(template_pack)) == []


@pytest.mark.parametrize("colour", ["green", "blue"])
def test_a_gate_acts_on_no_colour_that_nobody_or_everybody_has(template_pack: Pack, colour: str):
    data = with_rule(template_pack, f"colour = '{colour}' and vehicle")
    (profile,) = _profiles(Found("gates/office-building.yaml", "office-building", data))
    others = tuple(one for one in template_pack.definitions if not isinstance(one[1], GateProfile))
    pack = replace(template_pack, definitions=(*others, ("gates/office-building.yaml", profile)))
    ((_, wrong),) = _unknown_colours(pack)
    assert repr(colour) in str(wrong.what)


@pytest.mark.parametrize("when", ["not (colour = 'red')", "colour <> 'red'", "colour is null"])
def test_a_gate_never_acts_on_somebody_for_having_no_colour(template_pack: Pack, when: str):
    with pytest.raises(Wrong, match="usual colour"):
        list(_profiles(Found("gates/office-building.yaml", "office-building", with_rule(template_pack, when))))


@pytest.mark.django_db
def test_without_an_activation_no_list_asks_for_colours_and_none_is_served(district):
    place = Place.objects.get(code="ferry-house")
    assert snapshots.snapshot_of(place).colours == ()
    assert colour_lists.newest(["court.example/w"], 1, 0) is None


@pytest.mark.parametrize(
    "query", ["", "?witness=a", "?quorum=1", "?witness=a&quorum=x", f"?quorum=1{'&witness=a' * 33}"]
)
def test_a_question_that_names_nobody_is_answered_in_words(query):
    view = unwrap(api.colours)  # behind the node’s signature
    answer = view(RequestFactory().get(f"/api/gate/colours/0{query}"), None, newer_than=0)
    assert answer.status_code == 400
    assert b"quorum=1" in answer.content
