"""Many rows at once, by raw SQL."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kaimen.register.bulk import insert, update
from kaimen.register.models import Employment, Organisation, Person

pytestmark = pytest.mark.django_db
AT = datetime(2020, 3, 16, 0, 30, tzinfo=UTC)


def test_rows_come_back_as_they_were_put_in(firm: Organisation) -> None:
    person = Person.objects.create(name="张三")
    columns = ["id", "made_at", "person", "organisation", "name", "place", "back_on"]
    columns += ["id_tail", "phone_tail", "department", "floor"]
    key = uuid4()
    insert(Employment, columns, [(key, AT, person.pk, firm.pk, "张三", None, date(2020, 3, 2), "", "", "", "")])
    one = Employment.objects.get(pk=key)
    assert (one.made_at, one.person, one.organisation, one.place, one.back_on) == (
        AT,
        person,
        firm,
        None,
        date(2020, 3, 2),
    )


PERSON = ["id", "made_at", "name", "given_name", "national_id_index", "id_tail", "phone_tail", "assurance", "language"]


def _person(index: bytes) -> tuple[object, ...]:
    return uuid4(), AT, "张三", "三", index, "", "", 3, "zh-hans"


def test_a_row_that_is_there_already_stays() -> None:
    insert(Person, PERSON, [_person(b"1" * 16), _person(b"1" * 16), _person(b"2" * 16)])
    assert Person.objects.count() == 2


def test_a_row_that_is_there_already_is_an_error_where_it_must_not_be() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Person, PERSON, [_person(b"1" * 16), _person(b"1" * 16)], keeps_existing=False)
    assert Person.objects.count() == 0


def test_each_row_gets_its_own_values() -> None:
    people = [Person.objects.create(name=name) for name in ("甲", "乙", "丙")]
    update(Person, ["name", "assurance"], [("子", 2, people[0].pk), ("丑", 3, people[1].pk)])
    assert sorted(Person.objects.values_list("name", "assurance")) == [("丑", 3), ("丙", 1), ("子", 2)]


def test_no_rows_are_no_work() -> None:
    insert(Person, PERSON, [])
    update(Person, ["name"], [])
    assert Person.objects.count() == 0
