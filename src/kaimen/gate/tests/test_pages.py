"""What people see: their pass, tomorrow's list, the card, the scan page; and what each refuses, in words."""

import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from kaimen.gate import actions, snapshots, views
from kaimen.gate.models import Pass, PassRevoked
from kaimen.gate.tests.conftest import MONDAY, text
from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.passes import keyring, read
from kaimen.register.models import Employment, Person

pytestmark = pytest.mark.django_db(databases=["default", "events"])
TODAY = MONDAY.date()


@pytest.fixture
def staff(firm, ferry_house):
    hired = [
        Employment.objects.create(
            person=Person.objects.create(name=name, area=firm.area), organisation=firm, place=ferry_house,
            name=name, id_tail="123X", floor="3",
        )
        for name in ("何以宁", "周子澄", "白知远")
    ]  # fmt: skip
    actions.take_in_staff(firm, [one.pk for one in hired])
    return hired


# ---- one's own pass


def test_a_person_on_the_list_sees_a_valid_pass_and_why(resident, staff):
    page = text(resident(staff[0].person).get("/me/pass/"))
    assert "通行证有效" in page
    assert "今天在企业名单里" in page


def test_the_code_on_the_page_is_one_a_gate_reads(staff):
    held = Pass.objects.get(person=staff[0].person)
    centre = snapshots.centre_key().public
    assert read(views.code_of(held), keyring(centre), MONDAY).index == held.index


def test_somebody_not_on_todays_list_is_told_what_to_do(resident, staff, firm, ferry_house, post):
    clerk = post("company-clerk", firm)
    with clock.frozen(MONDAY - timedelta(days=1)):
        actions.confirm_roster(clerk, firm, ferry_house, TODAY, [one.pk for one in staff[1:]])
    page = text(resident(staff[0].person).get("/me/pass/"))
    assert "到前台" in page
    assert "请企业专员把您加入今天的名单" in page


def test_somebody_nobody_filed_gets_a_pass_with_one_press(resident, district):
    person = Person.objects.create(name="甲", area=district)
    client = resident(person)
    assert "领取通行码" in text(client.get("/me/pass/"))
    assert client.post("/me/pass/").status_code == 302
    client.post("/me/pass/")
    assert Pass.objects.filter(person=person).count() == 1


def test_a_pass_taken_back_is_not_replaced_by_pressing(resident, staff, post, district):
    actions.revoke_pass(post("counter-officer", district), Pass.objects.get(person=staff[0].person), "lost")
    client = resident(staff[0].person)
    client.post("/me/pass/")
    page = text(client.get("/me/pass/"))
    assert "已收回" in page
    assert '<path class="qr' not in page
    assert Pass.objects.filter(person=staff[0].person).count() == 1


def test_the_last_entry_is_shown_as_a_receipt(resident, staff, node, send):
    node.enter(index=Pass.objects.get(person=staff[0].person).index)
    send(node.batch())
    page = text(resident(staff[0].person).get("/me/pass/"))
    assert "回执" in page
    assert "在今日名单" in page


def test_nobody_sees_anothers_receipt(resident, staff, node, send):
    node.enter(index=Pass.objects.get(person=staff[0].person).index)
    send(node.batch())
    assert "回执" not in text(resident(staff[1].person).get("/me/pass/"))


# ---- cards


def test_a_counter_issues_and_prints_a_card_and_the_person_is_told(signed_in_as, staff):
    officer = signed_in_as("counter-officer")
    address = f"/people/{staff[0].person.pk}/card/"
    assert "还没有联系卡" in text(officer.get(address))
    officer.post(address)
    assert "有效至 2020 年 4 月 15 日" in text(officer.get(address))
    assert Message.objects.filter(to=staff[0].person, text="pass-issued").count() == 1


def test_a_button_pressed_twice_issues_one_card(signed_in_as, staff):
    counter, address = signed_in_as("counter-officer"), f"/people/{staff[0].person.pk}/card/"
    for _ in range(2):
        assert counter.post(address).status_code == 302
    assert staff[0].person.passes.filter(kind="card").count() == 1


def test_a_card_of_another_district_is_not_found(signed_in_as, staff):
    stranger = Person.objects.create(name="外地人")
    assert signed_in_as("counter-officer").get(f"/people/{stranger.pk}/card/").status_code == 404


def test_taking_a_pass_back_wants_a_reason_and_tells_the_person(signed_in_as, staff):
    officer, taken = signed_in_as("counter-officer"), Pass.objects.get(person=staff[0].person)
    assert officer.post(f"/passes/{taken.pk}/revoke/", {"reason": "mood"}).status_code == 422
    assert officer.post(f"/passes/{taken.pk}/revoke/", {}).status_code == 422
    assert not PassRevoked.objects.exists()
    assert officer.post(f"/passes/{taken.pk}/revoke/", {"reason": "lost"}).status_code == 302
    assert "遗失" in Message.objects.get(to=staff[0].person, text="pass-revoked").long


# ---- scanning

ANSWER = {
    "id": str(uuid4()), "verdict": "enter", "reason": "on-list",
    "guard": {"zh-Hans": "在今日名单", "en": "On today’s list"}, "person_words": {"zh-Hans": "请进", "en": "Go in"},
    "person": {"name": "何以宁", "organisation": {"zh-Hans": "云汀渡船厂", "en": "Yunting"}, "floor": "3"},
    "at": "2020-03-16T00:12:07+00:00", "data_age": 2,
}  # fmt: skip
STATE = {
    "online": True, "unsent": 0, "last_sync": None,
    "places": [{"code": "ferry-house", "people": 3, "made_at": "2020-03-15T21:00:00+00:00", "version": 1}],
}  # fmt: skip


@pytest.fixture
def node_says(monkeypatch, settings):
    """`node_says(answer, status)`: what the gate node answers to a scan; gives the questions it got."""
    settings.KAIMEN_NODE_TOKEN_FILE.parent.mkdir(parents=True, exist_ok=True)
    settings.KAIMEN_NODE_TOKEN_FILE.write_text("a token")
    asked: list[dict[str, str]] = []
    real = httpx.Client

    def speak(answer, status=200):
        def respond(request):
            if request.url.path == "/v1/state":
                return httpx.Response(200, json=STATE)
            asked.append(json.loads(request.content) | {"token": request.headers["authorization"]})
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(status, json=answer)

        monkeypatch.setattr(httpx, "Client", lambda **kw: real(transport=httpx.MockTransport(respond), **kw))
        return asked

    return speak


def shown(**more):
    return {"scan": str(uuid4()), "direction": "in", "code": "KM1:ABC"} | more


def test_enter_fills_the_screen_and_returns_by_itself(signed_in_as, staff, node_says):
    asked = node_says(ANSWER)
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", shown(direction="out"))
    assert "通行" in text(answer)
    assert "何以宁" in text(answer)
    assert answer["Refresh"] == "2; url=/gates/ferry-house/scan/?direction=out"
    assert asked[0]["place"] == "ferry-house"
    assert asked[0]["token"] == "Bearer a token"


def test_desk_and_refuse_wait_for_a_hand(signed_in_as, staff, node_says):
    for verdict, word in (("desk", "到前台"), ("refuse", "不放行")):
        node_says(ANSWER | {"verdict": verdict, "reason": "revoked", "person": None})
        answer = signed_in_as("guard").post("/gates/ferry-house/scan/", shown())
        assert word in text(answer)
        assert "Refresh" not in answer


def test_the_guard_reads_what_else_holds_and_does_not_decide(signed_in_as, staff, node_says):
    on_list, old = ({"zh-Hans": "在今日名单", "en": "On today’s list"}, {"zh-Hans": "名单未更新", "en": "Not renewed"})
    reasons = [{"code": "on-list", "guard": on_list}, {"code": "not-renewed", "guard": old}]
    node_says(ANSWER | {"reasons": reasons})
    said = text(signed_in_as("guard").post("/gates/ferry-house/scan/", shown()))
    assert said.count("在今日名单") == said.count("名单未更新") == 1


def test_a_script_gets_the_verdict_alone(signed_in_as, staff, node_says):
    node_says(ANSWER)
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", shown(), headers={"Kaimen-Part": "verdict"})
    assert "<html" not in text(answer)
    assert 'data-verdict="enter"' in text(answer)


def test_somebody_is_looked_up_by_name_and_last_four(signed_in_as, staff, node_says):
    asked = node_says(ANSWER)
    said = {"scan": str(uuid4()), "direction": "in", "name": "何以宁", "tail": " 123x "}
    signed_in_as("guard").post("/gates/ferry-house/scan/", said)
    assert (asked[0]["name"], asked[0]["tail"]) == ("何以宁", "123X")


def test_last_four_that_are_none_are_asked_again_with_what_was_entered(signed_in_as, staff, node_says):
    asked = node_says(ANSWER)
    said = {"scan": str(uuid4()), "direction": "out", "name": "何以宁", "tail": "12"}
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", said)
    assert answer.status_code == 422
    assert 'value="何以宁"' in text(answer)
    assert asked == []


@pytest.mark.parametrize("trouble", [httpx.ConnectError("down"), httpx.ReadTimeout("slow")], ids=repr)
def test_a_silent_node_is_said_in_words_and_the_same_scan_can_be_asked_again(signed_in_as, staff, node_says, trouble):
    node_says(trouble)
    said = shown()
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", said)
    assert answer.status_code == 503
    assert "门岗终端没有应答" in text(answer)
    assert said["scan"] in text(answer)


def test_an_answer_of_another_version_is_no_verdict(signed_in_as, staff, node_says):
    node_says({"verdict": "enter"})
    assert signed_in_as("guard").post("/gates/ferry-house/scan/", shown()).status_code == 503


def test_a_busy_node_is_a_silent_one(signed_in_as, staff, node_says):
    node_says({"error": "full", "remedy": "wait"}, 503)
    assert signed_in_as("guard").post("/gates/ferry-house/scan/", shown()).status_code == 503


def test_what_the_node_cannot_understand_is_said(signed_in_as, staff, node_says):
    node_says({"error": "no code", "remedy": "scan again"}, 400)
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", shown())
    assert (answer.status_code, "scan again" in text(answer)) == (400, True)


def test_a_page_used_for_somebody_else_says_so(signed_in_as, staff, node_says):
    node_says({"error": "This id belongs to another scan.", "remedy": "Make a fresh id for each scan."}, 409)
    answer = signed_in_as("guard").post("/gates/ferry-house/scan/", shown())
    assert (answer.status_code, "这一页已经用于另一个人" in text(answer)) == (400, True)


def test_neither_name_nor_code_gets_into_a_log(signed_in_as, staff, node_says, caplog):
    node_says(httpx.ConnectError("down"))
    said = {"scan": str(uuid4()), "direction": "in", "name": "何以宁", "tail": "123X"}
    signed_in_as("guard").post("/gates/ferry-house/scan/", said)
    assert "the gate node is silent" in caplog.text
    assert "何以宁" not in caplog.text


def test_a_guard_scans_only_where_posted(signed_in_as, staff, node_says):
    node_says(ANSWER)
    guard = signed_in_as("guard")
    assert guard.get("/gates/lamp-tower/scan/").status_code == 404
    assert guard.post("/gates/lamp-tower/scan/", shown()).status_code == 404
    assert guard.get("/gates/ferry-house-south/scan/").status_code == 200


def test_only_the_scan_page_may_use_the_camera(signed_in_as, staff, node_says):
    node_says(ANSWER)
    guard = signed_in_as("guard")
    assert "camera=(self)" in guard.get("/gates/ferry-house/scan/")["Permissions-Policy"]
    assert "wasm-unsafe-eval" in guard.get("/gates/ferry-house/scan/")["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in guard.get("/gates/")["Content-Security-Policy"]


def test_the_scan_page_counts_what_was_decided_today(signed_in_as, staff, node_says, node, send):
    node_says(ANSWER)
    node.enter()
    node.enter(verdict="desk", reason="not-on-list")
    send(node.batch())
    context = signed_in_as("guard").get("/gates/ferry-house/scan/state/").context
    assert (context["given"]["enter"], context["given"]["desk"], context["inside"], context["expected"]) == (1, 1, 1, 3)


# ---- the node keeper
