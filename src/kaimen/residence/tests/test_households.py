"""Households are graded, get their cards, and come in by them in the hours of their grade."""

from datetime import timedelta

import pytest

from kaimen.gate import snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass, PassRevoked
from kaimen.gate.tests.conftest import MONDAY, ferry_house, monday_morning  # noqa: F401
from kaimen.kit import clock
from kaimen.register.access import NotAllowed
from kaimen.register.models import Area, Household, Person, Place
from kaimen.residence import actions, queries
from kaimen.residence.models import EntryCard, Grading

pytestmark = pytest.mark.django_db(databases=["default", "events"])


@pytest.fixture
def court(ferry_house):  # noqa: F811
    """The closed community of the template; nobody lives there yet."""
    return Place.objects.get(code="willow-yard")


@pytest.fixture
def officer(post, court):
    return post("community-officer", court.area)


@pytest.fixture
def homes(officer, court):
    """Three households."""
    return [actions.add_household(officer, court, f"1-1-{n}01", f"户主{n}") for n in (1, 2, 3)]


def expected(code="willow-yard-south"):
    return {one.name: one for one in snapshots.snapshot_of(Place.objects.get(code=code)).people}


def text(answer):
    return answer.content.decode()


def test_every_household_gets_one_card_and_comes_in_by_it(officer, court, homes):
    assert actions.issue_missing(officer, court) == 3
    assert actions.issue_missing(officer, court) == 0
    one = expected()["户主1"]
    assert one.comes_as == "resident"
    six, ten = MONDAY - timedelta(hours=2, minutes=12), MONDAY + timedelta(hours=13, minutes=48)  # local 06:00, 22:00
    assert (one.begins, one.ends) == (int(six.timestamp()), int(ten.timestamp()))
    assert sorted(EntryCard.objects.values_list("number", flat=True)) == [f"WILLOW-YARD-000{n}" for n in (1, 2, 3)]


def test_the_guard_reads_grade_and_address(officer, court, homes):
    actions.issue_missing(officer, court)
    behind = snapshots.snapshot_of(court).organisations
    assert ("普通户 · 1-1-101", "Usual · 1-1-101", True) in behind


def test_a_household_that_stays_at_home_has_no_card_and_is_not_expected(officer, court, homes):
    actions.grade(officer, homes[0], "at-home", "came-from-elsewhere")
    assert actions.issue_missing(officer, court) == 2
    actions.grade(officer, homes[1], "at-home", "came-from-elsewhere")
    assert set(expected()) == {"户主3"}
    actions.grade(officer, homes[1], "watched", "observation-over")
    one = expected()["户主2"]
    assert one.ends == int(MONDAY.replace(hour=10, minute=0).timestamp())


def test_a_lost_card_opens_nothing_and_its_household_gets_another(officer, court, homes):
    actions.issue_missing(officer, court)
    lost = EntryCard.objects.get(household=homes[0])
    again = actions.replace(officer, lost)
    assert again is not None
    assert PassRevoked.objects.get().revoked == lost.carried
    assert again.number == "WILLOW-YARD-0004"
    assert expected()["户主1"].index == again.carried.index
    with pytest.raises(NotPossible):
        actions.replace(officer, lost)
    assert Pass.objects.count() == 4


def test_a_card_lost_while_the_household_stays_at_home_is_dead_when_that_is_over(officer, court, homes):
    actions.issue_missing(officer, court)
    lost = EntryCard.objects.get(household=homes[0])
    actions.grade(officer, homes[0], "at-home", "came-from-elsewhere")
    assert actions.replace(officer, lost) is None
    actions.grade(officer, homes[0], "usual", "observation-over")
    assert "户主1" not in expected()
    assert lost.carried.index in snapshots.snapshot_of(court).revoked
    assert actions.issue_missing(officer, court) == 1


def test_a_card_ends_when_its_grade_says_and_then_the_next_is_missing(officer, court, homes):
    actions.grade(officer, homes[0], "watched", "survey")
    actions.issue_missing(officer, court)
    with clock.frozen(MONDAY + timedelta(days=14)):
        assert actions.issue_missing(officer, court) == 1
    with clock.frozen(MONDAY + timedelta(days=30)):
        assert actions.issue_missing(officer, court) == 3


def test_an_address_is_there_once(officer, court, homes):
    with pytest.raises(NotPossible):
        actions.add_household(officer, court, "1-1-101", "别人")
    assert Person.objects.filter(name="别人").count() == 0


def test_an_officer_keeps_the_households_of_her_own_area_alone(post, court, homes):
    elsewhere = Area.objects.create(code="elsewhere", level="grid", name="别处", path="/elsewhere/")
    stranger = post("community-officer", elsewhere)
    for act in (
        lambda: actions.issue_missing(stranger, court),
        lambda: actions.grade(stranger, homes[0], "watched", "survey"),
        lambda: actions.add_household(stranger, court, "9", "甲"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_unit_of_a_thousand_households_takes_few_statements(officer, court, django_assert_max_num_queries):
    people = [Person(name=f"户{n}", area=court.area) for n in range(300)]
    Person.objects.bulk_create(people)
    homes = [Household(place=court, address=f"2-{n}") for n in range(300)]
    Household.objects.bulk_create(homes)
    through = Household.members.through
    through.objects.bulk_create(
        through(household_id=one.pk, person_id=who.pk) for one, who in zip(homes, people, strict=True)
    )
    with django_assert_max_num_queries(30):
        assert actions.issue_missing(officer, court) == 300
    with django_assert_max_num_queries(24):
        assert len(expected("willow-yard")) == 300


# ---- pages


def test_an_officer_sees_the_units_issues_cards_and_prints_them(signed_in_as, court, homes):
    browser = signed_in_as("community-officer")
    page = text(browser.get("/households/"))
    assert "柳园小区" in page
    assert "补发 3 张联系卡" in text(browser.get("/households/willow-yard/"))
    browser.post("/households/willow-yard/")
    sheet = text(browser.get("/households/willow-yard/cards/"))
    assert sheet.count('class="qr"') == 3
    alone = text(browser.get(f"/households/willow-yard/cards/?household={homes[0].pk}"))
    assert alone.count('class="qr"') == 1
    assert browser.get("/households/willow-yard/cards/?household=x").status_code == 404


def test_an_officer_adds_finds_and_grades_a_household(signed_in_as, court):
    browser = signed_in_as("community-officer")
    answer = browser.post("/households/willow-yard/new/", {"address": "3-2-501", "name": "苇一鸣"}, follow=True)
    assert "3-2-501" in text(answer)
    again = browser.post("/households/willow-yard/new/", {"address": "3-2-501", "name": "苇一鸣"})
    assert again.status_code == 422
    household = Household.objects.get()
    assert "苇一鸣" in text(browser.get("/households/willow-yard/?q=一鸣"))
    assert "没有符合的住户" in text(browser.get("/households/willow-yard/?q=无此人"))
    wrong = browser.post(f"/households/of/{household.pk}/", {"grade": "none", "reason": "survey"})
    assert wrong.status_code == 422
    browser.post(f"/households/of/{household.pk}/", {"grade": "watched", "reason": "survey"})
    assert Grading.objects.get().grade == "watched"
    assert "入户摸排" in text(browser.get(f"/households/of/{household.pk}/"))


def test_a_lost_card_is_replaced_by_one_press(signed_in_as, officer, court, homes):
    actions.issue_missing(officer, court)
    card = EntryCard.objects.get(household=homes[0])
    browser = signed_in_as("community-officer")
    browser.post(f"/households/cards/{card.pk}/lost/")
    browser.post(f"/households/cards/{card.pk}/lost/")
    assert EntryCard.objects.filter(household=homes[0]).count() == 2
    assert queries.good_cards().filter(household=homes[0]).count() == 1


def test_households_are_nobody_elses_business(signed_in_as, court, homes):
    for role in ("guard", "company-clerk", "building-manager"):
        assert signed_in_as(role).get("/households/willow-yard/").status_code == 403
    assert signed_in_as("community-officer").get("/households/ferry-house/").status_code == 404
