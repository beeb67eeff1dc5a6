"""One file a person: found, completed by what is surer, never twice."""

from collections.abc import Callable

import pytest

from kaimen.kit.seal import NotOpened
from kaimen.register import actions, secrets
from kaimen.register.access import NotAllowed
from kaimen.register.actions import Claim, file_people, file_person
from kaimen.register.models import Area, Organisation, Person, Post

SELF = Person.Assurance.SELF_DECLARED
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
    first = file_person(None, "王芳", "11010519491231002X", "13800000001", district, SELF)
    again = file_person(None, "王芳", "１１０１０５ 19491231 002x", "138 0000 0001", district, SELF)
    assert again.pk == first.pk


def test_a_list_replaces_nothing_on_a_file_there_is(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    first = file_person(None, "王芳", synthetic_id(1), "13800000001", district, SELF)
    person = file_person(post("company-clerk", firm), "王方", synthetic_id(1), "13800000001", district, SELF)
    person.refresh_from_db()
    assert (person.pk, person.name) == (first.pk, "王芳")


def test_a_file_that_gains_a_number_is_found_by_it_in_the_same_list(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    known = file_person(None, "王芳", None, "13800000001", district, SELF)
    claims = [Claim("王芳", synthetic_id(1), "13800000001"), Claim("王方", synthetic_id(1), "13800000001")]
    assert file_people(post("company-clerk", firm), claims, district, SELF) == [known, known]


def test_two_namesakes_who_share_a_phone_are_two_by_their_numbers_also_where_a_file_says_none(
    district: Area, synthetic_id: MakeId, post: Callable[..., Post], firm: Organisation
) -> None:
    known = file_person(None, "王芳", None, "13800000001", district, Person.Assurance.PHONE_PROVED)
    claims = [Claim("王芳", synthetic_id(n), "13800000001") for n in (1, 2)]
    one, two = file_people(post("company-clerk", firm), claims, district, SELF)
    assert one == known
    assert two != known


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
