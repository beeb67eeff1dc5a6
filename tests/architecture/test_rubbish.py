"""Every address, for every role, answers rubbish in words: whatever is asked, and however, nothing fails with a 5xx."""

import random
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from kaimen.packs import read_folder
from kaimen.register.access import public
from kaimen.register.definitions import Role
from kaimen.register.models import Area
from tests.architecture.addresses import PUBLIC, SIGNED_IN, addresses
from tests.architecture.sources import nothing

pytestmark = pytest.mark.django_db(databases=["default", "events"])

ROLES = read_folder(Path(__file__).parents[2] / "packs" / "template").all(Role)
SILENT = 503  # the gate node or the sample may be away; that is said in words
FIELDS = ("answer", "code", "comes", "direction", "file", "language", "next", "page", "place", "q", "show", "today")
RUBBISH = (
    "", "\0", "\u202e", "😀", "<script>", "'\"--", "9" * 5000, "-1", "1e999", "../..", "[" * 3000, "2020-02-30",
    "9999-12-31", "0000-00-00", "=1+1", "１３８", "\r\nX: y", "//[", "http://[", "王芳 123X", "13800000000", "㐀" * 200,
    "on", "in", "ferry-house", "00000000-0000-7000-8000-000000000000", "370299199001010010", "zh-hans", "guard",
)  # fmt: skip
BODIES = (b"", b"\xff\xfe", b"{", b"[" * 3000, b"--x\r\nContent-Disposition: form-data\r\n", b"\x9f" * 50)
TYPES = (
    "application/json", "text/plain; charset=nonsense", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/x-www-form-urlencoded; charset=utf-16", "application/cbor",
)  # fmt: skip


def _fields(chance: random.Random, most: int, names: Sequence[str] = FIELDS) -> dict[str, Any]:
    return {chance.choice(names): chance.choice(RUBBISH) for _ in range(chance.randint(0, most))}


def _asked_for(client: Client, address: str) -> Sequence[str]:
    """The fields the forms of a page have, so that rubbish gets as far as the form."""
    page = b"".join(client.get(address)).decode(errors="replace")
    return sorted(set(re.findall(r'name="([a-z_0-9]+)"', page))) or FIELDS


def _ask(client: Client, address: str, chance: random.Random) -> HttpResponse:
    """One request of a random kind."""
    asked = _fields(chance, 3)
    match chance.choice(("get", "post", "post", "upload", "body", "method")):
        case "get":
            answer = client.get(address, asked)
        case "post":
            said = _fields(chance, 12, _asked_for(client, address))
            answer = client.post(address, said, query_params=asked)
        case "upload":
            file = SimpleUploadedFile("\u202e../a.csv", chance.choice((*BODIES, "姓名,手机\n".encode("gb18030"))))
            answer = client.post(address, _fields(chance, 8) | {"file": file})
        case "body":
            answer = client.generic("POST", address, chance.choice(BODIES), chance.choice(TYPES))
        case _:
            answer = client.generic(chance.choice(("HEAD", "PUT", "DELETE", "OPTIONS", "TRACE")), address)
    return answer  # type: ignore[return-value]


def _failures(client: Client, paths: list[str], seed: str) -> list[str]:
    client.raise_request_exception = False
    chance = random.Random(seed)
    found = []
    for address in paths:
        answer = _ask(client, address, chance)
        b"".join(answer)  # a file that is sent is closed at its end
        if answer.status_code >= 500 and answer.status_code != SILENT:
            found.append(f"{address} fails with {answer.status_code}")
    return found


def _paths(may: AbstractSet[str] = frozenset()) -> list[str]:
    """Every address once, and once more where one comes further than to the door."""
    every = [one for one in addresses(get_resolver().url_patterns) if "logout" not in one.path]
    return [one.path for one in every] + [one.path for one in every if one.access in {PUBLIC, SIGNED_IN, *may}]


def test_rubbish_from_nobody_is_answered(district: Area) -> None:
    nothing(_failures(Client(), _paths(), "nobody"))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_rubbish_from_a_role_is_answered(role: Role, signed_in_as: Callable[[str], Client]) -> None:
    nothing(_failures(signed_in_as(role.slug), _paths(role.may), role.slug))


@public
def _careless(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(int(request.GET.get("page", "1"))))


@pytest.mark.urls("tests.architecture.test_rubbish")
def test_a_view_that_fails_is_found() -> None:
    assert "/careless/ fails with 500" in _failures(Client(), ["/careless/"] * 100, "careless")


urlpatterns = [path("careless/", _careless)]
handler500 = "kaimen.ui.errors.failed"
