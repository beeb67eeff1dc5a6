"""Every address is behind access, for every role and for nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, path

from kaimen.kit import clock
from kaimen.packs import read_folder
from kaimen.register.access import PERMISSIONS, post_required, public
from kaimen.register.definitions import Role
from kaimen.register.models import Area
from kaimen.schedule import runs
from tests.architecture.addresses import NODE, PUBLIC, SIGNED_IN, WITNESS, Address, addresses, verdict
from tests.architecture.sources import nothing

pytestmark = pytest.mark.django_db(databases=["default", "events"])

ROLES = read_folder(Path(__file__).parents[2] / "packs" / "template").all(Role)
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def worker() -> None:
    """A worker has begun: without one the house is not well, and says so with 503."""
    runs.note_due(clock.now())


def _all() -> list[Address]:
    return list(addresses(get_resolver().url_patterns))


def _complaints(client: Client, may: Callable[[Address], bool]) -> list[str]:
    client.raise_request_exception = False
    found = []
    for address in _all():
        allowed = may(address)
        answers = [client.get(address.path)]
        if not allowed:
            answers.append(client.post(address.path))
        for answer in answers:
            b"".join(answer)  # a file that is sent is closed at its end
            wrong = verdict(address, may=allowed, status=answer.status_code, location=answer.get("Location", ""))
            if wrong:
                found.append(f"{answer.request['REQUEST_METHOD']} {wrong}")
    return found


def test_every_view_says_who_may_open_it() -> None:
    nothing(address.path for address in _all() if address.access is None)


def test_every_permission_asked_for_is_one_a_role_can_have() -> None:
    asked = {address.access for address in _all()} - {PUBLIC, SIGNED_IN, NODE, WITNESS}
    assert asked - PERMISSIONS.keys() == set()


def test_nobody_opens_anything_but_what_is_public(district: Area) -> None:
    nothing(_complaints(Client(), lambda address: address.access == PUBLIC))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_a_role_opens_what_its_permissions_say_and_nothing_else(role: Role, signed_in_as: SignIn) -> None:
    allowed = role.may | {PUBLIC, SIGNED_IN}
    nothing(_complaints(signed_in_as(role.slug), lambda address: address.access in allowed))


@post_required("gate.scan")
def _guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("scan")


def _forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def _only(pattern: URLPattern) -> Address:
    (address,) = addresses([pattern])
    return address


def test_a_view_without_access_is_found() -> None:
    assert _only(path("open/", _forgotten)).access is None
    assert _only(path("scan/<uuid:place>/", _guarded)).access == "gate.scan"
    assert _only(path("open/", public(_forgotten))).access == PUBLIC


@pytest.mark.parametrize(
    ("may", "status", "location", "wrong"),
    [
        (False, 200, "", "opens (200) without gate.scan"),
        (False, 302, "/somewhere/", "opens (302) without gate.scan"),
        (False, 404, "", "opens (404) without gate.scan"),
        (False, 400, "", "answers 400"),
        (True, 403, "", "is refused (403) in spite of gate.scan"),
        (True, 500, "", "fails with 500"),
    ],
)
def test_a_wrong_answer_is_found(may: bool, status: int, location: str, wrong: str) -> None:
    said = verdict(_only(path("scan/", _guarded)), may=may, status=status, location=location)
    assert said is not None
    assert wrong in said


def test_a_right_answer_is_left_alone() -> None:
    address = _only(path("scan/", _guarded))
    assert verdict(address, may=False, status=403) is None
    assert verdict(address, may=False, status=302, location="/accounts/login/?next=/scan/") is None
    assert verdict(address, may=True, status=200) is None
