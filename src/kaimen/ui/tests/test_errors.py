"""When something does not work, the page says what to do next."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory
from django.utils import translation

from kaimen.ui import errors


def words(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_an_address_that_leads_nowhere_says_where_to_go(client: Client, db: None) -> None:
    chinese = client.get("/nowhere/")
    assert chinese.status_code == 404
    assert "请核对网址" in words(chinese)
    assert "Check the address" in words(client.get("/nowhere/", headers={"accept-language": "en"}))


def test_a_program_gets_the_same_as_data(client: Client, db: None) -> None:
    answer = client.get("/api/gate/nowhere")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "remedy"}


def test_a_form_without_a_token_is_answered_in_words(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "这张表过期了" in words(answer)


@pytest.mark.parametrize(
    ("handler", "status"), [(errors.bad_request, 400), (errors.not_allowed, 403), (errors.not_found, 404)]
)
def test_every_error_says_what_and_what_next(handler: object, status: int, db: None) -> None:
    with translation.override("en"):
        answer = handler(RequestFactory().get("/"), PermissionDenied("inside words"))  # type: ignore[operator]
    assert answer.status_code == status
    assert words(answer).count("<p") >= 3
    assert "inside words" not in words(answer)


def test_a_body_that_is_too_large_says_what_is_taken() -> None:
    answer = errors.bad_request(RequestFactory().get("/"), RequestDataTooBig("at most 10 MB"))
    assert answer.status_code == 413
    assert "at most 10 MB" in words(answer)


def test_what_django_suspects_is_not_told() -> None:
    assert "secret" not in words(errors.bad_request(RequestFactory().get("/"), SuspiciousOperation("secret")))


def test_our_own_failure_needs_no_database_and_speaks_both_languages() -> None:
    answer = errors.failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "我们这边出了错" in words(answer)
    assert "Something failed on our side" in words(answer)
    assert errors.failed(RequestFactory().get("/api/gate/lists")).headers["Content-Type"] == "application/json"
