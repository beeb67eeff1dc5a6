"""One file a person: found, completed by what is surer, never twice."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from kaimen.kit.seal import NotOpened
from kaimen.register import actions, secrets
from kaimen.register.access import NotAllowed
from kaimen.register.actions import Claim, employ, file_people, file_person
from kaimen.register.models import Account, Area, Organisation, Person, Post

SELF, SEEN = Person.Assurance.SELF_DECLARED, Person.Assurance.DOCUMENT_SEEN
MakeId = Callable[..., str]


def test_a_number_is_sealed_in_its_row_and_found_by_its_index(district: Area, synthetic_id: MakeId) -> None:
    person = file_person(None, "王芳", synthetic_id(1), "13800000001", district, SELF)
    person.refresh_from_db()
    assert synthetic_id(1).encode() not in bytes(person.national_id or b"")
    assert secrets.open_national_id(person) == synthetic_id(1)
    assert secrets.open_phone(person) == "13800000001"
    assert (person.id_tail, person.phone_tail) == (synthetic_id(1)[-4:], "0001")
    assert Person.objects.get(national_id_index=secrets.blind_national_id(synthetic_id(1))) == person


def test_a_sealed_number_moved_to_another_row_does_not_open(district: Area, synthetic_id: MakeId) -> None:
    one = file_person(None, "王芳", synthetic_id(1), None, district, SELF)
    two = file_person(None, "李强", synthetic_id(2), None, district, SELF)
    two.national_id = one.national_id
    with pytest.raises(NotOpened):
        secrets.open_national_id(two)


def test_the_same_number_written_otherwise_is_the_same_person(district: Area) -> None:
    first = file_person(None, "王芳", "11010519491231002X", None, district, SELF)
    again = file_person(None, "王芳", "１１０１０５ 19491231 002x", None, district, SELF)
    assert again.pk == first.pk


def test_somebody_about_themself_changes_nothing_on_a_file_that_exists(district: Area, synthetic_id: MakeId) -> None:
    file_person(None, "王芳", synthetic_id(1), None, district, SELF)
    again = file_person(None, "假名", synthetic_id(1), "13800000009", district, SELF)
    again.refresh_from_db()
    assert (again.name, again.phone_tail) == ("王芳", "")


def test_a_firms_list_fills_what_is_empty_and_replaces_nothing(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    clerk = post("company-clerk", firm)
    file_person(None, "王芳", synthetic_id(1), None, district, SELF)
    file_person(clerk, "王方", synthetic_id(1), "13800000001", district, SELF)
    person = file_person(clerk, "王方", synthetic_id(1), "13800000002", district, SELF)
    person.refresh_from_db()
    assert (person.name, person.phone_tail) == ("王芳", "0001")


def test_a_clerk_cannot_come_in_as_another_firms_employee_by_filling_in_a_phone(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    other = Organisation.objects.create(name="别家", area=district)
    theirs = file_person(post("company-clerk", other), "王芳", synthetic_id(1), None, district, SELF)
    employ(theirs, other, name="王芳")
    person = file_person(post("company-clerk", firm), "王芳", synthetic_id(1), "13800000001", district, SELF)
    person.refresh_from_db()
    assert (person.pk, person.phone_tail) == (theirs.pk, "")


def test_a_file_that_gains_a_number_is_found_by_it_in_the_same_list(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    known = file_person(None, "王芳", None, "13800000001", district, SELF)
    claims = [Claim("王芳", synthetic_id(1), "13800000001"), Claim("王芳", synthetic_id(1), "13800000002")]
    assert file_people(post("company-clerk", firm), claims, district, SELF) == [known, known]


def test_a_document_seen_replaces_what_was_less_sure_and_a_list_never_replaces_it_back(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    file_person(None, "王方", synthetic_id(1), "13800000001", district, SELF)
    officer = post("counter-officer", district)
    person = file_person(officer, "王芳", synthetic_id(1), "13800000002", district, SEEN)
    assert (person.name, person.phone_tail, person.assurance) == ("王芳", "0002", SEEN)
    file_person(post("company-clerk", firm), "王方", synthetic_id(1), "13800000003", district, SELF)
    person.refresh_from_db()
    assert (person.name, person.phone_tail, person.assurance) == ("王芳", "0002", SEEN)


def test_a_list_adds_no_phone_to_a_file_whose_document_was_seen(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    file_person(post("counter-officer", district), "王芳", synthetic_id(1), None, district, SEEN)
    person = file_person(post("company-clerk", firm), "王芳", synthetic_id(1), "13800000003", district, SELF)
    person.refresh_from_db()
    assert person.phone_tail == ""


def test_a_phone_changed_at_a_counter_shuts_out_whoever_came_in_by_the_old_one(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post]
) -> None:
    person = file_person(None, "王芳", synthetic_id(1), "13800000001", district, SELF)
    account = Account.objects.create_user("intruder", "a long password")
    account.person = person
    account.save()
    before = account.get_session_auth_hash()
    file_person(post("counter-officer", district), "王芳", synthetic_id(1), "13800000002", district, SEEN)
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert account.get_session_auth_hash() != before


def test_without_an_id_name_and_phone_together_are_the_person(district: Area, post: Callable[..., Post]) -> None:
    officer = post("counter-officer", district)
    first = file_person(officer, "王芳", None, "13800000001", district, SELF)
    assert file_person(officer, "王芳", None, "13800000001", district, SELF).pk == first.pk
    assert file_person(officer, "李强", None, "13800000001", district, SELF).pk != first.pk


def test_an_id_completes_the_file_that_a_list_without_ids_had_made(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    clerk = post("company-clerk", firm)
    first = file_person(clerk, "王芳", None, "13800000001", district, SELF)
    second = file_person(clerk, "王芳", synthetic_id(1), "13800000001", district, SELF)
    assert second.pk == first.pk
    assert file_person(clerk, "王芳", synthetic_id(2), "13800000001", district, SELF).pk != first.pk


def test_many_are_filed_at_once_and_one_who_stands_twice_is_filed_once(district: Area, synthetic_id: MakeId) -> None:
    claims = [Claim("王芳", synthetic_id(n)) for n in range(20)] + [Claim("王芳", synthetic_id(3))]
    people = file_people(None, claims, district, SELF)
    assert len(people) == 21
    assert people[20].pk == people[3].pk
    assert Person.objects.count() == 20


def test_somebody_filed_by_another_in_the_same_moment_is_found(
    district: Area, synthetic_id: MakeId, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed, tries = actions._filed, []

    def overtaken(*about: object) -> list[Person]:
        tries.append(about)
        if len(tries) == 1:
            filed(*about)  # type: ignore[arg-type]
            raise IntegrityError("UNIQUE constraint failed: register_person.national_id_index")
        return filed(*about)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_filed", overtaken)
    file_person(None, "王芳", synthetic_id(1), None, district, SELF)
    assert len(tries) == 2
    assert Person.objects.count() == 1


def test_a_post_that_files_nobody_files_nobody(district: Area, post: Callable[..., Post]) -> None:
    with pytest.raises(NotAllowed):
        file_person(post("grid-officer", district), "王芳", None, "13800000001", district, SELF)


def test_who_had_left_a_firm_and_is_employed_again_is_back(district: Area, firm: Organisation) -> None:
    person = file_person(None, "王芳", None, "13800000001", district, SELF)
    first = actions.employ(person, firm, department="装焊")
    first.left_on = "2020-03-01"
    first.save()
    again = actions.employ(person, firm, department="喷漆")
    again.refresh_from_db()
    assert (again.pk, again.left_on, again.department, again.name) == (first.pk, None, "喷漆", "王芳")
