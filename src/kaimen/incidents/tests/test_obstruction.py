"""A refusal that the person disputes reaches the response team with one press, from wherever they are."""

from datetime import timedelta

import pytest

from kaimen.incidents import actions, disputes, queries
from kaimen.incidents.models import Incident
from kaimen.incidents.tests.conftest import MONDAY, REFUSED
from kaimen.incidents.tests.test_fever import texts
from kaimen.incidents.tests.test_pages import browser, text
from kaimen.kit import clock
from kaimen.notify.models import Message
from kaimen.register.access import NotAllowed
from kaimen.register.models import Person
from kaimen_gate import wire

pytestmark = pytest.mark.django_db(databases=["default", "events"])


@pytest.fixture
def resident(somebody, post):
    """The same person, signed in for themself."""
    held = post("resident")
    account, held.person.account = held.person.account, None
    account.person = somebody
    account.save()
    held.person = somebody
    held.save()
    return type(held).objects.get(pk=held.pk)


@pytest.fixture
def refused(called, node, somebody):
    """They were refused a minute ago; the entry's id."""
    called(**REFUSED)
    return wire.read_entry(node.chain[-1]).id


def pressed(called, entry):
    called(reason="disputed", reasons=("disputed", "colour-refused"), verdict="desk", override=str(entry))


def test_pressed_at_the_gate_it_reaches_the_response_team_about_the_refusal(called, refused, somebody, team, officer):
    pressed(called, refused)
    (waiting,) = queries.waiting(team)
    assert (waiting.incident.entry, waiting.incident.person) == (refused, somebody)
    assert queries.waiting(officer) == []
    assert sorted(Message.objects.values_list("text", flat=True)) == ["dispute-filed", "incident-waits"]


def test_pressed_while_the_network_is_down_it_is_delivered_when_it_is_back(node, send, somebody, team):
    entry = wire.read_entry(node.enter(**REFUSED))
    node.enter(reason="disputed", reasons=("disputed", "colour-refused"), verdict="desk", override=str(entry.id))
    with clock.frozen(MONDAY + timedelta(hours=3)):
        send(node.batch())
        actions.answer_calls()
        incident = Incident.objects.get()
    assert incident.happened_at == MONDAY
    assert incident.due == MONDAY + timedelta(hours=3, minutes=30)  # nobody could have known before


def test_pressed_at_the_gate_and_on_one_s_own_page_it_is_one(called, refused, resident, team):
    disputes.own(resident, refused)
    pressed(called, refused)
    disputes.own(resident, refused)
    assert Incident.objects.count() == 1
    assert texts(team) == ["incident-waits"]


def test_upheld_the_person_is_told_and_the_gate_instructed(refused, resident, team, post, ferry_house):
    guard, manager = post("guard", ferry_house), post("building-manager", ferry_house)
    incident = disputes.own(resident, refused)
    actions.close(team, incident, "let-in")
    assert texts(resident) == ["dispute-answered", "dispute-filed"]
    assert "您的异议成立" in Message.objects.get(text="dispute-answered").long
    assert (texts(guard), texts(manager)) == (["gate-instructed"], ["gate-instructed"])


def test_not_upheld_the_person_is_told_why_and_the_gate_nothing(refused, resident, team, post, ferry_house):
    guard = post("guard", ferry_house)
    actions.close(team, disputes.own(resident, refused), "not-on-list")
    assert "不在当天的名单里" in Message.objects.get(text="dispute-answered").long
    assert texts(guard) == []


def test_one_s_own_page_offers_the_refusals_and_shows_the_answer(refused, resident, team):
    page = browser(resident)
    assert str(refused) in text(page.get("/me/refused/"))
    page.post("/me/refused/", {"entry": str(refused)})
    assert "The response team has it" in text(page.get("/me/refused/"))
    actions.close(team, Incident.objects.get(), "let-in")
    assert "You were right" in text(page.get("/me/refused/"))


@pytest.mark.parametrize("entry", ["", "x", "0195a3c4-7e10-7c3a-9d52-3a1b5c7d9e0f"])
def test_an_entry_that_is_not_one_s_own_opens_nothing(refused, resident, entry):
    answer = browser(resident).post("/me/refused/", {"entry": entry}, follow=True)
    assert answer.status_code == 200
    assert not Incident.objects.exists()


def test_somebody_elses_refusal_is_not_on_one_s_page(refused, post):
    assert str(refused) not in text(browser(post("resident")).get("/me/refused/"))


def test_an_old_refusal_is_not_offered(refused, resident):
    with clock.frozen(MONDAY + timedelta(days=8)):
        assert disputes.refused(resident.person) == []


def test_the_firm_s_clerk_says_it_for_one_of_the_staff(refused, somebody, team, post, firm):
    clerk = browser(post("company-clerk", firm))
    employment = somebody.employments.get()
    assert somebody.name in text(clerk.get("/staff/refused/", {"q": "小渡"}))
    page = text(clerk.get(f"/staff/refused/{employment.pk}/"))
    assert "colour" not in page.lower().replace("colour-scheme", "")
    assert clerk.post(f"/staff/refused/{employment.pk}/", {"place": "ferry-house"}).status_code == 302
    incident = Incident.objects.get()
    assert (incident.entry, incident.way, incident.person) == (refused, "firm", somebody)


def test_a_clerk_speaks_for_nobody_of_another_firm(refused, somebody, post, firm, ferry_house):
    other = type(firm).objects.create(name="云汀灯塔社", area=firm.area)
    clerk = post("company-clerk", other)
    assert browser(clerk).post(f"/staff/refused/{somebody.employments.get().pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        disputes.for_staff(clerk, somebody.employments.get(), ferry_house)


def test_a_counter_says_it_for_who_has_no_phone_and_was_never_scanned(post, district, team, ferry_house):
    caller = Person.objects.create(name="无手机人", given_name="手机人", area=district)
    counter = browser(post("counter-officer", district))
    for _ in range(2):
        counter.post(f"/people/{caller.pk}/refused/", {"place": "ferry-house"})
    incident = Incident.objects.get()
    assert (incident.entry, incident.way, incident.place) == (None, "counter", ferry_house)
    assert texts(team) == ["incident-waits"]


@pytest.mark.parametrize("said", [{}, {"place": "no-such-house"}, {"place": "\x00"}])
def test_a_place_that_is_none_is_said_beside_the_field(post, district, somebody, said):
    answer = browser(post("counter-officer", district)).post(f"/people/{somebody.pk}/refused/", said)
    assert answer.status_code == 422
    assert not Incident.objects.exists()
