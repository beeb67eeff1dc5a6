"""The node keeper's pages, and what a manager sees of them."""

import pytest

from kaimen.gate import snapshots
from kaimen.gate.models import NodeInvitation, NodeRevoked
from kaimen.gate.tests.conftest import text
from kaimen.register.models import Place

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def test_a_node_keeper_makes_a_code_that_is_shown_once(signed_in_as, ferry_house):
    keeper = signed_in_as("node-keeper")
    answer = keeper.post("/gates/nodes/invite/", {"name": "大堂", "places": [ferry_house.pk]})
    assert NodeInvitation.objects.get().name == "大堂"
    assert "kaimen-gate enrol" in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert "kaimen-gate enrol" not in text(keeper.get("/gates/nodes/invite/"))


def test_an_invitation_without_a_place_is_asked_again(signed_in_as, ferry_house):
    assert signed_in_as("node-keeper").post("/gates/nodes/invite/", {"name": "大堂"}).status_code == 422


def test_a_node_is_taken_out_of_service_with_a_reason(signed_in_as, node):
    keeper = signed_in_as("node-keeper")
    assert "停用" in text(keeper.get("/gates/"))
    keeper.post(f"/gates/nodes/{node.id}/revoke/", {"reason": "stolen"})
    assert NodeRevoked.objects.get().reason == "stolen"
    assert "已吊销" in text(keeper.get("/gates/"))


def test_a_manager_sees_the_gates_but_invites_no_node(signed_in_as, ferry_house):
    manager = signed_in_as("building-manager")
    assert manager.get("/gates/").status_code == 200
    assert manager.get("/gates/nodes/invite/").status_code == 403


def test_a_gate_whose_chain_contradicted_itself_says_so(signed_in_as, node, send, client):
    node.enter()
    send(node.batch())
    node.chain.clear()
    node.enter(index=8)
    send(node.batch())
    assert "一钥两盘" in text(signed_in_as("node-keeper").get("/gates/"))


def test_every_place_of_the_pack_with_a_profile_has_one(district, template_pack):
    for place in Place.objects.exclude(profile=""):
        assert snapshots.profile_of(place).slug == place.profile
