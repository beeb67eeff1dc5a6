"""Passes: issued at random, taken back everywhere, and what a firm's list does to them."""

from datetime import timedelta

import pytest

from kaimen.gate import actions, queries, snapshots
from kaimen.gate.models import Pass, PassRevoked, Roster
from kaimen.gate.tests.conftest import MONDAY
from kaimen.kit import clock, effects
from kaimen.register.access import NotAllowed
from kaimen.register.models import Area, Employment, Person, Place

pytestmark = pytest.mark.django_db(databases=["default", "events"])
TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = MONDAY - timedelta(days=1)  # while today's list was open


@pytest.fixture
def hire(firm, ferry_house):
    """`hire(name)`: somebody more at the firm, not yet told to the gates."""

    def make(name="何以宁", place=ferry_house, organisation=firm):
        person = Person.objects.create(name=name, area=firm.area)
        return Employment.objects.create(
            person=person, organisation=organisation, place=place, name=name, id_tail="123X", floor="3"
        )

    return make


@pytest.fixture
def staff(firm, hire):
    """Four people whose first list was imported this morning."""
    hired = [hire(name) for name in ("何以宁", "周子澄", "白知远", "宋云岫")]
    actions.take_in_staff(firm, [one.pk for one in hired])
    return hired


@pytest.fixture
def lamp_tower_staff(firm, hire):
    """One person of the same firm in another building."""
    hired = hire("灯下人", place=Place.objects.get(code="lamp-tower"))
    actions.take_in_staff(firm, [hired.pk])
    return [hired]


@pytest.fixture
def clerk(post, firm):
    return post("company-clerk", firm)


def names(place):
    return sorted(one.name for one in snapshots.snapshot_of(place).people)


def test_the_first_list_of_a_firm_counts_at_once(staff, ferry_house):
    assert names(ferry_house) == sorted(one.name for one in staff)
    assert queries.expected_today(TODAY) == {"ferry-house": 4}


def test_the_effect_staff_changed_makes_the_first_list(firm, hire, ferry_house):
    effects.fire("staff-changed", organisation=firm, employments=[hire().pk])
    assert names(ferry_house) == ["何以宁"]


def test_importing_the_same_list_again_changes_nothing(staff, firm, ferry_house):
    actions.take_in_staff(firm, [one.pk for one in staff])
    assert (Roster.objects.count(), Pass.objects.count()) == (1, 4)


def test_somebody_new_has_a_pass_at_once_but_waits_for_the_next_confirmation(staff, firm, hire, ferry_house, clerk):
    new = hire("陆听雨")
    actions.take_in_staff(firm, [new.pk])
    assert Pass.objects.filter(person=new.person).exists()
    assert "陆听雨" not in names(ferry_house)
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [one.pk for one in [*staff, new]])
    assert "陆听雨" not in names(ferry_house)
    with clock.frozen(MONDAY + timedelta(days=1)):
        assert "陆听雨" in names(ferry_house)


def test_who_left_is_off_the_list_without_a_confirmation(staff, firm, ferry_house):
    before = snapshots.list_numbers([ferry_house])
    Employment.objects.filter(pk=staff[0].pk).update(left_on=TODAY)
    actions.take_in_staff(firm, [staff[0].pk])
    assert staff[0].name not in names(ferry_house)
    assert snapshots.list_numbers([ferry_house]) != before


def test_a_list_that_was_not_renewed_still_counts_and_says_so(staff, ferry_house):
    with clock.frozen(MONDAY + timedelta(days=3)):
        snapshot = snapshots.snapshot_of(ferry_house)
    assert len(snapshot.people) == 4
    assert [renewed for *_, renewed in snapshot.organisations] == [False]


def test_the_list_number_grows_at_midnight(staff, ferry_house):
    before = snapshots.list_numbers([ferry_house])["ferry-house"]
    with clock.frozen(MONDAY + timedelta(days=1)):
        assert snapshots.list_numbers([ferry_house])["ferry-house"] > before


def test_an_entrance_holds_the_list_of_its_building(staff, ferry_house):
    door = Place.objects.get(code="ferry-house-south")
    assert len(names(door)) == 4
    assert snapshots.snapshot_of(door).title == ("渡口大厦 南门", "Ferry House, South door")


def test_a_clerk_confirms_for_the_own_firm_only(staff, post, firm, ferry_house):
    other = type(firm).objects.create(name="别家", area=firm.area)
    with pytest.raises(NotAllowed):
        actions.confirm_roster(post("company-clerk", other), firm, ferry_house, TOMORROW, [])


def test_nobody_rewrites_a_day_that_has_passed(staff, clerk, firm, ferry_house):
    with pytest.raises(actions.NotPossible, match="2020-03-15"):
        actions.confirm_roster(clerk, firm, ferry_house, TODAY - timedelta(days=1), [])


def test_a_list_may_not_name_somebody_of_another_firm(staff, clerk, firm, hire, ferry_house):
    stranger = hire("外人", organisation=type(firm).objects.create(name="别家", area=firm.area))
    with pytest.raises(actions.NotPossible):
        actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [stranger.pk])


def test_correcting_a_list_keeps_the_one_before(staff, clerk, firm, ferry_house):
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [one.pk for one in staff])
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [staff[0].pk])
    assert list(Roster.objects.filter(day=TOMORROW).values_list("revision", flat=True)) == [2, 1]
    assert queries.expected_today(TOMORROW) == {"ferry-house": 1}


def test_a_pass_taken_back_is_refused_everywhere(staff, post, district: Area, ferry_house):
    officer = post("counter-officer", district)
    taken = Pass.objects.get(person=staff[0].person)
    before = snapshots.list_numbers([Place.objects.get(code="lamp-tower")])
    actions.revoke_pass(officer, taken, "lost")
    assert snapshots.list_numbers([Place.objects.get(code="lamp-tower")]) != before
    assert snapshots.snapshot_of(Place.objects.get(code="lamp-tower")).revoked == {taken.index}
    assert staff[0].name not in names(ferry_house)


def test_taking_a_pass_back_twice_is_one_row(staff, post, district):
    officer = post("counter-officer", district)
    taken = Pass.objects.get(person=staff[0].person)
    assert actions.revoke_pass(officer, taken, "lost") == actions.revoke_pass(officer, taken, "lost")
    assert PassRevoked.objects.count() == 1


def test_who_is_expected_is_counted_for_the_places_asked_about(staff, lamp_tower_staff):
    assert queries.expected_today(TODAY) == {"ferry-house": 4, "lamp-tower": 1}
    assert queries.expected_today(TODAY, ["lamp-tower", "castle"]) == {"lamp-tower": 1}
    assert queries.expected_today(TODAY, []) == {}


def test_a_firms_list_gives_no_pass_back_that_a_counter_took(staff, post, clerk, firm, district, ferry_house):
    officer, person = post("counter-officer", district), staff[0].person
    actions.revoke_pass(officer, Pass.objects.get(person=person), "stolen")
    with clock.frozen(YESTERDAY):
        actions.confirm_roster(clerk, firm, ferry_house, TODAY, [one.pk for one in staff])
    actions.take_in_staff(firm, [staff[0].pk])
    assert not queries.valid_passes(MONDAY).filter(person=person).exists()
    assert staff[0].name not in names(ferry_house)
    actions.issue_pass(officer, person)
    assert staff[0].name in names(ferry_house)


def test_a_stolen_card_costs_nobody_the_phone(staff, post, clerk, firm, district, ferry_house):
    officer, person = post("counter-officer", district), staff[0].person
    card = actions.issue_pass(officer, person, Pass.Kind.CARD)
    actions.revoke_pass(officer, card, "stolen")
    Pass.objects.exclude(pk=card.pk).update(expires=MONDAY + timedelta(hours=5))
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [staff[0].pk])
    assert queries.valid_passes(MONDAY + timedelta(days=5)).get().person == person


def test_a_guard_issues_no_pass(post, ferry_house, firm):
    with pytest.raises(NotAllowed):
        actions.issue_pass(post("guard", ferry_house), Person.objects.create(name="甲", area=firm.area))


def test_a_pass_is_good_for_as_long_as_the_pack_says(firm):
    issued = actions.issue_pass(None, Person.objects.create(name="甲", area=firm.area))
    assert issued.expires == MONDAY + timedelta(days=30)


def test_a_card_beside_a_phone_is_a_second_way_in_not_a_second_person(staff, ferry_house):
    actions.issue_pass(None, staff[0].person, Pass.Kind.CARD)
    assert len(snapshots.snapshot_of(ferry_house).people) == 5
    assert queries.expected_today(TODAY) == {"ferry-house": 4}


def test_confirming_renews_passes_that_are_about_to_expire(staff, clerk, firm, ferry_house):
    Pass.objects.update(expires=MONDAY + timedelta(hours=5))
    actions.confirm_roster(clerk, firm, ferry_house, TOMORROW, [staff[0].pk])
    assert queries.valid_passes(MONDAY + timedelta(days=5)).count() == 1


def test_indexes_are_drawn_not_counted(firm, hire):
    hired = [hire(f"人{n}") for n in range(60)]
    actions.take_in_staff(firm, [one.pk for one in hired])
    drawn = list(Pass.objects.order_by("id").values_list("index", flat=True))
    assert drawn != sorted(drawn)
    assert max(drawn) > 2**20


def test_the_version_of_the_day_moves_with_lists_and_entries(staff, node, send, clerk, firm, ferry_house):
    seen = [queries.version(TODAY)]
    node.enter()
    send(node.batch())
    seen.append(queries.version(TODAY))
    with clock.frozen(YESTERDAY):
        actions.confirm_roster(clerk, firm, ferry_house, TODAY, [])
    seen.append(queries.version(TODAY))
    actions.issue_pass(None, staff[0].person, Pass.Kind.CARD)
    seen.append(queries.version(TODAY))
    assert len(set(seen)) == 4
    assert seen[-1] == queries.version(TODAY)


def test_entries_open_to_the_manager_of_the_building_with_firm_and_floor_but_no_name(
    staff, node, send, post, ferry_house
):
    node.enter(index=Pass.objects.get(person=staff[0].person).index)
    send(node.batch())
    (seen,) = queries.entries_seen(post("building-manager", ferry_house), ferry_house, TODAY)
    assert (seen.organisation, seen.floor, seen.verdict) == ("云汀渡船厂", "3", "enter")
    with pytest.raises(NotAllowed):
        queries.entries_seen(post("building-manager", Place.objects.get(code="lamp-tower")), ferry_house, TODAY)


def test_a_count_opens_to_its_rows_without_a_name(staff, node, send, signed_in_as, ferry_house):
    node.enter(index=Pass.objects.get(person=staff[0].person).index)
    send(node.batch())
    page = signed_in_as("building-manager", ferry_house).get("/gates/ferry-house/entries/").content.decode()
    assert "在今日名单" in page
    assert "云汀渡船厂" in page
    assert staff[0].name not in page


def test_another_buildings_rows_are_not_found(staff, signed_in_as, ferry_house):
    other = Place.objects.get(code="lamp-tower")
    assert signed_in_as("building-manager", other).get("/gates/ferry-house/entries/").status_code == 404


def test_a_guard_sees_no_rows(signed_in_as, ferry_house):
    assert signed_in_as("guard", ferry_house).get("/gates/ferry-house/entries/").status_code == 403
