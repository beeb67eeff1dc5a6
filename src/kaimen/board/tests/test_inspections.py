"""An officer in the street: the buildings to inspect, what is signed about one, and what is refused in words."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from kaimen.board.models import PlaceEvidence
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.models import Account, Area, Post
from kaimen.status.models import Accreditation, SourceKey

pytestmark = pytest.mark.django_db(databases=["default", "events"])
NOON = datetime(2020, 3, 16, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
Say = Callable[..., bytes]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def officer(office: Accreditation, source_key: SigningKey, post: Callable[..., Post], district: Area) -> Client:
    """A grid officer with the street's accredited key."""
    held = post("grid-officer", district)
    SourceKey.objects.create(source=office.source, post=held, public_key=source_key.public.raw)
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(person=held.person))
    return client


def sent(envelope: bytes) -> dict[str, str]:
    return {"signed": base64.b64encode(envelope).decode()}


def test_what_was_never_inspected_comes_first(officer: Client, say: Say) -> None:
    inspected = say("ferry-house", "inspection", {"inspection_result": "in-order"}, lasts=WEEK)
    assert officer.post("/board/inspections/ferry-house/", sent(inspected)).status_code == 200
    rows = officer.get("/board/inspections/").context["rows"]
    assert [row.place.code for row in rows if not row.overdue] == ["ferry-house"]
    assert rows[-1].place.code == "ferry-house"
    assert PlaceEvidence.objects.count() == 1


def test_the_browser_gets_the_code_and_what_may_be_said(officer: Client) -> None:
    page = officer.get("/board/inspections/ferry-house/")
    signing = page.context["signing"]
    (item,) = signing["items"]
    assert item["identity"]["word"] == "ferry-house"
    assert signing["fills"] == {"says": {"inspection_result": {"name": "inspection_result", "yes_no": False}}}
    assert [choice.value for choice in page.context["asked"][0].choices] == ["in-order", "minor", "serious"]
    fever = officer.get("/board/inspections/ferry-house/fever-report/").context["signing"]
    assert fever["fills"]["says"]["fever_reported"]["yes_no"] is True


def test_what_cannot_count_is_refused_in_words(officer: Client, say: Say) -> None:
    strange = say("ferry-house", "inspection", {"inspection_result": "in-order"}, key=SigningKey.generate())
    for signed in (sent(strange), {"signed": "??"}, {"signed": ""}):
        answer = officer.post("/board/inspections/ferry-house/", signed)
        assert answer.status_code == 409
        assert answer.context["refused"].remedy
    assert PlaceEvidence.objects.count() == 0


def test_a_building_or_a_kind_that_is_none_of_the_officers_has_no_page(officer: Client) -> None:
    assert officer.get("/board/inspections/nowhere/").status_code == 404
    assert officer.get("/board/inspections/ferry-house/test/").status_code == 404
