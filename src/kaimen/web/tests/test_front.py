"""The front: where one begins, what one finds, how the house is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django_tasks_db.models import DBTaskResult

from kaimen.kit import clock
from kaimen.notify.tasks import deliver
from kaimen.packs import Pack
from kaimen.register.definitions import Role
from kaimen.register.models import Area, Organisation, Person, Post
from kaimen.schedule import runs
from kaimen.web import health

SignIn = Callable[..., Client]
FIRST = {
    "resident": "gate:own_pass",
    "district-commander": "board:now",
    "counter-officer": "register:counter",
}


@pytest.mark.django_db(databases=["default", "events"])
def test_everybody_begins_on_a_page_they_may_open(signed_in_as: SignIn, template_pack: Pack) -> None:
    for role in template_pack.all(Role):
        browser = signed_in_as(role.slug)
        first = browser.get(reverse("web:start"))["Location"]
        assert browser.get(first, follow=True).status_code == 200, (role.slug, first)
        if role.slug in FIRST:
            assert resolve(first).view_name == FIRST[role.slug]


def test_who_holds_no_post_reads_their_own_file(post: Callable[..., Post]) -> None:
    held = post("guard")
    account = held.person.account
    held.delete()
    browser = Client()
    browser.force_login(account)
    assert browser.get(reverse("web:start"))["Location"] == reverse("register:me")


def test_searching_finds_people_by_name_and_by_given_name(signed_in_as: SignIn, district: Area) -> None:
    Person.objects.create(name="欧阳震华", given_name="震华", area=district)
    browser = signed_in_as("counter-officer")
    for text in ("欧阳", "震华"):
        assert "欧阳震华" in browser.post(reverse("web:search"), {"q": text}).content.decode()


def test_searching_ends_at_the_border_of_the_post(signed_in_as: SignIn) -> None:
    elsewhere = Area.objects.create(name="别处", code="000001", level="district", path="/000001/")
    Person.objects.create(name="远方人", given_name="方人", area=elsewhere)
    Organisation.objects.create(name="远方公司", area=elsewhere)
    page = signed_in_as("counter-officer").post(reverse("web:search"), {"q": "远方"}).content.decode()
    assert "远方人" not in page
    assert "远方公司" not in page
    assert "没有找到" in page


def test_who_sees_the_board_finds_firms_and_buildings_but_no_people(
    signed_in_as: SignIn, firm: Organisation, district: Area
) -> None:
    Person.objects.create(name="渡口人", given_name="口人", area=district)
    page = signed_in_as("district-commander").post(reverse("web:search"), {"q": "渡"}).content.decode()
    assert "云汀渡船厂" in page
    assert "渡口大厦" in page
    assert "渡口人" not in page


def test_a_guard_searches_nothing_and_is_told_so(signed_in_as: SignIn, firm: Organisation) -> None:
    page = signed_in_as("guard").post(reverse("web:search"), {"q": "渡"}).content.decode()
    assert "您的岗位不能查找" in page
    assert "云汀渡船厂" not in page


def test_a_number_that_cannot_be_one_is_said_so_and_stays(signed_in_as: SignIn) -> None:
    page = signed_in_as("counter-officer").post(reverse("web:search"), {"q": "370299199001011235"}).content.decode()
    assert "370299199001011235" in page
    assert "govuk-error-message" in page


def test_what_is_searched_for_stands_in_no_address(signed_in_as: SignIn, district: Area) -> None:
    Person.objects.create(name="某某人", given_name="某人", area=district)
    assert "某某人" not in signed_in_as("counter-officer").get(reverse("web:search"), {"q": "某"}).content.decode()


@pytest.mark.django_db(databases=["default", "events"])
def test_health_says_a_word_for_each_thing(client: Client, district: Area) -> None:
    runs.note_due(clock.now())  # a worker has begun
    answer = client.get(reverse("web:health"))
    assert answer.status_code == 200
    well = dict.fromkeys(("database", "events", "worker", "jobs", "log", "pack"), "ok")
    assert answer.json() == well | {"node": "missing"}


@pytest.mark.django_db(databases=["default", "events"])
def test_jobs_and_a_log_that_are_behind_are_noticed(district: Area) -> None:
    assert health.state()["jobs"] == "late", "no worker has ever run"
    runs.note_due(clock.now())
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        assert {name for name, said in health.state().items() if said == "late"} == {"jobs", "log"}


@pytest.mark.django_db(databases=["default", "events"])
def test_without_a_pack_the_house_is_not_well(client: Client) -> None:
    answer = client.get(reverse("web:health"))
    assert (answer.status_code, answer.json()["pack"]) == (503, "missing")


@pytest.mark.django_db(databases=["default", "events"])
def test_a_worker_that_does_nothing_is_noticed(district: Area) -> None:
    deliver.enqueue("01a20902-a5e4-7420-9c49-a67f83286a8e")
    assert health.state()["worker"] == "ok"
    row = DBTaskResult.objects.get()
    DBTaskResult.objects.update(enqueued_at=row.enqueued_at - timedelta(minutes=2))
    assert health.state()["worker"] == "late"


def test_health_needs_no_sign_in_and_says_no_secret(
    client: Client, district: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_QUESTIONS", {"database": _broken})
    answer = client.get(reverse("web:health"))
    assert (answer.status_code, answer.json()) == (503, {"database": "failed"})


def _broken() -> health.State:
    raise OSError("/srv/secret/kaimen.sqlite3")
