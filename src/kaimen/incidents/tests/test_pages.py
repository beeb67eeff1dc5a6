"""The desks: what each office sees, that every look is written down, and what bad input is answered."""

from datetime import timedelta

import pytest
from django.test import Client

from kaimen.gate.models import Pass
from kaimen.incidents.models import Act, Incident
from kaimen.incidents.tests.conftest import FEVER, MONDAY, REFUSED
from kaimen.kit import clock
from kaimen.register.models import Viewing

pytestmark = pytest.mark.django_db(databases=["default", "events"])


def browser(post):
    client = Client(headers={"accept-language": "en"})
    client.cookies["kaimen_language"] = "en"
    client.force_login(post.person.account)
    return client


def text(answer):
    return answer.content.decode()


def test_the_list_shows_number_and_clock_and_no_name(called, somebody, officer):
    called(**FEVER)
    page = text(browser(officer).get("/incidents/"))
    assert Incident.objects.get().number in page
    assert "30 minutes left" in page
    assert somebody.name not in page
    assert not Viewing.objects.exists()


def test_opening_one_names_the_person_and_is_written_down(called, somebody, officer):
    called(**FEVER)
    page = text(browser(officer).get(f"/incidents/{Incident.objects.get().pk}/"))
    assert somebody.name in page
    assert "37.9" in page
    looked = Viewing.objects.get()
    assert (looked.person, looked.by, looked.what) == (somebody, officer, "incident")


def test_another_office_finds_nothing_there(called, team, officer):
    called(**FEVER)
    assert browser(team).get(f"/incidents/{Incident.objects.get().pk}/").status_code == 404
    assert not Viewing.objects.exists()


def test_taken_over_and_closed_on_the_page(called, somebody, officer):
    called(**FEVER)
    desk, at = browser(officer), f"/incidents/{Incident.objects.get().pk}/"
    assert desk.post(f"{at}take/").headers["location"] == at
    answer = desk.post(at, {"outcome": "sent-to-clinic"}, follow=True)
    assert "Nothing needs you now" in text(answer)
    assert "Taken to a fever clinic" in text(answer)
    assert desk.post(f"{at}take/", follow=True).status_code == 200
    assert Act.objects.count() == 2


@pytest.mark.parametrize("said", [{}, {"outcome": ""}, {"outcome": "cured"}, {"outcome": "x" * 5_000}])
def test_an_outcome_that_is_none_closes_nothing_and_says_so(called, officer, said):
    called(**FEVER)
    answer = browser(officer).post(f"/incidents/{Incident.objects.get().pk}/", said)
    assert answer.status_code == 422
    assert not Act.objects.exists()


def test_the_level_above_sees_what_is_late_and_who_has_it_and_nobody_s_name(called, somebody, officer, post, district):
    called(**FEVER)
    above = post("district-commander", district)
    with clock.frozen(MONDAY + timedelta(minutes=45)):
        page = text(browser(above).get("/incidents/watch/"))
    assert "15 minutes over" in page
    assert "1 overdue / 1 open" in page
    assert somebody.name not in page


def test_disputed_refusals_are_counted_by_place(called, somebody, team, post, district):
    for n, outcome in enumerate(["let-in", "by-the-rules", ""]):
        Pass.objects.create(person=somebody, index=50 + n, expires=MONDAY.replace(year=2021))
        called(**{**REFUSED, "reason": "disputed", "reasons": ("disputed", "revoked"), "index": 50 + n})
        if outcome:
            browser(team).post(f"/incidents/{Incident.objects.latest('id').pk}/", {"outcome": outcome})
    page = text(browser(post("district-commander", district)).get("/incidents/watch/"))
    assert [f'">{said}</td>' in page for said in ("3", "1/2", "0/3")] == [True] * 3
