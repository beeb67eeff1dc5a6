"""A node enrols once, with a code; asks for lists with its signature; is revoked."""

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kaimen.gate import actions, enrolment, snapshots
from kaimen.gate.models import Node, NodeInvitation, NodeRevoked
from kaimen.gate.tests.conftest import MONDAY
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.access import NotAllowed
from kaimen.register.models import Employment, Person, Place
from kaimen_gate import wire
from kaimen_gate.wire_notice import read_notice

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def knock(client: Client, code: str, key: SigningKey, more: dict[str, object] | None = None):
    said = {"code": code, "public_key": base64.b64encode(key.public.raw).decode(), "name": ""} | (more or {})
    return client.post("/api/gate/nodes", said, content_type="application/json")


@pytest.fixture
def code(ferry_house):
    return enrolment.invite_node(None, "B 门", [ferry_house])


def test_a_node_is_told_how_far_each_of_its_chains_arrived(node, send, client):
    said = client.get("/api/gate/lists", headers=node.asks("/api/gate/lists")).json()
    assert said["acknowledged"] == {}
    node.enter()
    node.enter()
    send(node.batch())
    headers = node.asks("/api/gate/lists", clock.now() + timedelta(seconds=1))
    assert client.get("/api/gate/lists", headers=headers).json()["acknowledged"] == {"1": 2}


def test_a_node_enrols_with_a_code_and_learns_its_places_and_whom_to_believe(client, code):
    answer = knock(client, code, SigningKey.generate())
    assert answer.status_code == 201
    assert answer.json()["places"] == ["ferry-house"]
    assert base64.b64decode(answer.json()["centre_key"]) == SigningKey.kept_at(enrolment_keys()).public.raw
    assert Node.objects.get().name == "B 门"


def test_the_code_may_be_typed_carelessly(client, code):
    assert knock(client, code.lower().replace("-", " "), SigningKey.generate()).status_code == 201


def test_a_code_enrols_one_node_only(client, code):
    knock(client, code, SigningKey.generate())
    assert knock(client, code, SigningKey.generate()).status_code == 403
    assert Node.objects.count() == 1


def test_a_node_that_lost_the_answer_asks_again_with_the_same_key(client, code):
    key = SigningKey.generate()
    first = knock(client, code, key).json()
    assert knock(client, code, key).json() == first


def test_a_code_grows_old(client, code):
    with clock.frozen(MONDAY + timedelta(days=2)):
        assert knock(client, code, SigningKey.generate()).status_code == 403


def test_only_the_hash_of_a_code_is_kept(code):
    assert code.replace("-", "").encode() not in bytes(NodeInvitation.objects.get().code_digest)


def test_a_key_enrols_once(client, code, ferry_house):
    key = SigningKey.generate()
    knock(client, code, key)
    second = enrolment.invite_node(None, "C 门", [ferry_house])
    assert knock(client, second, key).status_code == 409


@pytest.mark.parametrize(
    "said",
    [{"public_key": "AAAA"}, {"public_key": "§"}, {"public_key": None}, {"code": 7}, {"name": "x" * 61}, {"name": 1}],
    ids=str,
)
def test_an_enrolment_that_is_none_is_refused_in_words(client, code, said):
    answer = knock(client, code, SigningKey.generate(), said)
    assert (answer.status_code, bool(answer.json()["remedy"])) == (400, True)


@pytest.mark.parametrize("body", ["", "[]", "7", "{", '{"code": "X"}', "null", "[" * 4000, '{"a":' * 800])
def test_rubbish_is_no_enrolment(client, district, body):
    assert client.post("/api/gate/nodes", body, content_type="application/json").status_code == 400


def test_only_a_node_keeper_invites(post, district, ferry_house):
    assert enrolment.invite_node(post("node-keeper", district), "B", [ferry_house])
    with pytest.raises(NotAllowed):
        enrolment.invite_node(post("guard", ferry_house), "B", [ferry_house])


def test_a_node_fetches_its_list_signed_by_the_centre(client, node, firm, ferry_house):
    staff = [Employment.objects.create(person=Person.objects.create(name=n), organisation=firm, place=ferry_house,
             name=n, id_tail="1234", floor="3") for n in ("何以宁", "周子澄")]  # fmt: skip
    actions.take_in_staff(firm, [one.pk for one in staff])
    numbers = client.get("/api/gate/lists", headers=node.asks("/api/gate/lists")).json()["lists"]
    answer = client.get("/api/gate/lists/ferry-house", headers=node.asks("/api/gate/lists/ferry-house"))
    centre = SigningKey.kept_at(enrolment_keys()).public
    snapshot = wire.read_snapshot(answer.content, centre)
    assert snapshot.version == numbers["ferry-house"]
    assert {one.name for one in snapshot.people} == {"何以宁", "周子澄"}
    assert snapshot.organisations == (("云汀渡船厂", "Yunting Ferry Works", True),)
    assert snapshot.words["on-list"][1] == "On today’s list"
    assert answer["Cache-Control"] == "no-store"


def enrolment_keys():
    from django.conf import settings

    return settings.KEYS / "centre"


def test_a_request_heard_before_is_a_replay(client, node):
    headers = node.asks("/api/gate/lists")
    assert client.get("/api/gate/lists", headers=headers).status_code == 200
    assert client.get("/api/gate/lists", headers=headers).status_code == 401


def test_a_signature_for_one_address_opens_no_other(client, node):
    headers = node.asks("/api/gate/lists")
    assert client.get("/api/gate/lists/ferry-house", headers=headers).status_code == 401


def test_a_request_made_long_ago_is_refused_and_told_the_time(client, node):
    answer = client.get("/api/gate/lists", headers=node.asks("/api/gate/lists", MONDAY - timedelta(minutes=3)))
    assert answer.status_code == 401
    assert "2020-03-16" in answer.json()["error"]


def test_a_fast_drill_is_allowed_to_drift_further(client, node, monkeypatch):
    monkeypatch.setattr(clock, "speed", lambda: 20.0)
    headers = node.asks("/api/gate/lists", MONDAY - timedelta(minutes=30))
    assert client.get("/api/gate/lists", headers=headers).status_code == 200


def test_a_forged_signature_is_refused(client, node):
    headers = node.asks("/api/gate/lists", key=SigningKey.generate())
    assert client.get("/api/gate/lists", headers=headers).status_code == 401


def test_a_request_without_signature_is_refused(client, district):
    assert client.get("/api/gate/lists").status_code == 401


def test_a_time_without_a_zone_is_refused(client, node):
    headers = node.asks("/api/gate/lists", MONDAY.replace(tzinfo=None))
    assert client.get("/api/gate/lists", headers=headers).status_code == 401


def test_a_revoked_node_gets_no_lists(client, node):
    enrolment.revoke_node(None, Node.objects.get(), "stolen")
    answer = client.get("/api/gate/lists", headers=node.asks("/api/gate/lists"))
    assert answer.status_code == 401
    notice = base64.b64decode(answer.json()["notice"])
    assert read_notice(notice, node.id, snapshots.centre_key().public) == clock.now()


def test_only_a_node_that_was_revoked_gets_a_notice(client, node):
    stranger = node.asks("/api/gate/lists", key=SigningKey.generate())
    assert "notice" not in client.get("/api/gate/lists", headers=stranger).json()


def test_a_node_gets_no_list_of_a_place_where_it_does_not_stand(client, node):
    path = "/api/gate/lists/lamp-tower"
    assert client.get(path, headers=node.asks(path)).status_code == 404


def test_the_wrong_method_is_answered_in_words(client, district):
    assert client.get("/api/gate/entries").status_code == 405
    assert client.post("/api/gate/lists").json()["remedy"]


def test_the_command_invites_a_node(client, district):
    out = StringIO()
    call_command("gate", "invite", "--name", "B 门", "--places", "ferry-house", "lamp-tower", stdout=out)
    assert knock(client, out.getvalue().strip(), SigningKey.generate()).json()["places"] == [
        "ferry-house",
        "lamp-tower",
    ]


def test_the_command_names_the_places_it_does_not_know(district):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("gate", "invite", "--name", "B", "--places", "nowhere", "ferry-house")


def test_the_command_lists_and_revokes(node):
    out = StringIO()
    call_command("gate", "revoke", str(node.id), "--reason", "stolen")
    call_command("gate", "list", stdout=out)
    assert "ferry-house" in out.getvalue()
    assert NodeRevoked.objects.get().reason == "stolen"


def test_a_place_of_no_profile_has_no_list(client, node):
    Place.objects.filter(code="ferry-house").update(profile="")
    path = "/api/gate/lists/ferry-house"
    assert client.get(path, headers=node.asks(path)).status_code == 404
