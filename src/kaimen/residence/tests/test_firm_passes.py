"""A firm asks, the community answers, and the pass somebody holds opens the community's gates until the last day."""

from datetime import timedelta

import pytest

from kaimen.gate import snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass
from kaimen.gate.tests.conftest import MONDAY, ferry_house, monday_morning  # noqa: F401
from kaimen.kit import clock
from kaimen.register.access import NotAllowed
from kaimen.register.models import Employment, Person, Place
from kaimen.residence import firm_passes
from kaimen.residence.models import FirmPassAnswered, FirmPassAsked

pytestmark = pytest.mark.django_db(databases=["default", "events"])
UNTIL = MONDAY.date() + timedelta(days=10)


@pytest.fixture
def yard(district):
    return Place.objects.get(code="willow-yard")


@pytest.fixture
def somebody(firm, ferry_house, district):  # noqa: F811
    person = Person.objects.create(name="远归人", area=district)
    return Employment.objects.create(
        person=person, organisation=firm, name=person.name, place=ferry_house, id_tail="321X"
    )


@pytest.fixture
def clerk(post, firm):
    return post("company-clerk", firm)


@pytest.fixture
def officer(post, yard):
    return post("community-officer", yard.area)


def expected():
    return {one.name: one for one in snapshots.snapshot_of(Place.objects.get(code="willow-yard-south")).people}


def text(answer):
    return answer.content.decode()


def test_the_community_says_yes_and_its_gates_expect_them_by_the_pass_they_hold(clerk, officer, somebody, yard):
    asked = firm_passes.ask(clerk, somebody, yard, UNTIL)
    assert "远归人" not in expected()
    firm_passes.answer(officer, asked)
    one = expected()["远归人"]
    assert (one.comes_as, one.id_tail) == ("firm-pass", "321X")
    assert one.index == Pass.objects.get(person=somebody.person).index


def test_it_ends_after_its_last_day_and_when_they_leave_the_firm(clerk, officer, somebody, yard):
    firm_passes.answer(officer, firm_passes.ask(clerk, somebody, yard, UNTIL))
    with clock.frozen(MONDAY + timedelta(days=10)):
        assert "远归人" in expected()
    with clock.frozen(MONDAY + timedelta(days=11)):
        assert "远归人" not in expected()
    Employment.objects.filter(pk=somebody.pk).update(left_on=MONDAY.date())
    assert "远归人" not in expected()


def test_a_no_has_a_reason_and_the_firm_may_ask_again(clerk, officer, somebody, yard):
    asked = firm_passes.ask(clerk, somebody, yard, UNTIL)
    assert firm_passes.ask(clerk, somebody, yard, UNTIL) == asked
    firm_passes.answer(officer, asked, "papers-missing")
    assert firm_passes.answer(officer, asked).refused == "papers-missing"  # the first answer stands
    assert "远归人" not in expected()
    again = firm_passes.ask(clerk, somebody, yard, UNTIL)
    assert again != asked
    with pytest.raises(NotPossible):
        firm_passes.answer(officer, again, "because")
    firm_passes.answer(officer, again)
    assert "远归人" in expected()


def test_nobody_asks_for_another_firms_staff_nor_answers_for_another_area(post, clerk, officer, somebody, yard, firm):
    with pytest.raises(NotAllowed):
        firm_passes.answer(clerk, firm_passes.ask(clerk, somebody, yard, UNTIL))
    with pytest.raises(NotAllowed):
        firm_passes.ask(officer, somebody, yard, UNTIL)
    for until in (MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=61)):
        with pytest.raises(NotPossible):
            firm_passes.ask(clerk, somebody, yard, until)
    with pytest.raises(NotPossible):
        firm_passes.ask(clerk, somebody, somebody.place, UNTIL)


def test_clerk_and_officer_do_it_on_their_pages(signed_in_as, somebody, yard):
    clerk, officer = signed_in_as("company-clerk"), signed_in_as("community-officer")
    said = {"employment": str(somebody.pk), "place": "willow-yard", "until": f"{UNTIL}"}
    assert clerk.post("/firm-passes/", said | {"until": "2021-01-01"}).status_code == 422
    clerk.post("/firm-passes/", said)
    assert "待答复" in text(clerk.get("/firm-passes/"))
    assert "远归人" in text(officer.get("/households/firm-passes/"))
    officer.post(f"/households/firm-passes/{FirmPassAsked.objects.get().pk}/", {"refused": "not-living-here"})
    assert FirmPassAnswered.objects.get().refused == "not-living-here"
    assert "不住在本小区" in text(clerk.get("/firm-passes/"))
    assert signed_in_as("guard").get("/households/firm-passes/").status_code == 403
