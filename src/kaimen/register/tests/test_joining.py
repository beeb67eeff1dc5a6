"""Coming to one's file from outside: the same answer for everybody, a code that proves a phone, no way around."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaimen.kit import clock
from kaimen.register import joining, secrets
from kaimen.register.actions import Claim, file_person
from kaimen.register.documents import see_document
from kaimen.register.models import Account, Area, Person, PhoneProof, Post

MakeId = Callable[..., str]
Messages = list[dict[str, Any]]
SELF, PROVED = Person.Assurance.SELF_DECLARED, Person.Assurance.PHONE_PROVED
MORNING = datetime(2020, 3, 16, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    """Each story begins with no codes counted."""
    cache.clear()


@pytest.fixture
def street(district: Area) -> Area:
    """The only street."""
    return Area.objects.get(level="street")


def claim(street: Area, **about: str) -> dict[str, Any]:
    """What the form sends."""
    return {"name": "王芳", "phone": "13800000001", "area": street.pk, "confirmed": "1"} | about


def _same_for_every_request(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


def register(data: dict[str, Any]) -> tuple[Client, str]:
    """Register in a new browser; gives it and the page that follows, without what differs for every request."""
    client = Client()
    answer = client.post("/register/", data)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/join/code/")
    return client, _same_for_every_request(client.get("/join/code/").content.decode())


def test_somebody_new_comes_in_with_the_code_and_is_on_file_then(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    client, page = register(claim(street, national_id=synthetic_id(1)))
    assert "13800000001" not in page
    assert (messages[0]["text"], messages[0]["to"], messages[0]["at"]) == ("join-code", None, "13800000001")
    assert not Person.objects.exists(), "who types a number makes no file"
    answer = client.post("/join/code/", {"code": messages[0]["code"]}, follow=True)
    assert answer.redirect_chain[-1][0] == "/me/"
    assert "王芳" in answer.content.decode()
    person = Person.objects.get()
    assert (person.assurance, person.area, person.id_tail) == (PROVED, street, synthetic_id(1)[-4:])
    assert Post.objects.get(person=person).role == "resident"


def test_whatever_is_on_file_the_answer_is_the_same_and_the_phone_that_was_named_gets_the_code(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    known = file_person(None, "王芳", synthetic_id(1), "13800000001", street, SELF)
    pages = [
        register(claim(street, national_id=synthetic_id(number), phone=phone))[1]
        for number, phone in ((2, "13800000002"), (1, "13800000003"), (1, "13800000001"))
    ]
    assert pages[0] == pages[1] == pages[2]
    assert [message["at"] for message in messages] == ["13800000002", "13800000003", "13800000001"]
    known.refresh_from_db()
    assert (secrets.open_phone(known), known.assurance) == ("13800000001", SELF)


def test_who_registers_again_with_the_phone_of_their_file_comes_into_it(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    known = file_person(None, "王芳", synthetic_id(1), "13800000001", street, SELF)
    proof = joining.register(Claim("王芳", synthetic_id(1), "13800000001"), street)
    assert joining.prove(proof, messages[-1]["code"]).person == known


def test_strangers_who_register_with_a_phone_keep_its_owner_from_no_code(street: Area, messages: Messages) -> None:
    known = file_person(None, "王芳", None, "13800000001", street, SELF)
    for n in range(joining.CODES_AN_HOUR + 2):
        joining.register(Claim(f"陌生{'甲乙丙丁戊己庚'[n]}", None, "13800000001"), street)
    assert len(messages) == joining.CODES_AN_HOUR, "nor is it flooded"
    assert joining.prove(joining.ask_for_code("王芳", "13800000001"), messages[-1]["code"]).person == known


def test_the_work_done_for_somebody_on_file_is_of_the_same_size_as_for_somebody_new(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    file_person(None, "王芳", synthetic_id(1), "13800000001", street, SELF)
    counted = []
    for serial, phone in ((2, "13800000002"), (1, "13800000003")):
        with CaptureQueriesContext(connection) as queries:
            joining.register(Claim("王芳", synthetic_id(serial), phone), street)
        counted.append(len(queries))
    assert abs(counted[0] - counted[1]) <= 2


def test_asking_for_a_code_is_the_same_work_for_everybody(street: Area) -> None:
    file_person(None, "王芳", None, "13800000001", street, SELF)
    counted = []
    for name in ("王芳", "李强"):
        with CaptureQueriesContext(connection) as queries:
            joining.ask_for_code(name, "13800000001")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_asking_for_a_code_answers_strangers_and_people_on_file_alike(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    file_person(None, "王芳", synthetic_id(1), "13800000001", street, SELF)
    pages = []
    for name in ("王芳", "李强"):
        client = Client()
        assert client.post("/join/", {"name": name, "phone": "138 0000 0001"}).headers["Location"] == "/join/code/"
        pages.append(_same_for_every_request(client.get("/join/code/").content.decode()))
    assert pages[0] == pages[1]
    assert len(messages) == 1


def _proof(street: Area, messages: Messages, name: str = "王芳", phone: str = "13800000001") -> tuple[UUID, str]:
    file_person(None, name, None, phone, street, SELF)
    proof = joining.ask_for_code(name, phone)
    return proof, messages[-1]["code"]


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_wrong_code_says_how_many_tries_are_left_and_after_five_the_right_one_opens_nothing(
    street: Area, messages: Messages
) -> None:
    proof, code = _proof(street, messages)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(joining.CodeRefused) as refusal:
            joining.prove(proof, _wrong(code))
        assert str(left) in str(refusal.value.message)
    with pytest.raises(joining.CodeRefused, match="tries"):
        joining.prove(proof, code)


def test_a_code_for_nobody_is_refused_in_the_same_words(street: Area, messages: Messages) -> None:
    proof, code = _proof(street, messages)
    nobody = joining.ask_for_code("李强", "13800000001")
    said = []
    for one in (proof, nobody):
        with pytest.raises(joining.CodeRefused) as refusal:
            joining.prove(one, _wrong(code))
        said.append(str(refusal.value.message))
    assert said[0] == said[1]


def test_a_code_holds_ten_minutes_and_opens_once(street: Area, messages: Messages) -> None:
    with clock.frozen(MORNING):
        early, code = _proof(street, messages)
        late = joining.ask_for_code("王芳", "13800000001")
    with clock.frozen(MORNING + timedelta(minutes=9, seconds=59)):
        assert joining.prove(early, f" {code[:3]} {code[3:]} ").person is not None
        with pytest.raises(joining.CodeRefused, match="late"):
            joining.prove(early, code)
    with clock.frozen(MORNING + timedelta(minutes=10)), pytest.raises(joining.CodeRefused, match="late"):
        joining.prove(late, messages[-1]["code"])


def test_in_a_drill_that_runs_twenty_times_as_fast_a_code_still_holds_ten_of_the_readers_minutes(
    street: Area, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "speed", lambda: 20.0)
    with clock.frozen(MORNING):
        proof, code = _proof(street, messages)
    with clock.frozen(MORNING + timedelta(minutes=199)):
        assert joining.prove(proof, code).person is not None


def test_one_phone_gets_five_codes_an_hour_and_the_sixth_asker_sees_no_difference(
    street: Area, messages: Messages
) -> None:
    with clock.frozen(MORNING):
        _proof(street, messages)
        proofs = [joining.ask_for_code("王芳", "13800000001") for _ in range(5)]
        assert len(messages) == 5
        with pytest.raises(joining.CodeRefused, match="wrong"):
            joining.prove(proofs[-1], "000000")
    with clock.frozen(MORNING + timedelta(minutes=61)):
        joining.ask_for_code("王芳", "13800000001")
    assert len(messages) == 6


def test_strangers_who_guess_at_a_phone_keep_its_owner_from_no_code(street: Area, messages: Messages) -> None:
    file_person(None, "王芳", None, "13800000001", street, SELF)
    for _ in range(joining.CODES_AN_HOUR + 1):
        joining.ask_for_code("李雷", "13800000001")
    assert not messages
    joining.ask_for_code("王芳", "13800000001")
    assert len(messages) == 1


def test_one_address_asks_for_twenty_codes_a_minute_and_then_waits_with_its_answers_kept(
    street: Area, messages: Messages
) -> None:
    client = Client()
    for n in range(20):
        assert client.post("/join/", {"name": "王芳", "phone": f"138000001{n:02}"}).status_code == 302
    answer = client.post("/join/", {"name": "王芳", "phone": "13800000001"})
    assert answer.status_code == 429
    assert 'value="13800000001"' in answer.content.decode()
    answer = client.post("/register/", claim(street, no_national_id="on"))
    assert answer.status_code == 429
    assert not Person.objects.exists()


def test_a_code_is_kept_as_a_keyed_digest_and_gone_after_a_day(street: Area, messages: Messages) -> None:
    with clock.frozen(MORNING):
        proof, code = _proof(street, messages)
        assert code.encode() not in bytes(PhoneProof.objects.get(pk=proof).code_digest)
    with clock.frozen(MORNING + timedelta(days=2)):
        joining.ask_for_code("李强", "13800000009")
    assert not PhoneProof.objects.filter(pk=proof).exists()


def test_an_id_is_written_onto_a_file_only_when_the_phone_is_proved(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    known = file_person(None, "王芳", None, "13800000001", street, SELF)
    proof = joining.register(Claim("王芳", synthetic_id(1), "13800000001"), street)
    known.refresh_from_db()
    assert known.id_tail == ""
    joining.prove(proof, messages[-1]["code"])
    known.refresh_from_db()
    assert secrets.open_national_id(known) == synthetic_id(1)
    assert Person.objects.count() == 1


def test_a_code_sent_before_a_counter_changed_the_phone_opens_nothing(
    street: Area, messages: Messages, post: Callable[..., Post], district: Area, synthetic_id: MakeId
) -> None:
    file_person(None, "王芳", synthetic_id(1), "13800000001", street, SELF)
    proof = joining.ask_for_code("王芳", "13800000001")
    code = messages[-1]["code"]
    person = see_document(post("counter-officer", district), Claim("王芳", synthetic_id(1), "13800000001"), street)
    see_document(post("counter-officer", district), Claim("王芳", synthetic_id(1), "13800000002"), street)
    person.refresh_from_db()
    assert person.phone_tail == "0002"
    with pytest.raises(joining.CodeRefused):
        joining.prove(proof, code)


def test_a_code_opens_ones_own_file_and_none_of_ones_posts(
    district: Area, street: Area, messages: Messages, post: Callable[..., Post]
) -> None:
    officer = post("counter-officer", district, name="周岗")
    person = officer.person
    for column, value in secrets.phone_columns(person.pk, "13800000001").items():
        setattr(person, column, value)
    person.save()
    client = Client()
    client.post("/join/", {"name": "周岗", "phone": "13800000001"})
    assert client.post("/join/code/", {"code": messages[0]["code"]}).headers["Location"] == "/me/"
    assert client.cookies["sessionid"]["max-age"] == ""  # gone with the window: machines are shared
    assert client.get("/me/").status_code == 200
    assert client.get("/people/").status_code == 403
    assert client.post(f"/posts/{officer.pk}/").status_code == 404


def test_a_code_sets_no_password_for_somebody_who_holds_a_post(
    district: Area, street: Area, messages: Messages, post: Callable[..., Post]
) -> None:
    officer = post("counter-officer", district, name="周岗")
    Post.objects.filter(pk=officer.pk).update(since=officer.since + timedelta(days=3))  # from a later day on
    Person.objects.filter(pk=officer.person.pk).update(**secrets.phone_columns(officer.person.pk, "13800000001"))
    client = Client()
    client.post("/join/", {"name": "周岗", "phone": "13800000001"})
    client.post("/join/code/", {"code": messages[0]["code"]})
    said = {"username": "zhou.g", "password": "ein langer Satz 8"}
    answer = client.post("/me/password/", said, headers={"Accept-Language": "en"})
    assert "your password comes from your office" in answer.content.decode()
    account = Account.objects.get(person=officer.person)
    assert not account.has_usable_password()
    assert account.username != "zhou.g"


def test_who_protects_the_account_with_an_app_does_not_come_in_by_a_code(street: Area, messages: Messages) -> None:
    proof, code = _proof(street, messages)
    account = Account.objects.create(username="fang", person=Person.objects.get())
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    with pytest.raises(joining.CodeRefused, match="password"):
        joining.prove(proof, code)


def test_an_account_that_was_shut_stays_shut(street: Area, messages: Messages) -> None:
    proof, code = _proof(street, messages)
    Account.objects.create(username="fang", person=Person.objects.get(), is_active=False)
    with pytest.raises(joining.CodeRefused, match="shut"):
        joining.prove(proof, code)


def test_before_anything_is_sent_one_checks_the_answers_and_can_change_them(
    street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    data = claim(street, national_id=synthetic_id(1))
    del data["confirmed"]
    page = Client().post("/register/", data).content.decode()
    assert synthetic_id(1) in page
    assert 'name="confirmed"' in page
    assert not Person.objects.exists()
    back = Client().post("/register/", data | {"change": "1"}).content.decode()
    assert f'value="{synthetic_id(1)}"' in back
    assert "errs" not in back
    assert not messages


@pytest.mark.parametrize(
    ("field", "entered"),
    [
        ("national_id", "370299203001011234"), ("national_id", "３７０２９９１９９００１０１１２３０"),
        ("national_id", ""),
        ("name", "王" * 10_000), ("name", "王\x00芳"), ("name", "王芳😀"), ("name", "\u202e"), ("name", ""),
        ("name", "Robert'); DROP TABLE register_person;--"), ("name", "<script>alert(1)</script>"),
        ("phone", "0532-88880000"), ("phone", "１３８"), ("area", "7"), ("area", "\x00"), ("area", "' OR 1=1"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_at_its_field_with_the_entry_kept_and_nothing_saved(
    field: str, entered: str, street: Area, synthetic_id: MakeId, messages: Messages
) -> None:
    answer = Client().post("/register/", claim(street, national_id=synthetic_id(1)) | {field: entered})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "errs" in page
    assert f'href="#id_{field}"' in page
    assert "<script>alert" not in page
    assert 'value="13800000001"' in page or field == "phone"
    assert not Person.objects.exists()
    assert not messages


def test_without_a_mainland_id_one_says_so_and_a_counter_sees_the_document(street: Area, messages: Messages) -> None:
    client, _page = register(claim(street, name="Anna Müller", no_national_id="on"))
    client.post("/join/code/", {"code": messages[0]["code"]})
    assert Person.objects.get().id_tail == ""
