"""The board shows what its reader may see, and every number opens."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from kaimen.board import queries, tally
from kaimen.gate.models import EntryCount
from kaimen.kit import clock
from kaimen.register.models import Area, Employment, Organisation, Person, Place, Post

pytestmark = pytest.mark.django_db(databases=["default", "events"])
NOON = datetime(2020, 3, 16, 4, 0, tzinfo=UTC)
DAY = date(2020, 3, 16)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    tally.forget()
    with clock.frozen(NOON):
        yield
    tally.forget()


@pytest.fixture
def staffed(firm: Organisation, district: Area) -> Organisation:
    """The firm with 48 people of whom 43 are back; open since February."""
    firm.resumed_on = date(2020, 2, 13)
    firm.save()
    place = Place.objects.get(code="ferry-house")
    for number in range(48):
        person = Person.objects.create(name=f"试{number}", area=district)
        back_on = date(2020, 3, 2) if number < 43 else None
        Employment.objects.create(person=person, organisation=firm, name=person.name, place=place, back_on=back_on)
    return firm


def entered(place: str, n: int, direction: int = 0, verdict: int = 0, quarter: int = 32) -> None:
    EntryCount.objects.create(place=place, day=DAY, quarter=quarter, direction=direction, verdict=verdict, n=n)


def test_both_rates_stand_with_their_fractions(staffed: Organisation, signed_in_as: Callable[..., Client]) -> None:
    page = signed_in_as("district-commander").get("/board/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "89.58" in page
    assert '<b class="num">43</b> / <b class="num">48</b>' in page
    assert "100.00" in page
    assert '<b class="num">1</b> / <b class="num">1</b>' in page


def test_a_rate_of_nobody_is_a_dash_with_the_reason(district: Area, signed_in_as: Callable[..., Client]) -> None:
    page = signed_in_as("district-commander").get("/board/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "nobody to count, so no rate" in page
    assert "0.00<i>" not in page


def test_without_rules_the_legend_names_no_colour(district: Area, signed_in_as: Callable[..., Client]) -> None:
    page = signed_in_as("district-commander").get("/board/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    legend = page[page.index('aria-label="Buildings of each colour"') :].split("</ul>")[0]
    assert legend.count('class="lg"') == legend.count("no report") == 1


def test_people_inside_are_those_let_in_less_those_who_left(post: Callable[..., Post], district: Area) -> None:
    entered("ferry-house", 40)
    entered("ferry-house", 3, verdict=1)
    entered("ferry-house", 9, direction=1, quarter=46)
    board = queries.board(post("district-commander", district))
    assert {b.code: b.seen.inside for b in board.buildings if b.seen.inside} == {"ferry-house": 31}
    assert board.all.entered == 40


def test_a_building_manager_sees_only_their_building(
    post: Callable[..., Post], signed_in_as: Callable[..., Client]
) -> None:
    mine = Place.objects.get(code="ferry-house")
    other = Place.objects.filter(kind="building").exclude(pk=mine.pk).first()
    assert other is not None
    client = signed_in_as("building-manager", mine)
    assert [b.code for b in queries.board(post("building-manager", mine)).buildings] == [mine.code]
    assert client.get(f"/board/buildings/{mine.code}/").status_code == 200
    assert client.get(f"/board/buildings/{other.code}/").status_code == 404


def test_whoever_sees_one_building_only_is_shown_that_building(signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("building-manager", Place.objects.get(code="ferry-house"))
    assert client.get("/board/").headers["Location"] == "/board/buildings/ferry-house/"


def test_a_buildings_page_moves_too(staffed: Organisation, signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    first = client.get("/board/buildings/ferry-house/live/")
    assert "43/48" in first.content.decode()
    again = client.get("/board/buildings/ferry-house/live/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304


def test_a_guard_has_no_board(signed_in_as: Callable[..., Client]) -> None:
    assert signed_in_as("guard").get("/board/").status_code == 403


def test_the_live_part_is_sent_again_only_when_something_changed(
    staffed: Organisation, signed_in_as: Callable[..., Client]
) -> None:
    client = signed_in_as("district-commander")
    first = client.get("/board/live/")
    again = client.get("/board/live/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, again.status_code) == (200, 304)
    staffed.rosters.create(place=Place.objects.get(code="ferry-house"), day=DAY)
    assert client.get("/board/live/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_the_table_says_what_the_map_says(staffed: Organisation, signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    drawn = client.get("/board/").content.decode()
    table = client.get("/board/buildings/?sort=group").content.decode()
    for place in Place.objects.filter(kind="building"):
        assert f"/board/buildings/{place.code}/" in drawn
        assert f"/board/buildings/{place.code}/" in table


def test_an_unknown_order_is_not_found_and_no_failure(signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    assert client.get("/board/buildings/?sort=salary").status_code == 404
    assert client.get("/board/firms/?open=perhaps").status_code == 404
    assert client.get("/board/firms/?page=x").status_code == 200


def test_every_rate_opens_to_its_firms(staffed: Organisation, signed_in_as: Callable[..., Client]) -> None:
    client = signed_in_as("district-commander")
    assert staffed.name in client.get("/board/firms/").content.decode()
    assert staffed.name not in client.get("/board/firms/?open=no").content.decode()
    assert "43/48" in client.get("/board/firms/?open=yes").content.decode()


def test_the_rows_behind_a_rate_count_only_the_readers_buildings(
    staffed: Organisation, district: Area, signed_in_as: Callable[..., Client]
) -> None:
    mine = Place.objects.get(code="ferry-house")
    other = Place.objects.filter(kind="building").exclude(pk=mine.pk).first()
    assert other is not None
    staffed.premises.create(place=other, floor="9")
    person = Person.objects.create(name="别处", area=district)
    Employment.objects.create(person=person, organisation=staffed, name=person.name, place=other)
    page = signed_in_as("building-manager", mine).get("/board/firms/").content.decode()
    assert "43/48" in page
    assert str(other) not in page


def test_whoever_leaves_tomorrow_still_counts_today(
    staffed: Organisation, post: Callable[..., Post], district: Area
) -> None:
    Employment.objects.filter(back_on=None).update(left_on=date(2020, 3, 17))
    tally.forget()
    assert queries.board(post("district-commander", district)).staff_back.denominator == 48


def test_a_firm_that_opens_tomorrow_is_not_open_today(
    staffed: Organisation, post: Callable[..., Post], district: Area
) -> None:
    staffed.resumed_on = date(2020, 3, 17)
    staffed.save()
    tally.forget()
    board = queries.board(post("district-commander", district))
    assert (board.resumption.numerator, board.resumption.denominator) == (0, 1)


def test_a_firm_with_two_floors_counts_once(staffed: Organisation, post: Callable[..., Post], district: Area) -> None:
    staffed.premises.create(place=Place.objects.get(code="ferry-house"), floor="4")
    tally.forget()
    assert queries.board(post("district-commander", district)).resumption.denominator == 1
