"""One's own file: everything on it, who looked, what was agreed to, how one signs in."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaimen.kit import clock
from kaimen.register.actions import file_person, open_file
from kaimen.register.models import Account, Area, Consent, ConsentWithdrawn, Person, Post
from kaimen.register.queries import viewings_within

MakeId = Callable[..., str]
TODAY = clock.today(ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def person(district: Area, synthetic_id: MakeId) -> Person:
    """Somebody with an account and no password."""
    person = file_person(None, "王芳", synthetic_id(1), "13800000001", district, Person.Assurance.SELF_DECLARED)
    account = Account(username="p1", person=person)
    account.set_unusable_password()
    account.save()
    return person


@pytest.fixture
def browser(person: Person) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(person.account)
    return client


def test_who_looked_is_read_along_an_index_and_never_sorted(post: Callable[..., Post], district: Area) -> None:
    with CaptureQueriesContext(connection) as asked:
        viewings_within(post("auditor", district))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[-1]['sql']}")
        plan = str(cursor.fetchall())
    assert "viewing_newest_first" in plan
    assert "TEMP B-TREE" not in plan


def test_numbers_are_masked_until_their_person_asks_and_are_never_cached(browser: Client, synthetic_id: MakeId) -> None:
    page = browser.get("/me/").content.decode()
    assert synthetic_id(1) not in page
    assert synthetic_id(1)[-4:] in page
    shown = browser.post("/me/", {"reveal": "1"})
    assert synthetic_id(1) in shown.content.decode()
    assert "13800000001" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]


def test_one_reads_who_opened_ones_file_by_office_and_not_by_name(
    browser: Client, person: Person, post: Callable[..., Post], district: Area
) -> None:
    open_file(post("counter-officer", district, name="周岗"), person.pk)
    page = browser.get("/me/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "窗口工作人员 · 河东区" in page
    assert "周岗" not in page


def test_a_consent_is_given_for_a_time_and_taken_back_at_once(browser: Client, person: Person) -> None:
    until = TODAY + timedelta(days=30)
    data = {"purpose": "fetch-card", "to": "王明", "until": until.isoformat()}
    assert browser.post("/me/consents/", data).status_code == 302
    consent = Consent.objects.get()
    assert (consent.person, consent.to, consent.until) == (person, "王明", until)
    assert "王明" in browser.get("/me/").content.decode()
    for _ in range(2):
        assert browser.post(f"/me/consents/{consent.pk}/withdraw/").status_code == 302
    assert ConsentWithdrawn.objects.count() == 1
    assert "王明" not in browser.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "entered"),
    [
        ("until", "2001-01-01"), ("until", "9999-12-31"), ("until", "morgen"), ("until", "\x00"), ("until", ""),
        ("to", ""), ("to", "<b>"), ("purpose", "everything"),
    ],
)  # fmt: skip
def test_a_consent_without_end_person_or_purpose_is_refused_at_its_field(
    field: str, entered: str, browser: Client
) -> None:
    data = {"purpose": "fetch-card", "to": "王明", "until": (TODAY + timedelta(days=3)).isoformat()}
    answer = browser.post("/me/consents/", data | {field: entered})
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Consent.objects.exists()


def test_nobody_takes_back_the_consent_of_somebody_else(browser: Client, district: Area) -> None:
    other = Person.objects.create(name="李强", area=district)
    consent = Consent.objects.create(person=other, to="王明", purpose="fetch-card", until=TODAY)
    assert browser.post(f"/me/consents/{consent.pk}/withdraw/").status_code == 404
    assert not ConsentWithdrawn.objects.exists()


def test_who_came_in_with_a_code_may_set_a_password_and_then_signs_in_with_it(browser: Client) -> None:
    data = {"username": "fang.w", "password": "ein langer Satz 8"}
    assert browser.post("/me/password/", data).headers["Location"] == "/me/"
    assert browser.get("/me/").status_code == 200
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "fang.w", "password": data["password"]})
    assert fresh.get("/me/").status_code == 200
    assert browser.get("/me/password/").headers["Location"] == "/accounts/password/"


@pytest.mark.parametrize(
    ("field", "entered"),
    [
        ("username", "x"), ("username", "王芳"), ("username", "TAKEN"),
        ("password", "short"), ("password", "password123"),
    ],
)  # fmt: skip
def test_a_weak_password_or_a_taken_name_is_refused_in_words(
    field: str, entered: str, browser: Client, person: Person
) -> None:
    Account.objects.create(username="taken")
    data = {"username": "fang.w", "password": "ein langer Satz 8"} | {field: entered}
    answer = browser.post("/me/password/", data)
    assert f'href="#id_{field}"' in answer.content.decode()
    person.account.refresh_from_db()
    assert not person.account.has_usable_password()


def test_an_account_of_no_person_has_no_file(district: Area) -> None:
    client = Client()
    client.force_login(Account.objects.create_user("machine", "a long password"))
    assert client.get("/me/").status_code == 404
