"""Who types a number has typed a number: it leads to nobody's file, whoever comes first, whatever else is known.

One person, 王芳, with her number and her phone; a squatter who knows her name and number and has another phone; firms
with the right phone, an old one, none; a counter with her document. What holds, holds for every order of events.
"""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.register import documents, joining, queries, secrets
from kaimen.register.actions import Claim, employ, file_person
from kaimen.register.documents import see_document
from kaimen.register.models import Account, Area, Employment, NumberClaim, Organisation, Person, Post

MakeId = Callable[..., str]
MakePost = Callable[..., Post]
Messages = list[dict[str, Any]]
SELF, PROVED, SEEN = Person.Assurance.SELF_DECLARED, Person.Assurance.PHONE_PROVED, Person.Assurance.DOCUMENT_SEEN
HERS, SQUATTERS, OLD = "13800000001", "13800000002", "13800000003"
NAME = "王芳"

pytestmark = pytest.mark.django_db(databases=["default", "events"])


class Story:
    """One run of events about one number."""

    def __init__(self, district: Area, number: str, officer: Post, clerks: dict[str, Post], messages: Messages) -> None:
        self.district, self.number, self.officer, self.clerks = district, number, officer, clerks
        self.messages = messages
        self.come_in: dict[str, Person] = {}  # phone → whose file its holder came into last

    def she_registers(self) -> None:
        self._register(HERS)

    def the_squatter_registers(self) -> None:
        self._register(SQUATTERS)

    def a_firm_with_her_phone(self) -> None:
        self._list("right", HERS)

    def a_firm_with_an_old_phone(self) -> None:
        self._list("old", OLD)

    def a_firm_with_no_phone(self) -> None:
        self._list("none", None)

    def the_counter_sees_her_document(self) -> None:
        """The officer asks of each file; she knows her firms and her phone, and disowns the squatter's."""
        asked = documents.may_be_the_same(self.officer, Claim(NAME, self.number, HERS))
        same = {file.pk: secrets.open_phone(file) != SQUATTERS for file in asked}
        see_document(self.officer, Claim(NAME, self.number, HERS), self.district, same)

    def _register(self, phone: str) -> None:
        proof = joining.register(Claim(NAME, self.number, phone), self.district)
        person = joining.prove(proof, self.messages[-1]["code"]).person
        assert person is not None
        self.come_in[phone] = person

    def _list(self, which: str, phone: str | None) -> None:
        clerk = self.clerks[which]
        assert clerk.organisation is not None
        person = file_person(clerk, NAME, self.number, phone, self.district, SELF)
        employ(person, clerk.organisation)

    def holds(self) -> None:
        """What must hold after every event."""
        for employment in Employment.objects.select_related("person"):
            person = employment.person
            assert secrets.open_phone(person) != SQUATTERS, "no employment on the squatter's file"
        if HERS in self.come_in and SQUATTERS in self.come_in:
            assert self.come_in[HERS] != self.come_in[SQUATTERS]
        for phone, came_into in self.come_in.items():
            person = Person.objects.get(pk=came_into.pk)
            assert secrets.open_phone(person) == phone, "nobody lost their file"
            assert Account.objects.get(person=person).is_active
        owners = Person.objects.filter(assurance=SEEN).exclude(national_id_index=None)
        assert owners.count() <= 1
        assert all(secrets.open_phone(owner) == HERS for owner in owners)


EVENTS = [
    Story.she_registers, Story.the_squatter_registers, Story.a_firm_with_her_phone, Story.a_firm_with_an_old_phone,
    Story.a_firm_with_no_phone, Story.the_counter_sees_her_document,
]  # fmt: skip


@pytest.fixture
def story(
    district: Area, synthetic_id: MakeId, post: MakePost, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> Story:
    """Nothing has happened yet."""
    monkeypatch.setattr(joining, "CODES_AN_HOUR", 1_000)
    firms = {name: Organisation.objects.create(name=name, area=district) for name in ("right", "old", "none")}
    clerks = {name: post("company-clerk", firm) for name, firm in firms.items()}
    return Story(district, synthetic_id(1), post("counter-officer", district), clerks, messages)


def _told(story: Story, order: Any) -> None:
    """Let it happen in this order, and unhappen."""
    story.come_in.clear()
    story.messages.clear()
    with transaction.atomic():
        for event in order:
            event(story)
            story.holds()
        if Story.the_counter_sees_her_document in order:
            owner = documents.owner_of(story.number)
            assert owner is not None
            after = order[order.index(Story.the_counter_sees_her_document) :]
            if Story.the_squatter_registers not in after:
                assert not Person.objects.filter(phone_tail=SQUATTERS[-4:]).exclude(id_tail="").exists()
            assert not Employment.objects.filter(left_on=None).exclude(person=owner).exists(), "her work is on her file"
        transaction.set_rollback(True)


@pytest.mark.parametrize("first", EVENTS)
def test_no_order_of_events_lets_a_typed_number_reach_somebody_elses_file(
    first: Callable[[Story], None], story: Story
) -> None:
    rest = [event for event in EVENTS if event is not first]
    for order in list(permutations(rest, 3))[::3]:
        _told(story, [first, *order])


def test_nor_do_events_that_happen_again_and_again(story: Story) -> None:
    @settings(max_examples=40)
    @given(st.lists(st.sampled_from(EVENTS), max_size=9))
    def told(order: list[Callable[[Story], None]]) -> None:
        _told(story, order)

    told()


def test_a_squatter_who_comes_first_keeps_a_file_of_their_own_and_nothing_else(story: Story) -> None:
    story.the_squatter_registers()
    story.a_firm_with_no_phone()
    story.a_firm_with_her_phone()
    story.she_registers()
    hers = story.come_in[HERS]
    assert [one.organisation.name for one in hers.employments.all()] == ["right"]
    assert not story.come_in[SQUATTERS].employments.exists()


def test_a_clerk_who_types_somebodys_number_with_a_phone_of_their_own_comes_into_no_work_of_theirs(
    story: Story, district: Area
) -> None:
    file_person(story.clerks["old"], NAME, story.number, SQUATTERS, district, SELF)
    story.the_squatter_registers()
    story.a_firm_with_her_phone()
    assert not story.come_in[SQUATTERS].employments.filter(organisation__name="right").exists()


def test_hr_may_have_an_old_phone_once_a_counter_has_seen_the_document(story: Story) -> None:
    story.the_counter_sees_her_document()
    story.a_firm_with_an_old_phone()
    story.a_firm_with_no_phone()
    assert Employment.objects.filter(person=documents.owner_of(story.number)).count() == 2


def test_a_wrong_name_with_a_proved_number_is_hung_on_nobody_and_the_owner_is_told_once_a_firm(
    story: Story, district: Area
) -> None:
    story.the_counter_sees_her_document()
    owner = documents.owner_of(story.number)
    story.messages.clear()
    for phone in (OLD, SQUATTERS):
        named = file_person(story.clerks["old"], "李强", story.number, phone, district, SELF)
        assert named != owner
    assert [(message["text"], message["to"]) for message in story.messages] == [("number-named-otherwise", owner)]
    file_person(story.clerks["right"], "李强", story.number, "13800000004", district, SELF)
    assert len(story.messages) == 2
    assert set(NumberClaim.objects.values_list("outcome", flat=True)) == {NumberClaim.Outcome.NAMED_OTHERWISE}


def test_who_typed_a_number_that_is_anothers_is_told_nothing_of_it_when_its_owner_appears(story: Story) -> None:
    story.the_squatter_registers()
    story.messages.clear()
    story.a_firm_with_her_phone()
    assert not story.messages


def test_a_wrongly_written_name_is_no_matter_where_number_and_phone_agree(story: Story, district: Area) -> None:
    story.she_registers()
    assert file_person(story.clerks["right"], "王方", story.number, HERS, district, SELF) == story.come_in[HERS]


def test_a_counter_that_changes_a_phone_tells_the_old_one_and_shuts_it_out(story: Story, district: Area) -> None:
    story.the_counter_sees_her_document()
    owner = documents.owner_of(story.number)
    assert owner is not None
    account = Account.objects.create_user("fang", "a long password")
    account.person = owner
    account.save()
    before = account.get_session_auth_hash()
    story.messages.clear()
    see_document(story.officer, Claim(NAME, story.number, None), district)
    see_document(story.officer, Claim(NAME, story.number, HERS), district)
    assert not story.messages, "the same phone, or none named, changes nothing"
    see_document(story.officer, Claim(NAME, story.number, OLD), district)
    assert story.messages == [{"text": "phone-changed", "to": owner, "at": HERS}]
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert account.get_session_auth_hash() != before


def test_files_joined_at_a_counter_leave_a_closed_one_that_nothing_finds(story: Story, district: Area) -> None:
    story.the_counter_sees_her_document()
    owner = documents.owner_of(story.number)
    see_document(story.officer, Claim(NAME, story.number, OLD), district)  # another phone, and later the first again
    story.she_registers()
    second = story.come_in[HERS]
    assert second != owner
    employ(second, Organisation.objects.create(name="二厂", area=district))
    assert see_document(story.officer, Claim(NAME, story.number, HERS), district) == owner
    second.refresh_from_db()
    assert (second.phone_index, second.national_id_index, second.employments.count()) == (None, None, 0)
    assert not second.account.is_active
    assert NumberClaim.objects.get().outcome == NumberClaim.Outcome.SAME_PERSON
    assert joining.prove(joining.ask_for_code(NAME, HERS), story.messages[-1]["code"]).person == owner


def test_one_firm_that_listed_a_person_twice_has_them_once_when_the_files_are_joined(
    story: Story, district: Area
) -> None:
    firm = story.clerks["right"].organisation
    assert firm is not None
    for phone in (HERS, OLD):
        employ(file_person(story.clerks["right"], NAME, story.number, phone, district, SELF), firm)
    story.the_counter_sees_her_document()
    owner = documents.owner_of(story.number)
    assert [one.left_on for one in Employment.objects.filter(person=owner)] == [None]
    assert Employment.objects.filter(left_on=None).count() == 1


def test_a_passport_never_proves_the_number_that_a_file_says(story: Story, district: Area) -> None:
    story.the_squatter_registers()
    same = {story.come_in[SQUATTERS].pk: True}
    person = see_document(story.officer, Claim(NAME, None, SQUATTERS), district, same)
    assert person != story.come_in[SQUATTERS]
    assert documents.owner_of(story.number) is None


def test_a_phone_fills_no_number_onto_a_file_whose_passport_was_seen(story: Story, district: Area) -> None:
    person = see_document(story.officer, Claim(NAME, None, SQUATTERS), district)
    story.the_squatter_registers()
    person.refresh_from_db()
    assert (person.assurance, person.id_tail) == (SEEN, "")


def test_no_office_is_joined_away_by_a_number(story: Story, district: Area, post: MakePost) -> None:
    commander = post("district-commander", district, name=NAME).person
    for column, value in secrets.national_id_columns(commander.pk, story.number).items():
        setattr(commander, column, value)
    commander.save()
    assert documents.may_be_the_same(story.officer, Claim(NAME, story.number, HERS)) == []


def test_whom_a_document_names_is_the_owner_or_the_phone_and_never_a_mere_number(story: Story) -> None:
    story.the_squatter_registers()
    assert queries.person_named(NAME, story.number, None) is None
    assert queries.person_named(NAME, story.number, HERS) is None
    story.she_registers()
    assert queries.person_named(NAME, story.number, HERS) == story.come_in[HERS]
    story.the_counter_sees_her_document()
    assert queries.person_named(NAME, story.number, None) == documents.owner_of(story.number)
    assert queries.person_named("李强", story.number, None) is None
