"""What everybody may read: counts by day, rule and source, what stands out, every version of the rules. No person."""

from datetime import date, timedelta

import pytest
from django.test import Client

from kaimen.kit import clock
from kaimen.packs import Words
from kaimen.status import authorities, evidence, public_colours, rules_difference, rules_pages
from kaimen.status.models import RulesVersion
from kaimen.status.public_counts import Given
from kaimen.status.tests.conftest import MONDAY, number_of

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 16)
TOMORROW = timedelta(days=1)
LAB = Words("检测所", "laboratory")


def words(answer) -> str:
    return str(answer.content.decode())


@pytest.fixture
def second_version(rules, keepers, ratified, template_pack):
    """A second version, in force in twelve hours: fever from 37.5, and a rule's colour lasts shorter."""
    text = authorities.rules_of_pack(template_pack, "person").replace(b'"37.3"', b'"37.5"').replace(b"P7D", b"P5D")
    return ratified(authorities.propose_rules(keepers[0].post, "person", text, clock.now() + timedelta(hours=12)))


def test_counts_stand_by_day_rule_and_source_and_name_nobody(people_of, hospital, centre, genesis):
    about = people_of(3)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in about])
    with clock.frozen(MONDAY + TOMORROW):
        page = public_colours.page(DAY, DAY)
        shown = words(Client().get("/colours/"))
    (day,) = page.days
    assert [(one.after.kind, one.people, one.number) for one in day.changes] == [("care", 3, 1)]
    assert [(one.source and one.source.zh, one.people) for one in day.given] == [("云汀医院", 3)]
    assert (page.total, page.population) == (3, 3)
    assert "云汀医院" in shown
    assert not any(one.person.name in shown or number_of(n) in shown for n, one in enumerate(about))


def test_a_single_person_is_counted_in_totals_and_under_no_rule_and_no_source(people_of, hospital, centre, genesis):
    about = people_of(3)
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in about])
    evidence.receive([centre.evidence(about[0], "test", test_result="positive")])
    with clock.frozen(MONDAY + TOMORROW):
        (day,) = public_colours.page(DAY, DAY).days
        shown = words(Client().get("/colours/"))
    assert [(one.kind, people) for one, people in day.to] == [("stop", 1), ("care", 3)]
    assert next((one.after.kind, one.rule, one.before, one.people) for one in day.changes) == ("stop", None, None, 1)
    assert next((one.after.kind, one.source, one.people) for one in day.given) == ("stop", None, 2)
    assert "云汀疾控中心" not in shown


def test_the_log_keeps_what_the_public_page_puts_together(people_of, hospital, centre, genesis, post, district):
    (about,) = people_of(1)
    evidence.receive([hospital.evidence(about, "test", test_result="positive")])
    evidence.receive([centre.evidence(about, "test", test_result="positive")])
    (day,) = public_colours.page(DAY, DAY, exact=True).days
    assert [(one.rule and one.rule.en, one.people) for one in day.changes] == [
        ("Tested positive", 1),
        ("To be confirmed", 1),
    ]
    browser = Client()
    assert browser.get("/colours/exact/").status_code == 302
    browser.force_login(post("auditor", district).person.account)
    assert "云汀疾控中心" in words(browser.get("/colours/exact/"))
    assert "/colours/exact/" in words(browser.get("/colours/"))
    assert "/colours/exact/" not in words(Client().get("/colours/"))


def test_a_day_that_is_not_over_is_told_in_totals_alone(people_of, hospital, genesis):
    """Whoever watched a table grow would read single people out of it."""
    evidence.receive([hospital.evidence(one, "test", test_result="positive") for one in people_of(4)])
    (day,) = public_colours.page(DAY, DAY).days
    assert (day.total, day.over, day.changes, day.given) == (4, False, (), ())
    assert "云汀医院" not in words(Client().get("/colours/"))


def test_a_jump_is_seen_at_once_and_leads_back_to_nobody(people_of, hospital, centre, genesis):
    sent = [hospital.evidence(one, "test", test_result="positive") for one in people_of(20)]
    evidence.receive(sent)
    jumps = [Given(DAY, LAB, "red", 1301), Given(DAY, LAB, "yellow", 1), Given(DAY, Words("甲", "a"), "red", 1)]
    (found,) = public_colours.jumps(jumps, DAY, DAY)
    told = public_colours._rounded(found, 3)
    assert (found.people, told.people, told.exactly) == (1302, 1290, False)
    assert "超过 1,290" in public_colours.said(told, "zh-hans")


def test_a_colour_that_stays_by_another_rule_is_no_change_of_its_source(subject, hospital, centre, genesis):
    evidence.receive([hospital.evidence(subject, "symptoms", temperature="38.1", symptoms_on="2020-03-16")])
    evidence.receive([hospital.evidence(subject, "test", test_result="positive")])
    (day,) = public_colours.page(DAY, DAY, exact=True).days
    assert day.total == sum(one.people for one in day.given) == 1


@pytest.mark.parametrize(("before", "people", "found"), [
    ([], 1317, [(1317, 0)]), ([], 19, []), ([], 20, [(20, 0)]),
    ([300] * 14, 1317, []), ([200] * 14, 1317, [(1317, 200)]), ([200] * 7, 1000, [(1000, 100)]),
    ([300] * 6, 1317, [(1317, 0)]),
])  # fmt: skip
def test_a_jump_is_five_times_the_usual_of_one_source_and_at_least_twenty(before, people, found):
    earlier = [Given(DAY - timedelta(days=n + 1), LAB, "yellow", count) for n, count in enumerate(before)]
    jumps = public_colours.jumps([*earlier, Given(DAY, LAB, "yellow", people)], DAY, DAY)
    assert [(one.people, one.usual) for one in jumps] == found


def test_a_jump_is_said_plainly():
    jump = public_colours.Jump(DAY, LAB, 1317, 26)
    assert public_colours.said(jump, "zh-hans") == "一家来源一天引起 1,317 次变色：检测所。平常为 26 次。"


@pytest.mark.parametrize(("asked", "status"), [
    ("", 200), ("?first=2020-03-01&last=2020-03-16", 200), ("?first=2020-03-20&last=2020-03-16", 422),
    ("?first=abc", 422), ("?first=0001-01-01&last=0001-01-02", 422), ("?last=0001-01-01", 422),
    ("?last=9999-12-31", 422), ("?first=2019-01-01", 422), ("?first=%00", 422),
])  # fmt: skip
def test_days_that_are_none_are_answered_in_words(genesis, asked, status):
    assert Client().get(f"/colours/{asked}").status_code == status


def test_before_any_activation_the_pages_stand(district):
    for path in ("/colours/", "/rules/", "/rules/person/", "/rules/building/", "/rules/person/difference/"):
        assert Client().get(path).status_code == 200, path
    assert "本次应急响应还没有公布规则" in words(Client().get("/rules/person/"))
    assert Client().get("/rules/nobody/").status_code == Client().get("/rules/person/1/").status_code == 404


def test_without_a_pack_there_are_no_rules_and_nothing_fails(db):
    assert Client().get("/rules/").status_code == Client().get("/colours/").status_code == 200


def test_the_version_in_force_changes_at_its_moment(second_version):
    status = rules_pages.status("person")
    assert [(one.row.number, one.current, one.to_come) for one in status.versions] == [
        (2, False, True),
        (1, True, False),
    ]
    assert "第 2 版将于" in words(Client().get("/rules/"))
    with clock.frozen(MONDAY + timedelta(hours=12)):
        status = rules_pages.status("person")
        assert status.current is not None
        assert status.current.row.number == 2


def test_a_version_shows_its_text_digest_and_both_signatures(rules, hospital):
    shown = words(Client().get("/rules/person/1/"))
    row = RulesVersion.objects.get()
    assert bytes(row.digest).hex() in shown
    assert "days_between" in shown
    assert shown.count("规则管理员") >= 2
    assert "云汀医院" in shown, "who may sign"
    assert rules_pages.status("person").versions[0].sound


def test_a_text_changed_by_hand_is_shown_as_unsigned(rules):
    row = RulesVersion.objects.get()
    RulesVersion.objects.update(text=bytes(row.text).replace(b'"37.3"', b'"30.0"'))
    assert not rules_pages.status("person").versions[0].sound
    assert "没有两个授权机关的签名" in words(Client().get("/rules/person/"))


def test_a_text_nobody_can_read_is_shown_as_it_is(rules):
    RulesVersion.objects.update(text=b"status: [\xff<script>")
    for path in ("/rules/", "/rules/person/", "/rules/person/1/", "/rules/person/difference/", "/colours/"):
        answer = Client().get(path)
        assert answer.status_code == 200, path
        assert "<script>" not in words(answer).partition("<main")[2].partition("</main>")[0], path


def test_a_difference_names_what_changed_and_nothing_else(second_version):
    after, before = rules_pages.status("person").versions
    assert before.definition is not None
    assert after.definition is not None
    found = rules_difference.differences(before.definition, after.definition, "en")
    told = [
        (one.what, one.title, change.before, change.after)
        for _, many in found
        for one in many
        for change in one.changes
    ]
    assert [one[:2] for one in told] == [("changed", "being-checked"), ("changed", "fever_line")]
    assert told[0][2:] == ("7 天", "5 天")
    assert told[1][2].startswith("37.3")
    assert [one.sign for one in rules_difference.lines(before.text, after.text)].count("+") == 2
    assert "being-checked" in words(Client().get("/rules/person/difference/?from=1&to=2"))
    assert "两版意思相同" in words(Client().get("/rules/person/difference/?from=1&to=1"))


@pytest.mark.parametrize("asked", ["", "?from=x&to=99", "?from=1", "?to=1", "?from=2&to=1", "?from=%00"])
def test_a_difference_that_is_asked_for_wrongly_is_some_difference(second_version, asked):
    assert Client().get(f"/rules/person/difference/{asked}").status_code == 200
