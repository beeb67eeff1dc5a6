"""Pages of messages: mine are mine, the log shows no names, a letter is printed once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kaimen.notify import actions, queries
from kaimen.notify.models import Delivery
from kaimen.register.models import Area, Person, Post

SignIn = Callable[..., Client]
MakePost = Callable[..., Post]


@pytest.fixture
def resident(post: MakePost) -> Post:
    """A resident with an account."""
    return post("resident", name="宋小渡")


@pytest.fixture
def browser(resident: Post) -> Client:
    """The resident's browser, in English."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["kaimen_language"] = "en"
    client.force_login(resident.person.account)
    return client


def test_the_log_is_read_along_an_index_and_never_sorted(post: MakePost, district: Area) -> None:
    plan = queries.deliveries(post("auditor", district))[:50].explain()
    assert "delivery_newest_first" in plan
    assert "TEMP B-TREE" not in plan


def test_i_read_what_was_sent_to_me(browser: Client, resident: Post) -> None:
    message = actions.send("pass-issued", resident.person, expires=date(2020, 4, 15))
    page = browser.get(reverse("notify:messages")).content.decode()
    assert "Your pass is ready" in page
    assert "unread" in page
    assert "holds until" in browser.get(reverse("notify:message", args=[message.pk])).content.decode()
    assert "unread" not in browser.get(reverse("notify:messages")).content.decode()


def test_nobody_reads_what_was_sent_to_another(browser: Client, district: Area) -> None:
    other = Person.objects.create(name="别的人", area=district)
    message = actions.send("pass-issued", other, expires=date(2020, 4, 15))
    assert browser.get(reverse("notify:message", args=[message.pk])).status_code == 404


def test_the_log_shows_what_became_of_it_and_not_to_whom(signed_in_as: SignIn, resident: Post) -> None:
    actions.send("join-code", resident.person, code="987654", minutes=10)
    page = signed_in_as("auditor").get(reverse("notify:deliveries")).content.decode()
    assert "登记验证码" in page
    assert str(resident.person_id) in page
    assert "宋小渡" not in page
    assert "987654" not in page


def test_the_log_ends_at_the_border_of_the_area(signed_in_as: SignIn, district: Area) -> None:
    elsewhere = Area.objects.create(name="别处", code="000001", level="district", path="/000001/")
    actions.send("join-code", Person.objects.create(name="远方人", area=elsewhere), code="987654", minutes=10)
    assert "登记验证码" not in signed_in_as("auditor").get(reverse("notify:deliveries")).content.decode()


def test_a_letter_is_printed_in_the_language_of_whom_it_is_for(signed_in_as: SignIn, resident: Post) -> None:
    actions.send("pass-revoked", resident.person, reason="遗失")
    delivery = Delivery.objects.get(channel="print")
    counter = signed_in_as("counter-officer")
    counter.cookies["kaimen_language"] = "en"
    assert "宋小渡" in counter.get(reverse("notify:letters")).content.decode()
    assert "您的通行证已收回" in counter.get(reverse("notify:letter", args=[delivery.pk])).content.decode()
    counter.post(reverse("notify:printed", args=[delivery.pk]))
    assert Delivery.objects.get(pk=delivery.pk).state == Delivery.State.SENT
    assert "宋小渡" not in counter.get(reverse("notify:letters")).content.decode()


def test_the_log_is_not_for_everybody(browser: Client) -> None:
    assert browser.get(reverse("notify:deliveries")).status_code == 403
