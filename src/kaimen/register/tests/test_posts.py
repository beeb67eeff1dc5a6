"""The first posts of an installation: given at the command line, with an account that signs in."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kaimen.kit import clock
from kaimen.register import access, posts
from kaimen.register.models import Account, Area, Organisation, Person, Post

CODE = "91350100M000100Y43"


def kaimen(*words: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def refusal(*words: str) -> str:
    """What it says when it cannot; nothing is half-saved."""
    before = (Person.objects.count(), Account.objects.count(), Post.objects.count())
    with pytest.raises(CommandError) as refused:
        kaimen(*words)
    assert before == (Person.objects.count(), Account.objects.count(), Post.objects.count())
    return str(refused.value)


def test_a_post_comes_with_an_account_whose_password_is_shown_once(district: Area) -> None:
    said = kaimen("post", "give", "lin", "--name", "林一禾", "--role", "grid-officer", "--over", "999901001-01")
    password = re.split("[ ：]", said.strip())[-1]
    assert Account.objects.get(username="lin").check_password(password)
    post = Post.objects.get()
    assert (post.role, post.area and post.area.code, post.person.name) == ("grid-officer", "999901001-01", "林一禾")
    assert access.grants(post, "board.see")


def test_giving_it_again_changes_nothing(district: Area) -> None:
    words = ("post", "give", "lin", "--name", "林一禾", "--role", "grid-officer", "--over", "999901001-01")
    kaimen(*words)
    assert kaimen(*words).count("\n") == 1  # no second line, no password
    assert Post.objects.count() == Account.objects.count() == 1


def test_a_firm_is_filed_and_its_clerk_given_a_post(district: Area) -> None:
    kaimen("firm", CODE, "--name", "云汀渡船厂", "--building", "ferry-house", "--floor", "3")
    kaimen("firm", CODE, "--name", "云汀渡船有限公司", "--building", "ferry-house", "--floor", "3")
    firm = Organisation.objects.get()
    assert (firm.name, firm.premises.count()) == ("云汀渡船有限公司", 1)
    kaimen("post", "give", "gu", "--name", "顾念安", "--role", "company-clerk", "--over", CODE.lower())
    assert Post.objects.get().organisation == firm


def test_a_post_that_ended_grants_nothing_from_the_next_day_on(district: Area) -> None:
    kaimen("post", "give", "lin", "--name", "林一禾", "--role", "grid-officer", "--over", "999901001-01")
    post = Post.objects.get()
    assert str(post.pk) in kaimen("post", "list")
    kaimen("post", "end", str(post.pk))
    ended = Post.objects.get()
    assert ended.until is not None
    assert f"{ended.until}" in kaimen("post", "list")  # it is held to the end of its last day
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert not access.grants(ended, "board.see")
        assert str(post.pk) not in kaimen("post", "list")
    with pytest.raises(posts.NotPossible):
        posts.end_post(post, date(2019, 1, 1))


def test_a_post_that_is_ended_now_opens_no_page_from_that_moment_on(
    district: Area, signed_in_as: Callable[..., Client]
) -> None:
    browser = signed_in_as("auditor")
    assert browser.get("/people/viewings/").status_code == 200
    post = Post.objects.get(role="auditor")
    kaimen("post", "end", str(post.pk), "--now")
    assert browser.get("/people/viewings/").status_code == 403
    assert str(post.pk) not in kaimen("post", "list")
    kaimen("post", "give", post.person.account.username, "--role", "auditor", "--over", district.code)
    assert browser.get("/people/viewings/").status_code == 200, "given again, it is a post of its own"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("give", "x", "--name", "某人", "--role", "emperor", "--over", "999901"), "grid-officer"),
        (("give", "x", "--name", "某人", "--role", "grid-officer", "--over", "123"), "areas/"),
        (("give", "x", "--name", "某人", "--role", "guard", "--over", "999901"), "places/"),
        (("give", "x", "--name", "某人", "--role", "company-clerk", "--over", CODE), "kaimen firm"),
        (("give", "x", "--name", "某人", "--role", "resident", "--over", "999901"), "--over"),
        (("give", "x", "--role", "grid-officer", "--over", "999901001-01"), "--name"),
        (("give", "x", "--name", "12", "--role", "grid-officer", "--over", "999901001-01"), "1"),
        (("give", "x" * 61, "--name", "某人", "--role", "grid-officer", "--over", "999901001-01"), "60"),
        (("end", "no-such-id"), "kaimen post list"),
    ],
)
def test_what_cannot_be_given_is_said_with_what_can(district: Area, words: tuple[str, ...], says: str) -> None:
    assert says in refusal("post", *words)


def test_a_firm_needs_a_code_that_holds_and_a_building_there_is(district: Area) -> None:
    assert "places/" in refusal("firm", CODE, "--name", "厂", "--building", "castle")
    assert refusal("firm", "9135010OM000100Y43", "--name", "厂", "--building", "ferry-house")
    assert refusal("firm", CODE, "--name", "  ", "--building", "ferry-house")
    assert not Organisation.objects.exists()
