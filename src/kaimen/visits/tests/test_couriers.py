"""A courier comes every day, in the hours of couriers, to the places of one card."""

from datetime import timedelta
from typing import Any

import pytest

from kaimen.gate import snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass
from kaimen.gate.tests.conftest import MONDAY
from kaimen.kit import clock
from kaimen.register.access import NotAllowed
from kaimen.register.models import Person, Place
from kaimen.visits import actions, couriers
from kaimen.visits.couriers import Rounds
from kaimen.visits.models import Courier

pytestmark = pytest.mark.django_db(databases=["default", "events"])
TODAY = MONDAY.date()
FORM = {"name": "快得利", "tail": "777x", "company": "蓝海速运", "until": "2020-03-20"}


@pytest.fixture
def manager(post, ferry_house):
    return post("building-manager", ferry_house)


@pytest.fixture
def elsewhere(ferry_house):
    """Another building of the pack."""
    return Place.objects.filter(parent=None).exclude(profile="").exclude(pk=ferry_house.pk).first()


def rounds(**about: Any) -> Rounds:
    said: dict[str, Any] = {"name": "快得利", "tail": "777X", "company": "蓝海速运", "until": TODAY + timedelta(days=4)}
    return Rounds(**(said | about))


def expected(place):
    return {one.name: one for one in snapshots.snapshot_of(place).people}


def test_the_gate_expects_a_courier_in_the_hours_of_every_day_until_the_last(manager, ferry_house):
    courier = couriers.register(manager, [ferry_house], rounds())
    one = expected(ferry_house)["快得利"]
    assert (one.comes_as, one.index, one.id_tail) == ("courier", courier.carried.index, "777X")
    assert (one.begins, one.ends) == (
        int((MONDAY - timedelta(minutes=72)).timestamp()),
        int((MONDAY + timedelta(hours=12, minutes=48)).timestamp()),
    )
    for days, there in ((1, True), (4, True), (5, False)):
        with clock.frozen(MONDAY + timedelta(days=days)):
            assert ("快得利" in expected(ferry_house)) is there


def test_the_card_is_good_to_the_end_of_the_last_day(manager, ferry_house):
    courier = couriers.register(manager, [ferry_house], rounds(until=TODAY))
    assert courier.carried.expires == MONDAY.replace(hour=16, minute=0)  # midnight in the wall time of the pack


@pytest.mark.parametrize("days", [-1, 32])
def test_beyond_the_terms_nobody_is_registered_and_nothing_is_left(manager, ferry_house, days):
    before = Person.objects.count(), Pass.objects.count()
    with pytest.raises(NotPossible):
        couriers.register(manager, [ferry_house], rounds(until=TODAY + timedelta(days=days)))
    assert (Person.objects.count(), Pass.objects.count()) == before


def test_a_manager_sends_nobody_to_another_building(manager, ferry_house, elsewhere):
    with pytest.raises(NotAllowed):
        couriers.register(manager, [ferry_house, elsewhere], rounds())
    assert not Courier.objects.exists()


def test_ended_the_card_opens_nothing_anywhere(manager, ferry_house):
    courier = couriers.register(manager, [ferry_house], rounds())
    couriers.end(manager, courier)
    couriers.end(manager, courier)
    assert "快得利" not in expected(ferry_house)
    assert courier.carried.index in snapshots.snapshot_of(ferry_house).revoked


def test_whoever_answers_for_all_of_the_places_ends_it_and_a_manager_of_one_sees_it(
    manager, post, ferry_house, elsewhere, signed_in_as
):
    both = post("community-officer", ferry_house.area.parent)
    courier = couriers.register(both, [ferry_house, elsewhere], rounds())
    assert list(couriers.known(manager)) == [courier]
    with pytest.raises(NotAllowed):
        couriers.end(manager, courier)
    browser = signed_in_as("building-manager")
    page = browser.get(f"/couriers/{courier.pk}/").content.decode()
    assert ("快得利" in page, "结束" in page.split("</h1>")[1]) == (True, False)
    assert browser.post(f"/couriers/{courier.pk}/").status_code == 403
    couriers.end(both, courier)


def test_names_are_forgotten_some_days_after_the_last(manager, ferry_house):
    courier = couriers.register(manager, [ferry_house], rounds(until=TODAY))
    terms = actions.terms()
    assert terms
    kept = terms.names_kept
    with clock.frozen(MONDAY + kept):
        assert actions.forget() == 0
    with clock.frozen(MONDAY + kept + timedelta(days=1)):
        assert actions.forget() == 1
        assert actions.forget() == 0
    courier = Courier.objects.select_related("carried__person").get()
    assert (courier.carried.person.name, courier.tail) == (actions.NOBODY, "")


# ---- pages


def test_a_manager_registers_one_and_gets_a_card(signed_in_as, ferry_house):
    browser = signed_in_as("building-manager")
    page = browser.get("/couriers/new/").content.decode()
    assert 'value="2020-04-16"' in page  # the longest there is
    answer = browser.post("/couriers/new/", FORM | {"places": [str(ferry_house.pk)]}, follow=True)
    assert 'class="qr"' in answer.content.decode()
    assert Courier.objects.get().tail == "777X"
    assert "蓝海速运" in browser.get("/couriers/").content.decode()
    browser.post(f"/couriers/{Courier.objects.get().pk}/")
    assert Courier.objects.get().ended


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"tail": "1"}, {"company": ""}, {"until": "2020-02-30"}, {"until": "2021-01-01"}, {"places": []}],
)
def test_a_form_filled_wrongly_says_so_and_keeps_nothing(signed_in_as, ferry_house, wrong):
    answer = signed_in_as("building-manager").post("/couriers/new/", FORM | {"places": [str(ferry_house.pk)]} | wrong)
    assert answer.status_code == 422
    assert not Courier.objects.exists()


def test_a_place_of_somebody_else_is_no_choice(signed_in_as, ferry_house, elsewhere):
    browser = signed_in_as("building-manager")
    assert browser.post("/couriers/new/", FORM | {"places": [str(elsewhere.pk)]}).status_code == 422


def test_a_guard_registers_nobody(signed_in_as):
    assert signed_in_as("guard").get("/couriers/").status_code == 403
