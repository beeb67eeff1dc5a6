"""What people see: their pass, tomorrow's list, the card, the scan page; and what each refuses, in words."""

import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaimen.gate import actions, snapshots, views
from kaimen.gate.models import Pass, PassRevoked, Roster
from kaimen.gate.tests.conftest import MONDAY, text
from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.passes import keyring, read
from kaimen.register.models import Employment, Organisation, Person, Place

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


@pytest.fixture
def resident(signed_in_as, post):
    """`resident(person)`: that person's browser."""

    def sign_in(person):
        client = signed_in_as("resident")
        held = client.session["_auth_user_id"]
        from kaimen.register.models import Account, Post

        account = Account.objects.get(pk=held)
        Post.objects.filter(person=account.person).update(person=person)
        Account.objects.filter(pk=held).update(person=person)
        return client

    return sign_in


# ---- one's own pass


def test_a_person_on_the_list_sees_a_valid_pass_and_why(resident, staff):
    page = text(resident(staff[0].person).get("/me/pass/"))
    assert "通行证有效" in page
    assert "今天在企业名单里" in page
    assert "<svg" in page


def test_the_code_on_the_page_is_one_a_gate_reads(staff):
    held = Pass.objects.get(person=staff[0].person)
    centre = snapshots.centre_key().public
    assert read(views.code_of(held), keyring(centre), MONDAY).index == held.index


def test_somebody_not_on_todays_list_is_told_what_to_do(resident, staff, firm, ferry_house, post):
    actions.confirm_roster(post("company-clerk", firm), firm, ferry_house, TODAY, [one.pk for one in staff[1:]])
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


# ---- tomorrow's list


def test_a_firm_of_thousands_has_small_rows_and_asks_the_database_no_more(
    signed_in_as, staff, firm, ferry_house, django_assert_num_queries
):
    clerk = signed_in_as("company-clerk")
    clerk.get("/roster/")
    with CaptureQueriesContext(connection) as few:
        before = len(clerk.get("/roster/").content)
    for n in range(50):
        other = Person.objects.create(name=f"程{chr(0x5000 + n)}", area=firm.area)
        Employment.objects.create(person=other, organisation=firm, place=ferry_house, name=other.name, floor="3")
    with django_assert_num_queries(len(few)):
        after = len(clerk.get("/roster/").content)
    assert (after - before) / 50 < 650, "20,000 rows are 13 MB otherwise"


def test_the_clerk_sees_the_equation_and_confirms_by_exception(signed_in_as, staff, ferry_house):
    clerk = signed_in_as("company-clerk")
    assert "确认明天 3 人" in text(clerk.get("/roster/"))
    answer = clerk.post("/roster/", {"place": "ferry-house", "comes": [staff[0].pk, staff[1].pk]}, follow=True)
    assert "已确认明天 2 人" in text(answer)
    assert Roster.objects.get(day=TODAY + timedelta(days=1)).lines.count() == 2


def test_new_staff_are_ticked_and_can_be_let_in_today(signed_in_as, staff, firm, ferry_house):
    person = Person.objects.create(name="陆听雨", area=firm.area)
    clock_later = MONDAY + timedelta(minutes=5)
    with clock.frozen(clock_later):
        new = Employment.objects.create(person=person, organisation=firm, place=ferry_house, name="陆听雨")
        clerk = signed_in_as("company-clerk")
        assert "确认明天 4 人" in text(clerk.get("/roster/"))
        answer = clerk.post("/roster/", {"place": "ferry-house", "today": new.pk, "comes": [staff[0].pk]})
        assert "陆听雨 今天起可以进楼" in text(answer)
        assert "确认明天 1 人" in text(answer)  # what was ticked is still ticked
        assert Roster.objects.filter(day=TODAY).count() == 2


def test_a_list_confirmed_after_the_deadline_counts_and_is_marked_late(signed_in_as, staff, ferry_house):
    with clock.frozen(MONDAY + timedelta(hours=10)):
        clerk = signed_in_as("company-clerk")
        assert "17:00 已过" in text(clerk.get("/roster/"))
        clerk.post("/roster/", {"place": "ferry-house", "comes": [staff[0].pk]})
        assert "迟报" in text(signed_in_as("building-manager").get("/roster/?day=tomorrow"))


def test_a_list_that_names_somebody_who_left_meanwhile_is_shown_again_with_its_ticks(signed_in_as, staff):
    clerk = signed_in_as("company-clerk")
    Employment.objects.filter(pk=staff[0].pk).update(left_on=TODAY)
    answer = clerk.post("/roster/", {"place": "ferry-house", "comes": [one.pk for one in staff[:2]]})
    assert answer.status_code == 409
    assert "已经离职" in text(answer)
    assert "确认明天 1 人" in text(answer)


@pytest.mark.parametrize("rubbish", [{"comes": "x"}, {"today": "x"}, {"place": "lamp-tower"}])
def test_what_our_page_cannot_have_sent_is_not_found(signed_in_as, staff, rubbish):
    assert signed_in_as("company-clerk").post("/roster/", {"place": "ferry-house"} | rubbish).status_code == 404


def test_the_manager_prints_the_list_by_firm_and_floor(signed_in_as, staff):
    page = text(signed_in_as("building-manager").get("/roster/"))
    assert "云汀渡船厂" in page
    assert "3 层" in page
    assert "何以宁" in page


def test_a_clerk_prints_only_the_own_firms_list(signed_in_as, staff, firm, ferry_house):
    other = Organisation.objects.create(name="邻居公司", area=firm.area)
    Roster.objects.create(organisation=other, place=ferry_house, day=TODAY)
    assert "邻居公司" not in text(signed_in_as("company-clerk").get("/roster/?print=1"))


def test_a_list_of_the_day_before_is_marked_not_renewed(signed_in_as, staff):
    with clock.frozen(MONDAY + timedelta(days=1)):
        assert "未更新" in text(signed_in_as("building-manager").get("/roster/"))


def test_a_building_without_gates_has_no_lists(signed_in_as, staff, ferry_house):
    Place.objects.filter(pk=ferry_house.pk).update(profile="")
    assert signed_in_as("company-clerk").get("/roster/").status_code == 200
    assert signed_in_as("building-manager").get("/roster/").status_code == 200


def test_a_firm_without_premises_is_told_what_to_do(signed_in_as, staff, firm):
    firm.premises.all().delete()
    assert "您的岗位没有对应的楼宇" in text(signed_in_as("company-clerk").get("/roster/"))


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
