"""Who may do what: over every kind of scope, on every day, for one thing and for lists."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db.models import Model
from django.http import Http404
from django.test import Client

from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Area, Employment, Organisation, Person, Place, Post

MakePost = Callable[..., Post]
NOBODY = UUID(int=7)


@pytest.fixture
def elsewhere(district: Area) -> Area:
    """A second district, whose path begins almost like the first's."""
    return Area.objects.create(
        code="999902", name="河西区", level="district", parent=district.parent, path=district.path[:-1] + "2/"
    )


@pytest.fixture
def worker(firm: Organisation, district: Area) -> Employment:
    """Somebody employed by the firm, in the first building."""
    person = Person.objects.create(name="钱立", given_name="立", area=district)
    return Employment.objects.create(
        person=person, organisation=firm, name="钱立", place=Place.objects.get(code="ferry-house")
    )


def sees(post: Post, thing: Model) -> bool:
    """Whether `thing` is among what the post's scope holds."""
    return access.visible(post, type(thing)).filter(pk=thing.pk).exists()


def test_an_area_holds_itself_what_lies_below_and_nothing_beside(
    district: Area, elsewhere: Area, post: MakePost, worker: Employment
) -> None:
    officer, stranger = post("counter-officer", district), post("counter-officer", elsewhere)
    street = Area.objects.get(level="street")
    place = Place.objects.get(code="ferry-house")
    for thing in (district, street, place, worker.organisation, worker, worker.person):
        assert sees(officer, thing), thing
        assert not sees(stranger, thing), thing
    assert not sees(post("counter-officer", street), district)


def test_a_street_does_not_hold_people_whose_file_the_district_keeps(district: Area, post: MakePost) -> None:
    street = Area.objects.get(level="street")
    above = Person.objects.create(name="上级", area=district)
    below = Person.objects.create(name="本街", area=Area.objects.get(code="999901001-01"))
    nowhere = Person.objects.create(name="无处", area=None)
    officer = post("counter-officer", street)
    assert [sees(officer, person) for person in (above, below, nowhere)] == [False, True, False]


def test_an_organisation_holds_itself_its_staff_and_its_building_but_no_persons_file(
    post: MakePost, worker: Employment, district: Area
) -> None:
    other = Organisation.objects.create(name="别家", area=district)
    clerk, other_clerk = post("company-clerk", worker.organisation), post("company-clerk", other)
    assert sees(clerk, worker.organisation)
    assert sees(clerk, worker)
    assert sees(clerk, Place.objects.get(code="ferry-house"))
    assert not sees(clerk, worker.person)
    assert not sees(clerk, district)
    assert not any(sees(other_clerk, thing) for thing in (worker.organisation, worker, worker.person))


def test_a_place_holds_its_doors_its_firms_and_who_works_there_today(post: MakePost, worker: Employment) -> None:
    here, there = Place.objects.get(code="ferry-house"), Place.objects.get(code="reed-court")
    manager, other = post("building-manager", here), post("building-manager", there)
    door = Place.objects.get(code="ferry-house-south")
    for thing in (here, door, worker.organisation, worker, worker.person):
        assert sees(manager, thing), thing
        assert not sees(other, thing), thing
    assert not sees(post("guard", door), here)
    worker.left_on = date(2020, 3, 1)
    worker.save()
    assert not sees(manager, worker.person)


def test_a_post_over_oneself_holds_oneself(post: MakePost, worker: Employment, district: Area) -> None:
    resident = post("resident")
    assert sees(resident, resident.person)
    assert not sees(resident, worker.person)
    assert not sees(resident, district)


def test_a_role_over_an_area_given_without_a_scope_holds_nobody_else(post: MakePost, worker: Employment) -> None:
    assert not sees(post("counter-officer"), worker.person)


@pytest.mark.parametrize(("day", "held"), [(15, False), (16, True), (18, True), (19, False)])
def test_a_post_is_held_from_its_first_day_to_its_last_by_the_local_date(
    day: int, held: bool, post: MakePost, district: Area
) -> None:
    officer = post("counter-officer", district)
    officer.since, officer.until = date(2020, 3, 16), date(2020, 3, 18)
    with clock.frozen(datetime(2020, 3, day, 4, tzinfo=UTC)):
        assert access.holds(officer, "register.search_people") is held
    with clock.frozen(datetime(2020, 3, 15, 16, 30, tzinfo=UTC)):  # half past midnight on the 16th in Qingdao
        assert access.holds(officer, "register.search_people")


def test_what_a_role_does_not_list_is_refused(post: MakePost, district: Area) -> None:
    with pytest.raises(access.NotAllowed):
        access.require(post("grid-officer", district), "register.search_people")
    with pytest.raises(access.NotAllowed):
        access.require(None, "register.search_people")
    with pytest.raises(access.NotAllowed):
        access.require(post("no-such-role", district), "register.search_people")


def test_a_thing_is_refused_outside_the_scope_and_granted_within(
    post: MakePost, district: Area, elsewhere: Area, worker: Employment
) -> None:
    access.require(post("counter-officer", district), "register.see_person", worker.person)
    with pytest.raises(access.NotAllowed):
        access.require(post("counter-officer", elsewhere), "register.see_person", worker.person)


def test_asked_for_one_thing_the_answer_hides_whether_it_exists_beyond_the_scope(
    post: MakePost, district: Area, elsewhere: Area, worker: Employment
) -> None:
    officer, stranger = post("counter-officer", district), post("counter-officer", elsewhere)
    assert access.one(officer, "register.see_person", Person, worker.person.pk) == worker.person
    for pk in (worker.person.pk, NOBODY):
        with pytest.raises(Http404):
            access.one(stranger, "register.see_person", Person, pk)
        with pytest.raises(access.NotAllowed):
            access.one(post("guard", Place.objects.get(code="ferry-house")), "register.see_person", Person, pk)


def test_pages_answer_404_beyond_the_scope_403_without_the_permission_and_ask_strangers_to_sign_in(
    signed_in_as: Callable[..., Client], worker: Employment, elsewhere: Area
) -> None:
    address = f"/people/{worker.person.pk}/"
    assert signed_in_as("counter-officer").get(address).status_code == 200
    beyond = signed_in_as("counter-officer", elsewhere)
    assert beyond.get(address).status_code == beyond.get(f"/people/{NOBODY}/").status_code == 404
    refused = signed_in_as("grid-officer").get(address, headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert "post" in refused.content.decode()
    stranger = Client().get(address)
    assert stranger.status_code == 302
    assert "login" in stranger["Location"]


def test_somebody_with_two_posts_is_here_in_the_one_they_chose(post: MakePost, district: Area) -> None:
    officer = post("counter-officer", district)
    auditor = Post.objects.create(person=officer.person, role="auditor", area=district, since=date(2020, 1, 1))
    client = Client()
    client.force_login(officer.person.account)
    assert client.get("/people/").status_code == 200
    assert client.get("/people/viewings/").status_code == 403
    onward = client.post(f"/posts/{auditor.pk}/", {"next": "/people/viewings/"})
    assert onward.headers["Location"] == "/people/viewings/"
    assert client.get("/people/viewings/").status_code == 200
    assert client.get("/people/").status_code == 403


def test_nobody_chooses_a_post_of_somebody_else_or_one_that_ended(post: MakePost, district: Area) -> None:
    officer, other = post("counter-officer", district), post("auditor", district)
    ended = Post.objects.create(
        person=officer.person, role="auditor", area=district, since=date(2020, 1, 1), until=date(2020, 1, 2)
    )
    client = Client()
    client.force_login(officer.person.account)
    for wrong in (other.pk, ended.pk, NOBODY):
        assert client.post(f"/posts/{wrong}/").status_code == 404


def test_after_choosing_a_post_nobody_is_sent_to_another_site(post: MakePost, district: Area) -> None:
    officer = post("counter-officer", district)
    client = Client()
    client.force_login(officer.person.account)
    answer = client.post(f"/posts/{officer.pk}/", {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
