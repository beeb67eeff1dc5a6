"""Lists: confirmed by exception, closed the evening before, changed by the desk alone, printed for the dark."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaimen.gate import actions, list_changes, list_days, queries, snapshots
from kaimen.gate.list_models import ListChange, ListChangeAsked
from kaimen.gate.models import Roster
from kaimen.gate.tests.conftest import MONDAY, text
from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.register.access import NotAllowed
from kaimen.register.models import Employment, Organisation, Person, Place, Premises

pytestmark = pytest.mark.django_db(databases=["default", "events"])
TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
DAY = timedelta(days=1)
EVENING = MONDAY + timedelta(hours=10)  # 18:12, an hour after lists were due
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
def hire(firm, ferry_house):
    """`hire(name)`: somebody more at the firm, not yet on a list."""

    def make(name, place=ferry_house, organisation=firm):
        person = Person.objects.create(name=name, area=firm.area)
        return Employment.objects.create(
            person=person, organisation=organisation, place=place, name=name, id_tail="123X", floor="3"
        )

    return make


@pytest.fixture
def staff(firm, hire):
    hired = [hire(name) for name in ("何以宁", "周子澄", "白知远")]
    actions.take_in_staff(firm, [one.pk for one in hired])
    return hired


@pytest.fixture
def clerk(post, firm):
    return post("company-clerk", firm)


@pytest.fixture
def desk(post, ferry_house):
    return post("building-manager", ferry_house)


def names(place):
    return sorted(one.name for one in snapshots.snapshot_of(place).people)


def renewed(place):
    return [said for *_, said in snapshots.snapshot_of(place).organisations]


# ---- by exception


def test_a_firm_of_48_with_5_changes_is_confirmed_in_7_actions(signed_in_as, firm, hire):
    hired = [hire(f"员工{n:02}") for n in range(48)]
    actions.take_in_staff(firm, [one.pk for one in hired])
    clerk, taken = signed_in_as("company-clerk"), 0

    page, taken = text(clerk.get("/roster/")), taken + 1  # opens the list
    boxes = re.findall(r'name="comes" value="([0-9a-f-]+)"( checked)?', page)
    ticked = [pk for pk, checked in boxes if checked]
    assert len(boxes) == len(ticked) == 48
    for away in ticked[:5]:
        ticked, taken = [pk for pk in ticked if pk != away], taken + 1  # unticks a name
    fields = dict(re.findall(r'type="hidden" name="(place|day)" value="([^"]+)"', page))
    answer, taken = text(clerk.post("/roster/", fields | {"comes": ticked}, follow=True)), taken + 1  # confirms

    assert taken == 7
    assert "已确认 3 月 17 日 43 人" in answer
    assert "89.58" in answer
    assert re.search(r'data-n="after">43</span> / 在册 48', answer)


def test_a_firm_of_thousands_has_small_rows_and_asks_the_database_no_more(
    signed_in_as, staff, hire, django_assert_num_queries
):
    clerk = signed_in_as("company-clerk")
    clerk.get("/roster/")
    with CaptureQueriesContext(connection) as few:
        before = len(clerk.get("/roster/").content)
    for n in range(50):
        hire(f"程{chr(0x5000 + n)}")
    with django_assert_num_queries(len(few)):
        after = len(clerk.get("/roster/").content)
    assert (after - before) / 50 < 650, "20,000 rows are 13 MB otherwise"


def test_the_clerk_sees_the_equation_and_confirms(signed_in_as, staff):
    clerk = signed_in_as("company-clerk")
    assert "确认 3 月 17 日 3 人" in text(clerk.get("/roster/"))
    answer = clerk.post("/roster/", {"place": "ferry-house", "comes": [staff[0].pk, staff[1].pk]}, follow=True)
    assert "已确认 3 月 17 日 2 人" in text(answer)
    assert Roster.objects.get(day=TOMORROW).lines.count() == 2


def test_somebody_new_is_offered_for_the_next_list(signed_in_as, staff, hire):
    with clock.frozen(MONDAY + timedelta(minutes=5)):
        hire("陆听雨")
        assert "确认 3 月 17 日 4 人" in text(signed_in_as("company-clerk").get("/roster/"))


def test_a_list_that_names_somebody_who_left_meanwhile_is_shown_again_with_its_ticks(signed_in_as, staff):
    clerk = signed_in_as("company-clerk")
    Employment.objects.filter(pk=staff[0].pk).update(left_on=TODAY)
    answer = clerk.post("/roster/", {"place": "ferry-house", "comes": [one.pk for one in staff[:2]]})
    assert answer.status_code == 409
    assert "已经离职" in text(answer)
    assert "确认 3 月 17 日 1 人" in text(answer)


@pytest.mark.parametrize(
    "rubbish",
    [{"comes": "x"}, {"ask": "x"}, {"place": "lamp-tower"}, {"day": "x"}, {"day": "9999-12-31"}, {"day": "2020-02-30"}],
)
def test_what_our_page_cannot_have_sent_is_not_found(signed_in_as, staff, rubbish):
    assert signed_in_as("company-clerk").post("/roster/", {"place": "ferry-house"} | rubbish).status_code == 404


def test_a_building_without_gates_has_no_lists(signed_in_as, staff, ferry_house):
    Place.objects.filter(pk=ferry_house.pk).update(profile="")
    for role in ("company-clerk", "building-manager"):
        for path in ("/roster/", "/roster/paper/"):
            assert signed_in_as(role).get(path).status_code == 200


def test_a_firm_without_premises_is_told_what_to_do(signed_in_as, staff, firm):
    firm.premises.all().delete()
    assert "您的岗位没有对应的楼宇" in text(signed_in_as("company-clerk").get("/roster/"))


def test_a_firm_of_two_buildings_sees_which_list_still_waits(signed_in_as, staff, firm, hire):
    tower = Place.objects.get(code="lamp-tower")
    Premises.objects.create(organisation=firm, place=tower, floor="9")
    hire("灯下人", place=tower)
    clerk = signed_in_as("company-clerk")
    clerk.post("/roster/", {"place": "ferry-house", "comes": [staff[0].pk]})
    page = text(clerk.get("/roster/?place=lamp-tower"))
    assert "灯下人" in page
    assert "何以宁" not in page
    assert page.index("已确认") < page.index("未确认") or page.index("未确认") < page.index("已确认")
    assert queries.expected_today(TOMORROW) == {"ferry-house": 1}


# ---- the deadline


def test_a_clerk_may_not_change_a_list_that_is_due(staff, clerk, firm, ferry_house):
    with clock.frozen(MONDAY + timedelta(hours=8, minutes=47)):  # 16:59
        actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [staff[0].pk])
    with clock.frozen(EVENING), pytest.raises(actions.NotPossible, match="截止"):
        actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [staff[1].pk])
    assert queries.expected_today(TOMORROW) == {"ferry-house": 1}


def test_a_page_that_stood_open_over_the_deadline_says_so_and_changes_nothing(signed_in_as, staff):
    clerk = signed_in_as("company-clerk")
    with clock.frozen(EVENING):
        answer = clerk.post("/roster/", {"place": "ferry-house", "day": "2020-03-17", "comes": [staff[0].pk]})
    assert answer.status_code == 409
    assert "已经截止" in text(answer)
    assert not Roster.objects.filter(day=TOMORROW).exists()


def test_a_page_that_stood_open_over_two_nights_is_answered_in_words(signed_in_as, staff):
    clerk = signed_in_as("company-clerk")
    with clock.frozen(MONDAY + 2 * DAY):
        answer = clerk.post("/roster/", {"place": "ferry-house", "day": "2020-03-17", "comes": [staff[0].pk]})
    assert answer.status_code == 409
    assert "2020-03-17" in text(answer)


def test_after_the_deadline_the_page_shows_what_counts(signed_in_as, staff):
    with clock.frozen(EVENING):
        page = text(signed_in_as("company-clerk").get("/roster/"))
    assert "截止" in page
    assert "未更新" in page
    assert 'name="comes"' not in page
    assert "请前台移出名单" in page


def test_the_last_list_counts_marked_not_renewed_at_the_gate_on_the_gates_page_and_on_paper(
    signed_in_as, staff, ferry_house
):
    with clock.frozen(MONDAY + DAY):
        assert (len(names(ferry_house)), renewed(ferry_house)) == (3, [False])
        manager = signed_in_as("building-manager")
        assert "未更新" in text(manager.get("/roster/"))
        assert "未更新" in text(manager.get("/roster/paper/"))
        assert re.search(r"未更新.{0,20}1 家", text(manager.get("/gates/")), re.DOTALL)


# ---- days off


def test_on_friday_the_next_list_is_mondays(staff, ferry_house):
    with clock.frozen(FRIDAY):
        assert list_days.next_working_day(ferry_house, FRIDAY.date()) == date(2020, 3, 23)
        days = list_days.choices(ferry_house)
    assert [(one.date.day, one.works) for one in days] == [(20, True), (21, False), (22, False), (23, True), (24, True)]


def test_a_list_for_a_day_off_counts_on_that_day_alone(staff, clerk, firm, ferry_house):
    with clock.frozen(FRIDAY):
        actions.confirm_roster(clerk, firm, ferry_house, date(2020, 3, 21), [staff[0].pk])
    counts = {day: queries.expected_today(date(2020, 3, day)).get("ferry-house") for day in (20, 21, 22, 23)}
    assert counts == {20: 3, 21: 1, 22: 3, 23: 3}


def test_what_came_on_sunday_is_no_default_for_monday(signed_in_as, staff, clerk, firm, ferry_house):
    with clock.frozen(FRIDAY):
        actions.confirm_roster(clerk, firm, ferry_house, date(2020, 3, 22), [staff[0].pk])
    with clock.frozen(MONDAY + 6 * DAY):
        assert "确认 3 月 23 日 3 人" in text(signed_in_as("company-clerk").get("/roster/"))


def test_a_first_list_filed_on_a_sunday_stands(firm, hire, ferry_house):
    with clock.frozen(MONDAY - DAY):
        actions.take_in_staff(firm, [hire("何以宁").pk])
    assert names(ferry_house) == ["何以宁"]


def test_a_long_holiday_does_not_fill_the_page_with_days(district, ferry_house):
    with clock.frozen(MONDAY.replace(month=1, day=23)):
        assert len(list_days.choices(ferry_house)) <= 10


# ---- late changes


def test_the_desk_puts_somebody_on_todays_list_with_a_reason(staff, hire, desk, ferry_house):
    new = hire("陆听雨")
    assert "陆听雨" not in names(ferry_house)
    list_changes.correct(desk, new, TODAY, "document-seen")
    assert "陆听雨" in names(ferry_house)
    change = ListChange.objects.get()
    assert (change.by, change.reason, change.comes) == (desk, "document-seen", True)
    assert Roster.objects.filter(day=TODAY).count() == 2  # what counted before stays on record


def test_a_desks_change_does_not_make_a_list_renewed(staff, hire, desk, ferry_house):
    with clock.frozen(MONDAY + DAY):
        list_changes.correct(desk, hire("陆听雨"), TOMORROW, "firm-called")
        list_changes.correct(desk, staff[0], TOMORROW, "shift-changed")
        assert names(ferry_house) == sorted(["陆听雨", "周子澄", "白知远"])
        assert renewed(ferry_house) == [False]


def test_a_desks_change_of_a_renewed_list_leaves_it_renewed(staff, clerk, desk, firm, ferry_house):
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [one.pk for one in staff])
    with clock.frozen(EVENING):
        list_changes.correct(desk, staff[0], TOMORROW, "firm-called")
    with clock.frozen(MONDAY + DAY):
        assert (len(names(ferry_house)), renewed(ferry_house)) == (2, [True])


def test_a_list_that_the_desk_began_for_a_firm_is_not_renewed(hire, desk, ferry_house):
    list_changes.correct(desk, hire("陆听雨"), TODAY, "document-seen")
    assert renewed(ferry_house) == [False]


def test_the_desk_leaves_an_open_list_to_its_clerk(staff, desk):
    with pytest.raises(actions.NotPossible, match="还没有截止"):
        list_changes.correct(desk, staff[0], TOMORROW, "firm-called")


def test_a_desk_changes_no_list_of_another_building_and_a_clerk_none_at_all(staff, post, clerk):
    other = post("building-manager", Place.objects.get(code="lamp-tower"))
    for who in (other, clerk):
        with pytest.raises(NotAllowed):
            list_changes.correct(who, staff[0], TODAY, "firm-called")


def test_a_clerk_asks_and_the_desk_answers(signed_in_as, staff, hire, ferry_house):
    new = hire("陆听雨")
    clerk, manager = signed_in_as("company-clerk"), signed_in_as("building-manager")
    for _ in range(2):  # pressed twice
        assert "已请前台处理陆听雨" in text(clerk.post("/roster/", {"place": "ferry-house", "ask": new.pk}))
    asked = ListChangeAsked.objects.get()
    assert Message.objects.filter(text="list-change-asked").count() == 1
    assert "陆听雨" in text(manager.get("/roster/changes/"))
    assert "陆听雨" not in names(ferry_house)
    address = f"/roster/asked/{asked.pk}/"
    assert manager.post(address, {"reason": "mood"}).status_code == 422
    assert manager.post(address, {"reason": "firm-called"}).status_code == 302
    assert "陆听雨" in names(ferry_house)
    assert "企业来电确认" in Message.objects.get(text="list-changed").long
    assert "已有人答复" in text(manager.post(address, {"reason": "firm-called"}))
    assert "陆听雨" in text(manager.get("/roster/changes/"))


def test_what_was_ticked_is_still_ticked_after_asking_about_today(signed_in_as, staff, hire):
    new = hire("陆听雨")
    said = {"place": "ferry-house", "ask": new.pk, "comes": [staff[0].pk]}
    assert "确认 3 月 17 日 1 人" in text(signed_in_as("company-clerk").post("/roster/", said))


def test_the_desk_declines_with_a_reason_and_the_clerk_reads_it(signed_in_as, staff, hire, ferry_house):
    new = hire("陆听雨")
    clerk, manager = signed_in_as("company-clerk"), signed_in_as("building-manager")
    clerk.post("/roster/", {"place": "ferry-house", "ask": new.pk})
    address = f"/roster/asked/{ListChangeAsked.objects.get().pk}/decline/"
    assert manager.post(address, {}).status_code == 422
    assert manager.post(address, {"reason": "not-confirmed"}).status_code == 302
    assert "陆听雨" not in names(ferry_house)
    assert "未办" in text(clerk.get("/roster/"))
    assert "企业无人能够确认" in Message.objects.get(text="list-changed").long


def test_an_ask_that_was_overtaken_says_so(staff, hire, clerk, desk):
    new = hire("陆听雨")
    asked = list_changes.ask(clerk, new, TODAY)
    list_changes.correct(desk, new, TODAY, "document-seen")
    with pytest.raises(actions.NotPossible, match="已经变了"):
        list_changes.correct(desk, new, TODAY, "firm-called", asked)


def test_the_desk_finds_somebody_by_name_and_sees_nobody_of_another_building(signed_in_as, staff, hire, firm):
    hire("何处人", place=Place.objects.get(code="lamp-tower"))
    page = text(signed_in_as("building-manager").get("/roster/changes/?q=何"))
    assert "何以宁" in page
    assert "何处人" not in page


@pytest.mark.parametrize("day", ["x", "2020-02-30", "0001-01-01", "9999-12-31", "2020-03-15"])
def test_a_day_that_is_none_of_the_desks_is_answered_in_words(signed_in_as, staff, day):
    address = f"/roster/changes/{staff[0].pk}/{day}/"
    answer = signed_in_as("building-manager").post(address, {"reason": "firm-called"})
    assert answer.status_code == 422
    assert not ListChange.objects.exists()


# ---- for the manager, and for the dark


def test_the_manager_reads_the_list_by_firm_and_floor(signed_in_as, staff):
    page = text(signed_in_as("building-manager").get("/roster/"))
    assert "云汀渡船厂" in page
    assert "3 层" in page
    assert "何以宁" in page


def test_the_paper_says_when_it_was_made_and_from_which_list_in_both_languages(signed_in_as, staff, ferry_house):
    page = text(signed_in_as("building-manager").get("/roster/paper/"))
    assert str(snapshots.list_numbers([ferry_house])["ferry-house"]) in page
    assert "2020-03-16 08:12" in page
    assert "次日名单（纸质）" in page
    assert "who is expected" in page
    assert page.index("何以宁") > page.index("云汀渡船厂")


def test_the_paper_names_what_the_desk_changed(signed_in_as, staff, desk):
    list_changes.correct(desk, staff[0], TODAY, "firm-called")
    page = text(signed_in_as("building-manager").get("/roster/paper/"))
    assert "前台更正" in page
    assert "何以宁" in page  # as taken off, with who did it and when


def test_a_clerk_prints_only_the_own_firms_list(signed_in_as, staff, firm, ferry_house):
    other = Organisation.objects.create(name="邻居公司", area=firm.area)
    Roster.objects.create(organisation=other, place=ferry_house, day=TODAY)
    clerk = signed_in_as("company-clerk")
    assert "邻居公司" not in text(clerk.get("/roster/?print=1"))
    assert "邻居公司" not in text(clerk.get("/roster/paper/"))
