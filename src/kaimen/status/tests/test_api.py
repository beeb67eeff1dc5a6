"""Programs speak to the server: what is proved by a signature within, and what by one around it."""

import base64
import json
from datetime import timedelta

import pytest
from django.core.cache import cache

from kaimen.colours.definitions import read_text
from kaimen.colours.statements import identity_of
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.models import Viewing
from kaimen.status import lists, queries, source_keys, subjects
from kaimen.status.models import Evidence
from kaimen.status.signed_questions import signed_text
from kaimen.status.tests.conftest import MONDAY, number_of

pytestmark = pytest.mark.django_db
NUMBER = "370299199001011236"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def send(client):
    def post(*envelopes: bytes):
        said = {"envelopes": [base64.b64encode(one).decode() for one in envelopes]}
        return client.post("/api/status/evidence", json.dumps(said), content_type="application/json")

    return post


@pytest.fixture
def ask(client, hospital):
    """`ask(about)`: a question signed by the hospital's key, or another, at a time."""
    source_keys.enrol(hospital.officer, hospital.row, hospital.key.public.raw, "化验室")

    def post(about, key=None, at=None, again=None):
        body = json.dumps(about).encode()
        key, time = key or hospital.key, (at or clock.now()).isoformat()
        signature = key.sign(signed_text("/api/status/subjects", time, body))
        headers = again or {
            "Kaimen-Key": base64.b64encode(key.public.raw).decode(), "Kaimen-Time": time,
            "Kaimen-Signature": base64.b64encode(signature).decode(),
        }  # fmt: skip
        answer = client.post("/api/status/subjects", body, content_type="application/json", headers=headers)
        return answer, headers

    return post


def test_a_program_reads_the_rules_in_force(client, hospital, genesis):
    said = client.get("/api/status/").json()
    assert base64.b64decode(said["genesis"]) == bytes(genesis.leaf_hash)
    assert "test" in read_text("status/person.yaml", said["rules"].encode()).evidence


def test_evidence_needs_no_session_and_says_of_each_what_became_of_it(send, hospital, subject, person):
    good = hospital.evidence(subject, "test", test_result="positive")
    late = hospital.evidence(subject, "test", test_result="positive", made=0, seen=0)
    results = send(good, late, good, b"rubbish").json()["results"]
    assert [one["state"] for one in results] == ["taken", "refused", "known", "refused"]
    assert [one.get("code") for one in results] == [None, "late", None, "form"]
    assert all(one["remedy"] for one in results if one["state"] == "refused")
    assert queries.own_colour(person).colour.slug == "yellow"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"envelopes": []}', b'{"envelopes": ["\xff"]}', b'{"envelopes": [7]}', b"[" * 3000,
             b'{"envelopes": "AAAA"}', b'{"envelopes": ["*"]}']
)  # fmt: skip
def test_rubbish_is_answered_in_words(client, genesis, body):
    answer = client.post("/api/status/evidence", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["remedy"]


def test_a_flood_of_requests_is_slowed_down(send, hospital, subject, settings):
    settings.ACCOUNT_RATE_LIMITS = {"evidence": "2/m/ip"}
    assert [send(b"x").status_code for _ in range(3)] == [200, 200, 429]


def test_a_source_finds_who_stands_before_it_and_the_person_reads_that(ask, person, subject):
    answer, _headers = ask({"name": "王试", "number": NUMBER})
    said = answer.json()
    assert said["subject"] == str(subject.pk)
    assert identity_of(base64.b64decode(said["salt"]), NUMBER) == bytes(subject.identity)
    assert Viewing.objects.get(person=person).what == subjects.LOOKED_UP


def test_a_wrong_name_and_a_wrong_number_get_the_same_answer(ask, person):
    answers = [ask({"name": name, "number": number})[0] for name, number in (
        ("李试", NUMBER), ("王试", number_of(1)))]  # fmt: skip
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(404, "no-such-person")}
    assert not Viewing.objects.exists()


def test_whoever_asks_too_much_is_stopped_for_the_hour(ask, person, monkeypatch):
    monkeypatch.setattr(subjects, "MOST_AN_HOUR", 2)
    codes = [ask({"name": name, "number": NUMBER})[0].json().get("code") for name in ("甲试", "乙试", "王试")]
    assert codes == ["no-such-person", "no-such-person", "too-many"]


def test_a_question_is_proved_by_an_enrolled_key_now_and_once(client, ask, person):
    about = {"name": "王试", "number": NUMBER}
    assert client.post("/api/status/subjects", json.dumps(about), content_type="application/json").status_code == 401
    assert ask(about, key=SigningKey.generate())[0].json()["code"] == "unknown-key"
    assert ask(about, at=MONDAY - timedelta(minutes=3))[0].json()["code"] == "clock"
    answer, headers = ask(about)
    assert answer.status_code == 200
    assert ask(about, again=headers)[0].json()["code"] == "heard"
    assert ask(about | {"name": "李试"}, again=headers)[0].json()["code"] == "signature"


def test_a_key_that_is_enrolled_but_not_accredited_finds_nobody(ask, accredit, person, genesis):
    stranger = SigningKey.generate()
    other = accredit("clinic", ("test",), "云汀门诊")
    source_keys.enrol(other.officer, other.row, stranger.public.raw, "新机器")
    assert ask({"name": "王试", "number": NUMBER}, key=stranger)[0].json()["code"] == "key-ended"


def test_gates_fetch_the_newest_list(client, hospital, genesis):
    assert client.get("/api/status/lists/person").status_code == 404
    published = lists.publish(genesis)
    answer = client.get("/api/status/lists/person")
    assert (answer.content, answer["Content-Type"]) == (bytes(published.content), "application/statuslist+cwt")


def test_there_is_no_address_that_sets_a_colour(client, hospital, subject):
    for address in ("/api/status/colours", "/api/status/standing", "/api/status/decisions"):
        assert client.post(address, {"colour": "red"}).status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("length", ["x", "-1", "1e3", "9" * 5_000])
@pytest.mark.parametrize("address", ["/api/status/evidence", "/api/status/subjects"])
def test_a_length_that_is_none_is_refused_and_no_fault_of_the_server(client, address, length):
    answer = client.post(address, b"{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code == 413
