"""The sample, written: as planned, once, and only where everybody is made up."""

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings

from kaimen.demo import preparing
from kaimen.demo import sample as samples
from kaimen.demo.definitions import Sample
from kaimen.demo.models import SampleProgress
from kaimen.demo.personas import DOORS, OFFICES, account_of
from kaimen.demo.synthetic import NotSynthetic
from kaimen.gate.actions import lists_changed
from kaimen.gate.models import Pass, Roster, RosterLine
from kaimen.register import access, secrets
from kaimen.register.models import Area, Employment, Household, InstalledPack, Organisation, Person, Place, Post

# The sample freezes evenings, and those count entries, which stand in the other file.
pytestmark = pytest.mark.django_db(databases=["default", "events"])


def test_every_row_that_was_planned_is_there(filled: SampleProgress, sample: Sample) -> None:
    assert filled.whole
    assert filled.done == filled.total == sample.people == Employment.objects.count() == Pass.objects.count()
    assert Organisation.objects.filter(kind="firm").count() == sample.firms
    assert Employment.objects.values("place").distinct().count() == sample.buildings
    assert RosterLine.objects.filter(employment__back_on__isnull=True).count() == 0 < RosterLine.objects.count()
    assert Roster.objects.filter(organisation__resumed_on=None).count() == 0


def test_numbers_are_sealed_and_open_again(filled: SampleProgress) -> None:
    person = Employment.objects.earliest("id").person
    number = secrets.open_national_id(person)
    assert number is not None
    assert number.startswith("370299")
    assert number.endswith(person.id_tail)
    assert number.encode() not in bytes(person.national_id or b"")
    assert (secrets.open_phone(person) or "").startswith("154")


def test_households_are_spread_over_the_units_each_with_somebody_who_answers(
    filled: SampleProgress, sample: Sample
) -> None:
    assert Household.objects.filter(members__isnull=False).count() == sample.households
    assert {one.place.kind for one in Household.objects.select_related("place")} == {"compound"}
    addresses = Household.objects.order_by("id").values_list("address", flat=True)
    assert addresses[0] == "1-1-101"
    assert len(set(addresses)) == sample.households


def test_making_it_again_does_nothing(filled: SampleProgress) -> None:
    before = list(Person.objects.order_by("id").values_list("id", "national_id"))
    assert samples.make_sample().digest == filled.digest
    assert list(Person.objects.order_by("id").values_list("id", "national_id")) == before


def test_the_people_are_those_of_the_plan(filled: SampleProgress, sample: Sample) -> None:
    plan = samples.plan_of(sample)
    planned = [
        (firm.name, one.who.name, one.who.national_id[-4:], one.department, one.back_on)
        for code in plan.buildings
        for firm in plan.firms_in(code)
        for one in firm.staff
    ]
    rows = Employment.objects.values_list("organisation__name", "name", "id_tail", "department", "back_on")
    assert sorted(planned, key=str) == sorted(rows, key=str)


def test_stopped_half_way_it_goes_on_where_it_stopped(
    district: Area, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    def break_off(places: list[object]) -> None:
        if told:
            raise KeyboardInterrupt
        told.append(1)
        lists_changed(places)  # type: ignore[arg-type]

    monkeypatch.setattr(samples, "lists_changed", break_off)
    with pytest.raises(KeyboardInterrupt):
        samples.make_sample()
    half = SampleProgress.objects.get()
    assert 0 < half.done < sample.people
    assert half.done == Employment.objects.count()
    monkeypatch.setattr(samples, "lists_changed", lists_changed)
    assert samples.make_sample().done == sample.people == Employment.objects.count()


def test_a_pack_that_is_not_synthetic_gets_no_sample(district: Area) -> None:
    InstalledPack.objects.update(synthetic=False)
    with pytest.raises(NotSynthetic, match="may be real"):
        samples.make_sample()
    assert not Person.objects.exists()


def test_the_demonstrations_pack_is_not_put_over_a_real_one(district: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    InstalledPack.objects.update(synthetic=False)
    monkeypatch.setattr(preparing, "call_command", lambda *_, **__: None)
    with pytest.raises(NotSynthetic, match="may be real"):
        preparing.prepare(settings.ROOT / "packs" / "qingdao-2020")
    assert InstalledPack.objects.count() == 1


def test_settings_of_a_real_installation_get_no_sample(district: Area, settings: Settings) -> None:
    settings.SYNTHETIC = False
    with pytest.raises(NotSynthetic):
        samples.make_sample()


def test_every_persona_holds_its_post_over_what_its_role_asks(filled: SampleProgress, sample: Sample) -> None:
    building = Place.objects.get(code=sample.stage.building)
    for door in DOORS:
        person = account_of(door.slug).person
        assert person is not None
        assert person.name == sample.cast[door.slug]
        (post,) = person.posts.all()
        assert post.role == door.role
        if post.area:
            assert building.area.path.startswith(post.area.path)
    for office in OFFICES:
        person = account_of(office.slug).person
        assert person is not None
        assert person.name == sample.officers[office.slug]
        assert [post.role for post in person.posts.all()] == [office.role]
    clerk = Post.objects.get(role="company-clerk")
    assert access.visible(clerk, Employment).count() == sample.stage.staff
