"""Signing in: a password, a one-time code where somebody switched it on; no sign-up; tries are counted."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kaimen.register.models import Account, Post

MakePost = Callable[..., Post]
PASSWORD = "a gate that opens at eight"


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """Nobody has tried anything yet."""
    cache.clear()


@pytest.fixture
def account(post: MakePost) -> Account:
    """A grid officer with a password."""
    account: Account = post("grid-officer").person.account
    account.username = "lin"
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(client: Client, password: str = PASSWORD, username: str = "lin") -> str:
    """Send the form; where it leads, or the page it shows again."""
    answer = client.post(reverse("account_login"), {"login": username, "password": password})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"


def switch_on(client: Client) -> str:
    """Say once more who one is, switch one-time codes on; the secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'<span class="num">([A-Z2-7]{32})</span>', page)
    assert found
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(found[1])})
    assert answer.status_code == 302
    return found[1]


def test_the_right_password_leads_to_work(client: Client, account: Account) -> None:
    assert sign_in(client) == reverse("web:start")
    assert client.get(reverse("web:start"))["Location"] == reverse("board:now")


def test_a_wrong_password_is_said_in_words_and_the_name_stays(client: Client, account: Account) -> None:
    page = sign_in(client, "a gate that opens at nine")
    assert "用户名和密码对不上" in page
    assert 'value="lin"' in page
    assert "a gate that" not in page


def test_an_unknown_name_is_answered_like_a_wrong_password(client: Client, account: Account) -> None:
    wrong, unknown = sign_in(client, "wrong"), sign_in(client, "wrong", "nobody")
    strip = re.compile(r'value="[^"]*"|nonce[^ ]*')
    assert strip.sub("", wrong) == strip.sub("", unknown)


def test_tries_are_counted(client: Client, account: Account) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    assert "输错次数太多" in sign_in(client)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client, account: Account) -> None:
    form = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(reverse("account_signup"), form).content.decode()
    assert "怎样取得账号" in page
    assert not Account.objects.filter(username="eve").exists()


def test_a_closed_account_opens_nothing(client: Client, account: Account) -> None:
    Account.objects.update(is_active=False)
    assert sign_in(client) == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_with_one_time_codes_the_password_alone_opens_nothing(client: Client, account: Account) -> None:
    sign_in(client)
    secret = switch_on(client)
    other = Client()
    assert sign_in(other) == reverse("mfa_authenticate")
    assert "_auth_user_id" not in other.session
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    cache.clear()  # the app's present code was used to switch them on; a minute later it shows another
    assert other.post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302
    assert other.session["_auth_user_id"] == str(account.pk)


def test_a_recovery_code_signs_in_once(client: Client, account: Account) -> None:
    sign_in(client)
    switch_on(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    (first, *_others) = re.findall(r"<li>([0-9a-f]{8})</li>", page)
    for tried, expected in ((Client(), 302), (Client(), 200)):
        sign_in(tried)
        assert tried.post(reverse("mfa_authenticate"), {"code": first}).status_code == expected


def test_switching_codes_on_asks_who_is_there(client: Client, account: Account) -> None:
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert "确认是您本人" in page
    wrong = client.post(reverse("account_reauthenticate"), {"password": "guess"}).content.decode()
    assert "这不是您的当前密码" in wrong


def test_switching_codes_off_asks_who_is_there(client: Client, account: Account) -> None:
    sign_in(client)
    switch_on(client)
    session = client.session
    session["account_authentication_methods"] = []  # half an hour later
    session.save()
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer["Location"].startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate")))


def test_the_password_is_changed_by_who_knows_it(client: Client, account: Account) -> None:
    sign_in(client)
    new = "the second door on the left"
    form = {"oldpassword": "guess", "password1": new, "password2": new}
    assert "这不是您的当前密码" in client.post(reverse("account_change_password"), form).content.decode()
    assert client.post(reverse("account_change_password"), form | {"oldpassword": PASSWORD}).status_code == 302
    account.refresh_from_db()
    assert account.check_password(new)


def test_a_short_password_is_refused_in_words(client: Client, account: Account) -> None:
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "10" in client.post(reverse("account_change_password"), form).content.decode()
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_signing_out_is_a_button_not_a_link(client: Client, account: Account) -> None:
    sign_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_way_back_stays_in_the_house(client: Client, account: Account) -> None:
    form = {"login": "lin", "password": PASSWORD, "next": "https://example.org/"}
    assert client.post(reverse("account_login"), form)["Location"] == reverse("web:start")


@pytest.mark.parametrize("way_back", ["//[", "http://[", "https://example.org\\@[", "javascript:alert(1)"])
def test_a_way_back_that_is_no_address_is_left_out(client: Client, account: Account, way_back: str) -> None:
    assert client.get(reverse("account_login"), {"next": way_back}).status_code == 200
    form = {"login": "lin", "password": PASSWORD, "next": way_back}
    assert client.post(reverse("account_login"), form)["Location"] == reverse("web:start")
