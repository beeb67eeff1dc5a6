"""What a page may do in the browser."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kaimen.ui.security import SecurityHeaders, content_policy, may_use


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(getattr(request, "csp_nonce", ""))


@may_use("camera", "webassembly")
def scanner(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def answer(view: object) -> HttpResponse:
    request = RequestFactory().get("/")
    middleware = SecurityHeaders(plain)
    middleware.process_view(request, view)  # type: ignore[arg-type]
    return middleware(request)


def test_scripts_in_the_page_need_the_nonce_of_that_answer() -> None:
    first, second = answer(plain), answer(plain)
    nonce = first.content.decode()
    assert f"'nonce-{nonce}'" in first.headers["Content-Security-Policy"]
    assert nonce != second.content.decode()


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    policy = content_policy("n")
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


def test_only_a_view_that_was_given_the_camera_may_use_it() -> None:
    assert "camera=()" in answer(plain).headers["Permissions-Policy"]
    given = answer(scanner)
    assert "camera=(self)" in given.headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in given.headers["Content-Security-Policy"]


def test_a_power_nobody_knows_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="camera, webassembly"):
        may_use("microphone")


def test_a_page_is_not_kept_by_what_stands_between(client: Client, db: None) -> None:
    assert client.get("/style/").headers["Cache-Control"] == "private, no-cache"
