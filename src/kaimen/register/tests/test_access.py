"""A post grants what its role lists, over what its scope holds, from its first day to its last."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from kaimen.kit import clock
from kaimen.kit.ids import new_id
from kaimen.register import access
from kaimen.register.models import Area, Employment, Organisation, Person, Place, Post, Premises

pytestmark = pytest.mark.django_db
MakePost = Callable[..., Post]


@pytest.fixture
def elsewhere(district: Area) -> Organisation:
    """A firm in the other group, with one worker."""
    place = Place.objects.get(code="kiln-works")
    firm = Organisation.objects.create(name="老窑陶社", area=place.area)
    Premises.objects.create(organisation=firm, place=place)
    person = Person.objects.create(name="试陶", area=place.area)
    Employment.objects.create(person=person, organisation=firm, name="试陶", place=place)
    return firm


def _codes(post: Post) -> set[str]:
    return set(access.visible(post, Place).filter(kind="building").values_list("code", flat=True))


def test_an_area_holds_what_lies_below_it_and_nothing_beside_it(post: MakePost, district: Area) -> None:
    assert _codes(post("grid-officer", district)) == {"ferry-house", "reed-court", "kiln-works", "lamp-tower"}
    assert _codes(post("grid-officer", Area.objects.get(code="999901001-02"))) == {"kiln-works", "lamp-tower"}


def test_an_area_whose_code_begins_like_another_is_another(post: MakePost, district: Area) -> None:
    street = Area.objects.get(code="999901001")
    twin = Area.objects.create(
        code="9999010011", name="渡口东", level="street", parent=district, path=f"{district.path}9999010011/"
    )
    assert not access.holds(post("grid-officer", street), "board.see", twin)
    assert access.holds(post("grid-officer", district), "board.see", twin)


def test_a_place_holds_its_doors(post: MakePost, district: Area) -> None:
    guard = post("guard", Place.objects.get(code="ferry-house"))
    assert access.holds(guard, "gate.scan", Place.objects.get(code="ferry-house-south"))
    assert not access.holds(guard, "gate.scan", Place.objects.get(code="reed-court-east"))


def test_a_firm_holds_its_staff_and_not_the_neighbours(
    post: MakePost, firm: Organisation, elsewhere: Organisation
) -> None:
    clerk = post("company-clerk", firm)
    theirs = Employment.objects.get(organisation=elsewhere)
    assert not access.holds(clerk, "register.see_staff", theirs)
    assert access.holds(post("company-clerk", elsewhere), "register.see_staff", theirs)
    assert list(access.visible(clerk, Organisation)) == [firm]


def test_a_post_without_a_scope_holds_the_person_alone(post: MakePost, district: Area) -> None:
    resident, other = post("resident"), post("resident")
    assert list(access.visible(resident, Person)) == [resident.person]
    assert list(access.visible(other, Post)) == [other]
    assert not access.visible(resident, Area).exists()


def test_what_a_role_does_not_list_is_not_granted(post: MakePost, district: Area) -> None:
    guard = post("guard", Place.objects.get(code="ferry-house"))
    with pytest.raises(access.NotAllowed, match=r"register\.see_person"):
        access.require(guard, "register.see_person")
    with pytest.raises(access.NotAllowed):
        access.require(None, "gate.scan")


def test_a_role_the_pack_does_not_know_grants_nothing(post: MakePost, district: Area) -> None:
    held = post("guard", Place.objects.get(code="ferry-house"))
    held.role = "emperor"
    assert not access.grants(held, "gate.scan")


@pytest.mark.parametrize(("day", "granted"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_post_grants_from_its_first_day_to_its_last(post: MakePost, district: Area, day: int, granted: bool) -> None:
    held = post("grid-officer", district)
    held.since, held.until = date(2020, 3, 16), date(2020, 3, 25)
    with clock.frozen(datetime(2020, 3, 16, 4, tzinfo=UTC) + timedelta(days=day)):
        assert access.grants(held, "board.see") is granted


def test_what_lies_outside_the_scope_answers_like_what_does_not_exist(
    post: MakePost, district: Area, elsewhere: Organisation
) -> None:
    officer = post("grid-officer", Area.objects.get(code="999901001-01"))
    for key in (Place.objects.get(code="kiln-works").pk, new_id()):
        with pytest.raises(Http404):
            access.one(officer, "board.see", Place, key)
    with pytest.raises(access.NotAllowed):
        access.one(officer, "gate.scan", Place, Place.objects.get(code="ferry-house").pk)


def test_a_building_manager_sees_the_firms_in_the_building(
    post: MakePost, firm: Organisation, elsewhere: Organisation
) -> None:
    manager = post("building-manager", Place.objects.get(code="ferry-house"))
    assert list(access.visible(manager, Organisation)) == [firm]
