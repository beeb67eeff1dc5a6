"""A visitor is expected at their host's, in their window, and forgotten later."""

from datetime import timedelta

import pytest

from kaimen.gate import snapshots
from kaimen.gate.actions import NotPossible
from kaimen.gate.models import Pass
from kaimen.gate.tests.conftest import MONDAY
from kaimen.gate.views import code_of
from kaimen.kit import clock
from kaimen.passes import BadPass, keyring, read
from kaimen.register.access import NotAllowed
from kaimen.register.models import Employment, Organisation, Person
from kaimen.visits import actions, queries
from kaimen.visits.actions import Wish
from kaimen.visits.models import Visit

pytestmark = pytest.mark.django_db(databases=["default", "events"])
AFTERNOON = MONDAY + timedelta(hours=6)
FORM = {"name": "宋远来", "tail": "456x", "purpose": "meeting", "day": "2020-03-16", "begins": "14:00", "ends": "16:00"}


def wish(begins=AFTERNOON, ends=None, **about):
    said = {"name": "宋远来", "tail": "456X", "purpose": "meeting"} | about
    return Wish(begins=begins, ends=ends or begins + timedelta(hours=2), **said)


def terms():
    """Those of the pack."""
    said = actions.terms()
    assert said is not None
    return said


def expected(place):
    return {one.name: one for one in snapshots.snapshot_of(place).people}


def text(answer):
    return answer.content.decode()


def test_the_gate_expects_a_visitor_at_the_hosts_floor_in_the_window(clerk, host, ferry_house):
    visit = actions.invite(clerk, host, wish())
    one = expected(ferry_house)["宋远来"]
    assert (one.comes_as, one.host, one.floor, one.id_tail) == ("visitor", "何以宁", "3", "456X")
    assert (one.begins, one.ends) == (int(visit.begins.timestamp()), int(visit.ends.timestamp()))
    assert one.index == visit.carried.index


def test_the_code_opens_nothing_after_the_visit(clerk, host):
    visit = actions.invite(clerk, host, wish())
    assert visit.carried.expires == visit.ends
    code = code_of(visit.carried)
    ring = keyring(snapshots.centre_key().public)
    assert read(code, ring, visit.ends - timedelta(seconds=1)).index == visit.carried.index
    with pytest.raises(BadPass):
        read(code, ring, visit.ends)


def test_a_visit_called_off_leaves_the_list_and_its_pass_is_taken_back(clerk, host, ferry_house):
    visit = actions.invite(clerk, host, wish())
    number = snapshots.list_numbers([ferry_house])["ferry-house"]
    actions.call_off(clerk, visit)
    actions.call_off(clerk, visit)
    assert "宋远来" not in expected(ferry_house)
    assert visit.carried.index in snapshots.snapshot_of(ferry_house).revoked
    assert snapshots.list_numbers([ferry_house])["ferry-house"] == number + 1


def test_tomorrows_visitor_is_on_tomorrows_list_alone(clerk, host, ferry_house):
    actions.invite(clerk, host, wish(AFTERNOON + timedelta(days=1)))
    assert "宋远来" not in expected(ferry_house)
    with clock.frozen(MONDAY + timedelta(days=1)):
        assert "宋远来" in expected(ferry_house)
    with clock.frozen(MONDAY + timedelta(days=2)):
        assert "宋远来" not in expected(ferry_house)


def test_nobody_visits_somebody_who_has_left(clerk, host, ferry_house):
    actions.invite(clerk, host, wish())
    Employment.objects.filter(pk=host.pk).update(left_on=MONDAY.date())
    assert "宋远来" not in expected(ferry_house)
    host.refresh_from_db()
    with pytest.raises(NotPossible):
        actions.invite(clerk, host, wish())


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(AFTERNOON, AFTERNOON), (MONDAY - timedelta(hours=2), MONDAY), (AFTERNOON + timedelta(days=30), None)],
)
def test_a_window_beyond_the_terms_is_refused_and_nothing_is_left(clerk, host, begins, ends):
    people, passes = Person.objects.count(), Pass.objects.count()
    with pytest.raises(NotPossible):
        actions.invite(clerk, host, wish(begins, ends))
    assert (Person.objects.count(), Pass.objects.count()) == (people, passes)


def test_a_host_has_so_many_visitors_a_day_and_one_called_off_makes_room(clerk, host):
    most = terms().a_day
    visits = [actions.invite(clerk, host, wish(name=f"客{n}")) for n in range(most)]
    with pytest.raises(NotPossible):
        actions.invite(clerk, host, wish())
    actions.call_off(clerk, visits[0])
    actions.invite(clerk, host, wish())


def test_a_clerk_invites_for_no_other_firms_staff(clerk, district, ferry_house):
    other = Organisation.objects.create(name="别家", area=district)
    person = Person.objects.create(name="白知远", area=district)
    stranger = Employment.objects.create(person=person, organisation=other, name="白知远", place=ferry_house)
    with pytest.raises(NotAllowed):
        actions.invite(clerk, stranger, wish())


def test_names_are_forgotten_when_the_pack_says_and_staff_keep_theirs(clerk, host):
    visit = actions.invite(clerk, host, wish())
    later = visit.ends + terms().names_kept
    with clock.frozen(later):
        assert actions.forget() == 0
    with clock.frozen(later + timedelta(seconds=1)):
        assert actions.forget() == 1
        assert actions.forget() == 0
    visit = Visit.objects.select_related("carried__person").get()
    assert (visit.carried.person.name, visit.tail) == (actions.NOBODY, "")


# ---- pages


def test_a_clerk_invites_and_gets_a_card_and_an_address(signed_in_as, host):
    browser = signed_in_as("company-clerk")
    answer = browser.post("/visits/new/", FORM | {"host": str(host.pk)}, follow=True)
    assert "宋远来" in text(answer)
    assert 'class="qr"' in text(answer)
    assert Visit.objects.get().tail == "456X"
    assert "宋远来" in text(browser.get("/visits/"))


def test_an_employee_invites_as_their_own_host_and_for_nobody_else(resident, host, clerk):
    browser = resident(host.person)
    browser.post("/visits/new/", FORM | {"host": str(host.pk)})
    assert Visit.objects.get().host == host
    other = Employment.objects.create(
        person=Person.objects.create(name="周子澄", area=host.person.area), organisation=host.organisation,
        name="周子澄", place=host.place,
    )  # fmt: skip
    assert browser.post("/visits/new/", FORM | {"host": str(other.pk)}).status_code == 422
    visit = actions.invite(clerk, other, wish())
    assert browser.get(f"/visits/{visit.pk}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"tail": "12"}, {"purpose": "x"}, {"day": "2020-02-30"}, {"begins": "25:00"}, {"ends": "13:00"}],
)
def test_a_form_filled_wrongly_says_so_and_keeps_nothing(signed_in_as, host, wrong):
    answer = signed_in_as("company-clerk").post("/visits/new/", FORM | {"host": str(host.pk)} | wrong)
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_the_visitors_page_names_nobody_and_needs_no_sign_in(clerk, host, client):
    visit = actions.invite(clerk, host, wish())
    page = client.get(f"/visit/{queries.link_of(visit)}/")
    assert 'class="qr"' in text(page)
    assert "宋远来" not in text(page)
    assert "何以宁" not in text(page)
    assert page["X-Robots-Tag"] == "noindex"
    actions.call_off(clerk, visit)
    assert 'class="qr"' not in text(client.get(f"/visit/{queries.link_of(visit)}/"))


def test_a_guessed_address_finds_nothing(clerk, host, client):
    visit = actions.invite(clerk, host, wish())
    good = queries.link_of(visit)
    for token in (visit.pk.hex, good[:-1], good + "A", f"{good.split('.')[0]}.", "%00", "." * 300):
        assert client.get(f"/visit/{token}/").status_code == 404


def test_the_manager_sees_who_came(clerk, host, node, send, signed_in_as):
    visit = actions.invite(clerk, host, wish())
    manager = signed_in_as("building-manager")
    assert "未到" in text(manager.get("/visits/today/"))
    node.enter(AFTERNOON, index=visit.carried.index, reason="invited")
    send(node.batch())
    page = text(manager.get("/visits/today/"))
    assert "宋远来" in page
    assert "14:12" in page


def test_a_guard_and_a_stranger_see_no_visits(signed_in_as, clerk, host, resident, district):
    visit = actions.invite(clerk, host, wish())
    assert signed_in_as("guard").get("/visits/today/").status_code == 403
    stranger = resident(Person.objects.create(name="甲", area=district))
    assert "宋远来" not in text(stranger.get("/visits/"))
    assert stranger.get(f"/visits/{visit.pk}/").status_code == 404
    assert stranger.get("/visits/new/").status_code == 302
