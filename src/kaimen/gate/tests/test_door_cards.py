"""A building's own card stands for a pass: at that building, until it is ended or the pass is."""

from datetime import timedelta

import pytest

from kaimen.gate import actions, door_card_actions, door_cards, snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.door_card_models import DoorCard
from kaimen.gate.models import Pass
from kaimen.kit import clock
from kaimen.register.access import NotAllowed
from kaimen.register.models import Area, Person, Place, Post
from kaimen_gate.place_list import PlaceList

pytestmark = pytest.mark.django_db(databases=["default", "events"])
NUMBER = "04:A3:77:1C"


@pytest.fixture
def counter(post, district):
    return post("counter-officer", district)


@pytest.fixture
def held(counter: Post, district: Area) -> Pass:
    return actions.issue_pass(counter, Person.objects.create(name="何以宁", area=district), Pass.Kind.CARD)


@pytest.fixture
def elsewhere(ferry_house: Place) -> Place:
    other = Place.objects.filter(parent=None).exclude(profile="").exclude(pk=ferry_house.pk).first()
    assert other
    return other


def carried(place, number=NUMBER):
    """The pass a gate of the place takes a card for."""
    return PlaceList(snapshots.snapshot_of(place)).carried(number)


def test_the_gates_of_the_building_take_the_card_for_the_pass_and_others_do_not(counter, held, ferry_house, elsewhere):
    card = door_card_actions.bind(counter, ferry_house, held.person, NUMBER)
    assert carried(ferry_house) == held.index
    assert carried(elsewhere) is None
    assert carried(ferry_house, "04:A3:77:1D") is None
    assert NUMBER.encode() not in bytes(card.digest)
    assert card.tail == "7:1C"


def test_bound_again_it_is_the_same_card_and_handed_on_it_is_the_next_persons_alone(
    counter, held, ferry_house, district
):
    card = door_card_actions.bind(counter, ferry_house, held.person, NUMBER)
    assert door_card_actions.bind(counter, ferry_house, held.person, NUMBER) == card
    other = actions.issue_pass(counter, Person.objects.create(name="周子澄", area=district), Pass.Kind.CARD)
    door_card_actions.bind(counter, ferry_house, other.person, NUMBER)
    assert carried(ferry_house) == other.index
    assert not door_cards.of(held.person).exists()


def test_ended_it_opens_nothing_and_each_gate_hears_of_it(counter, held, ferry_house):
    number = snapshots.list_numbers([ferry_house])["ferry-house"]
    card = door_card_actions.bind(counter, ferry_house, held.person, NUMBER)
    door_card_actions.end(counter, card)
    door_card_actions.end(counter, card)
    assert carried(ferry_house) is None
    assert snapshots.list_numbers([ferry_house])["ferry-house"] == number + 2


def test_a_card_outlives_its_persons_pass_and_opens_nothing_without_one(counter, held, ferry_house):
    door_card_actions.bind(counter, ferry_house, held.person, NUMBER)
    actions.revoke_pass(counter, held, "lost")
    assert carried(ferry_house) is None
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        fresh = actions.issue_pass(counter, held.person, Pass.Kind.PHONE)
        assert carried(ferry_house) == fresh.index
    with clock.frozen(fresh.expires):
        assert carried(ferry_house) is None


def test_lists_carry_many_cards_in_order(counter, held, ferry_house):
    for at in range(40):
        door_card_actions.bind(counter, ferry_house, held.person, f"{at:08X}")
    snapshots.signed_list(ferry_house)  # a node refuses cards that are out of order
    assert {carried(ferry_house, f"{at:08X}") for at in range(40)} == {held.index}


@pytest.mark.parametrize("number", ["", "123", "x" * 41, "04 A3", "卡号一二三四"])
def test_what_no_gate_takes_for_a_number_is_none(counter, held, ferry_house, number):
    with pytest.raises(NotPossible):
        door_card_actions.bind(counter, ferry_house, held.person, number)


def test_nobody_else_binds_cards(post, held, ferry_house):
    with pytest.raises(NotAllowed):
        door_card_actions.bind(post("building-manager", ferry_house), ferry_house, held.person, NUMBER)


def test_the_counter_binds_and_ends_a_card(signed_in_as, held, ferry_house):
    browser, page = signed_in_as("counter-officer"), f"/people/{held.person_id}/card/ic/"
    answer = browser.post(page, {"place": str(ferry_house.pk), "number": NUMBER}, follow=True)
    assert "…7:1C" in answer.content.decode()
    assert NUMBER not in answer.content.decode()
    assert browser.post(page, {"place": str(ferry_house.pk), "number": "?"}).status_code == 422
    browser.post(f"{page}{DoorCard.objects.get().pk}/end/")
    assert "…7:1C" not in browser.get(page).content.decode()
