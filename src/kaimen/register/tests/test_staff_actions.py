"""A staff list is brought, looked at, taken once; and taken again changes nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult

from kaimen.kit import clock, effects
from kaimen.register import secrets, staff_actions, staff_queries
from kaimen.register.actions import file_person
from kaimen.register.models import Employment, Organisation, Person, Place, Post
from kaimen.register.staff_actions import bring, drop, leave, take
from kaimen.register.staff_models import StaffList, StaffListTaken
from kaimen.register.staff_plan import Plan, plan
from kaimen.register.staff_tasks import forget, forget_old
from kaimen.register.tests.staff_files import HEADING, id_number, name, people, phone_number, ugly
from kaimen.ui.tests.other_writers import Rows, csv

pytestmark = pytest.mark.django_db(databases=["default", "events"])


@pytest.fixture
def clerk(post: Any, firm: Organisation) -> Post:
    held: Post = post("company-clerk", firm)
    return held


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `staff-changed` was set off with, instead of issuing passes."""
    seen: list[dict[str, Any]] = []

    def note(**about: Any) -> None:
        seen.append(about)

    monkeypatch.setitem(effects._effects, "staff-changed", note)
    return seen


def brought(clerk: Post, rows: Rows, heading: list[str] = HEADING) -> StaffList:
    return bring(clerk, "名单.csv", csv([heading, *rows]))


def planned(listed: StaffList) -> Plan:
    return plan(listed.organisation, staff_queries.draft(listed).good)


def taken(clerk: Post, rows: Rows, heading: list[str] = HEADING) -> StaffListTaken:
    listed = brought(clerk, rows, heading)
    return take(clerk, listed, staff_queries.fingerprint(planned(listed)))


def counts(one: StaffListTaken) -> tuple[int, int, int, int]:
    return one.new, one.changed, one.unchanged, one.wrong


def test_bringing_a_list_takes_nobody(clerk, fired):
    brought(clerk, people(5))
    assert Employment.objects.count() == 0
    assert fired == []


def test_taking_a_list_employs_its_people_and_files_those_nobody_knew(clerk, firm, fired):
    assert counts(taken(clerk, people(5))) == (5, 0, 0, 0)
    first = Employment.objects.get(name=name(0))
    assert (first.organisation, first.id_tail, first.phone_tail) == (firm, id_number(0)[-4:], phone_number(0)[-4:])
    assert (first.department, first.floor) == ("贸易一部", "15F")
    assert first.place == Place.objects.get(code="ferry-house"), "the firm's only premises"
    assert secrets.open_national_id(first.person) == id_number(0)
    assert first.person.assurance == Person.Assurance.SELF_DECLARED
    assert first.person.area == firm.area


def test_only_the_good_rows_are_taken_and_the_others_counted(clerk, fired):
    assert counts(taken(clerk, [*people(3), ["", id_number(9), "", "", ""], ["张三", "12", "", "", ""]])) == (
        3,
        0,
        0,
        2,
    )
    assert Employment.objects.count() == 3


def test_taking_the_same_list_again_changes_nothing(clerk, fired):
    taken(clerk, people(5))
    before = list(Employment.objects.order_by("id").values())
    assert counts(taken(clerk, people(5))) == (0, 0, 5, 0)
    assert list(Employment.objects.order_by("id").values()) == before
    assert len(fired) == 1, "nothing changed, so nobody is told"


def test_lists_without_id_numbers_are_known_again_too(clerk, fired):
    rows = [[row[0], "", *row[2:]] for row in people(5)]
    taken(clerk, rows)
    assert counts(taken(clerk, rows)) == (0, 0, 5, 0)
    assert Person.objects.filter(name=name(0)).count() == 1


def test_somebody_who_has_another_phone_by_now_is_known_by_what_the_list_says(clerk, fired):
    rows = [[name(0), "", phone_number(0), "", ""]]
    taken(clerk, rows)
    person = Person.objects.get(name=name(0))
    Person.objects.filter(pk=person.pk).update(phone_index=secrets.blind_phone("13700000000"))
    assert counts(taken(clerk, rows)) == (0, 0, 1, 0)


def test_the_effect_fires_once_with_everybody_who_is_new_or_changed(clerk, firm, fired):
    taken(clerk, people(3))
    taken(clerk, [[*people(1)[0][:3], "财务", "15F"], *people(3)[1:], *people(2, first=3)])
    assert len(fired) == 2
    assert fired[1]["organisation"] == firm
    assert fired[1]["by"] == clerk
    ids = Employment.objects.filter(name__in=[name(0), name(3), name(4)]).values_list("pk", flat=True)
    assert sorted(fired[1]["employments"]) == sorted(ids)


def test_people_of_a_list_get_their_passes(clerk):
    taken(clerk, people(3))
    assert all(person.passes.count() == 1 for person in Person.objects.filter(employments__isnull=False))


def test_a_changed_row_changes_what_it_says_and_nothing_else(clerk, fired):
    heading = [*HEADING, "返岗日期"]
    taken(clerk, [[*people(1)[0], "2020-03-02"]], heading)
    listed = brought(clerk, [[name(0), id_number(0), "13700001111", "财务", "", ""]], heading)
    (change,) = planned(listed).changed
    assert change.columns == {"department": "财务", "phone_tail": "1111"}
    take(clerk, listed, staff_queries.fingerprint(planned(listed)))
    one = Employment.objects.get(name=name(0))
    assert (one.department, one.floor, one.back_on, one.phone_tail) == ("财务", "15F", date(2020, 3, 2), "1111")


def test_a_list_without_a_column_leaves_it_as_it_is(clerk, fired):
    taken(clerk, people(1))
    assert counts(taken(clerk, [[name(0), id_number(0)]], ["姓名", "身份证号"])) == (0, 0, 1, 0)


def test_an_id_number_that_was_missing_is_added_to_the_same_person(clerk, fired):
    taken(clerk, [[name(0), "", phone_number(0), "", ""]])
    person = Person.objects.get(name=name(0))
    assert counts(taken(clerk, people(1))) == (0, 1, 0, 0)
    assert Employment.objects.get(name=name(0)).person == person
    person.refresh_from_db()
    assert secrets.open_national_id(person) == id_number(0)
    assert counts(taken(clerk, people(1))) == (0, 0, 1, 0)


def _known(district, number, called, assurance):
    known = Person.objects.create(name=called, area=district, assurance=assurance)
    for column, value in secrets.national_id_columns(known.pk, number).items():
        setattr(known, column, value)
    known.save()
    return known


def test_an_id_number_leads_to_the_file_of_whom_a_counter_saw_it_with_under_that_name(clerk, firm, district, fired):
    known = _known(district, id_number(0), name(0), Person.Assurance.DOCUMENT_SEEN)
    taken(clerk, [[name(0), "", phone_number(0), "", ""]])
    assert counts(taken(clerk, people(1))) == (0, 1, 0, 0)
    assert Employment.objects.get(name=name(0)).person == known
    assert counts(taken(clerk, people(1))) == (0, 0, 1, 0)


def test_a_corrected_phone_leads_to_the_file_of_whoever_holds_that_phone(clerk, fired, district):
    taken(clerk, [[name(0), id_number(0), "13700001111", "", ""]])
    theirs = file_person(None, name(0), id_number(0), phone_number(0), district, Person.Assurance.PHONE_PROVED)
    assert Employment.objects.get().person != theirs
    assert counts(taken(clerk, people(1))) == (0, 1, 0, 0)
    assert Employment.objects.get().person == theirs
    assert counts(taken(clerk, people(1))) == (0, 0, 1, 0)


def test_a_file_that_only_this_firm_named_is_corrected_with_the_list(clerk, fired, district):
    taken(clerk, [[name(0), id_number(0), "13700001111", "", ""]])
    taken(clerk, people(1))
    assert secrets.open_phone(Employment.objects.get().person) == phone_number(0)
    assert Person.objects.filter(id_tail=id_number(0)[-4:]).count() == 1


def test_an_old_list_moves_nobody_off_the_file_they_came_into(clerk, fired, district):
    taken(clerk, people(1))
    person = Employment.objects.get().person
    Person.objects.filter(pk=person.pk).update(assurance=Person.Assurance.PHONE_PROVED)
    taken(clerk, [[name(0), id_number(0), "13700001111", "", ""]])
    assert Employment.objects.get().person == person
    person.refresh_from_db()
    assert secrets.open_phone(person) == phone_number(0)


def test_who_is_missing_from_a_list_stays_and_is_named(clerk, fired):
    taken(clerk, people(3))
    listed = brought(clerk, people(1))
    assert {known.name for known in planned(listed).missing} == {name(1), name(2)}
    taken(clerk, people(1))
    assert Employment.objects.filter(left_on=None).count() == 3


def test_somebody_who_left_and_is_on_a_list_again_is_back(clerk, fired):
    taken(clerk, people(2))
    Employment.objects.filter(name=name(0)).update(left_on=date(2020, 3, 1))
    listed = brought(clerk, people(2))
    assert [known.name for known in planned(listed).missing] == []
    assert counts(take(clerk, listed, staff_queries.fingerprint(planned(listed)))) == (0, 1, 1, 0)
    assert Employment.objects.get(name=name(0)).left_on is None


def test_whether_the_register_knows_a_person_already_makes_no_difference_to_the_clerk(clerk, district, fired):
    def see(start: int) -> tuple[Any, ...]:
        listed = brought(clerk, people(1, first=start))
        plan_ = planned(listed)
        done = take(clerk, listed, staff_queries.fingerprint(plan_))
        row = Employment.objects.get(name=name(start))
        return len(plan_.new), len(plan_.changed), counts(done), row.department, row.floor, row.place, row.left_on

    known = _known(district, id_number(7), name(7), Person.Assurance.DOCUMENT_SEEN)
    stranger = _known(district, id_number(9), "登记在册的名字", Person.Assurance.DOCUMENT_SEEN)
    assert see(7) == see(8) == see(9)
    assert Employment.objects.get(name=name(7)).person == known
    known.refresh_from_db()
    assert known.phone is None, "a clerk never changes a file that a counter saw"
    assert not stranger.employments.exists()


def test_who_has_left_is_off_the_staff_once_and_back_when_a_list_names_them(clerk, fired):
    taken(clerk, people(2))
    one = Employment.objects.get(name=name(0))
    leave(clerk, one)
    leave(clerk, one)
    assert [about["employments"] for about in fired[1:]] == [[one.pk]], "the gates are told, once"
    assert [row.name for row in staff_queries.staff(clerk, "")] == [name(1)]
    assert counts(taken(clerk, people(2))) == (0, 1, 1, 0)
    assert {row.name for row in staff_queries.staff(clerk, "")} == {name(0), name(1)}


def test_a_clerk_lets_nobody_leave_another_firm(clerk, post, district, fired):
    taken(clerk, people(1))
    other = post("company-clerk", Organisation.objects.create(name="别家", area=district))
    with pytest.raises(PermissionDenied):
        leave(other, Employment.objects.get())
    assert Employment.objects.get().left_on is None


def test_a_list_is_taken_once_whoever_clicks_twice(clerk, fired):
    listed = brought(clerk, people(3))
    answer = staff_queries.fingerprint(planned(listed))
    assert take(clerk, listed, answer) == take(clerk, listed, answer)
    assert StaffListTaken.objects.count() == 1
    assert len(fired) == 1


def test_what_was_confirmed_must_be_what_is_done(clerk, fired):
    listed = brought(clerk, people(3))
    answer = staff_queries.fingerprint(planned(listed))
    taken(clerk, people(1))
    with pytest.raises(staff_actions.AnotherAnswer):
        take(clerk, listed, answer)
    assert Employment.objects.count() == 1


def test_the_same_file_waits_once(clerk):
    assert brought(clerk, people(2)) == brought(clerk, people(2))
    assert StaffList.objects.count() == 1


def test_a_taken_file_may_be_brought_again_and_would_change_nothing(clerk, fired):
    taken(clerk, people(2))
    listed = brought(clerk, people(2))
    assert planned(listed).changes_nothing
    assert StaffList.objects.count() == 2


def test_what_a_list_says_is_sealed_while_it_waits_and_gone_when_it_is_taken(clerk, fired):
    listed = brought(clerk, people(1))
    stored = bytes(StaffList.objects.get().content or b"")
    assert id_number(0).encode() not in stored
    assert name(0).encode() not in stored
    take(clerk, listed, staff_queries.fingerprint(planned(listed)))
    assert StaffList.objects.get().content is None


def test_only_the_wrong_rows_stay_after_a_list_was_taken(clerk, fired):
    taken(clerk, [*people(2), ["张三", "12", "", "", ""]])
    draft = staff_queries.draft(StaffList.objects.get())
    assert (len(draft.good), [row.line.cells["name"].text for row in draft.wrong]) == (0, ["张三"])


def test_lists_are_forgotten_after_a_day(clerk, fired):
    now = clock.now()
    brought(clerk, people(1))
    taken(clerk, [*people(2), ["张三", "12", "", "", ""]])
    with clock.frozen(now + timedelta(hours=23)):
        assert forget_old() == 0
    with clock.frozen(now + timedelta(hours=25)):
        assert forget_old() == 2
    assert [listed.content for listed in StaffList.objects.all()] == [None], "the taken one, without its rows"


def test_the_worker_is_asked_to_forget_a_list_after_a_day(clerk):
    brought(clerk, people(1))
    waiting = DBTaskResult.objects.get(task_path=forget.module_path)
    assert timedelta(days=1) < waiting.run_after - datetime.now(UTC) < timedelta(days=1, minutes=2)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert forget.func() == 1
    assert StaffList.objects.count() == 0


def test_dropping_a_list_forgets_it_and_leaves_a_taken_one(clerk, fired):
    drop(clerk, brought(clerk, people(1)))
    assert StaffList.objects.count() == 0
    done = taken(clerk, people(1))
    drop(clerk, done.staff_list)
    assert StaffList.objects.count() == 1


def test_the_receipt_can_be_read_out(clerk, fired):
    with clock.frozen(datetime(2020, 3, 16, 1, 0, tzinfo=UTC)):
        receipt = taken(clerk, people(1)).receipt
    assert receipt.startswith("L-20200316-")
    assert len(receipt) == len("L-20200316-7K3FQ")


def test_a_clerk_takes_no_list_of_another_firm(clerk, post, district, fired):
    listed = brought(clerk, people(1))
    other = post("company-clerk", Organisation.objects.create(name="别家", area=district))
    with pytest.raises(PermissionDenied):
        take(other, listed, staff_queries.fingerprint(planned(listed)))
    with pytest.raises(PermissionDenied):
        drop(other, listed)


@pytest.mark.parametrize("role", ["guard", "building-manager", "counter-officer", "auditor", "resident"])
def test_only_a_clerk_brings_a_list(role, post, district):
    scope: Any = {"guard": Place.objects.first(), "building-manager": Place.objects.first(), "resident": None}
    with pytest.raises(PermissionDenied):
        bring(post(role, scope.get(role, district)), "名单.csv", csv([HEADING, *people(1)]))


def test_somebody_is_placed_by_the_list_then_by_the_floor_then_at_the_first_premises(clerk, firm, district, fired):
    other = Place.objects.filter(kind=Place.Kind.BUILDING).exclude(code="ferry-house").first()
    assert other is not None
    firm.premises.create(place=other, floor="12F")
    heading = ["姓名", "身份证号", "楼层", "楼宇"]
    taken(clerk, [[name(0), id_number(0), "12", ""], [name(1), id_number(1), "", ""],
                  [name(2), id_number(2), "3", other.name]], heading)  # fmt: skip
    places = dict(Employment.objects.values_list("name", "place__code"))
    assert places == {name(0): other.code, name(1): "ferry-house", name(2): other.code}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("名单.xlsx", "名单.xlsx"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\人事\\名单.xls", "名单.xls"),
        ("a\x00b\nc\u202excod.exe", "abcxcod.exe"),
        ("名" * 300, "名" * 80),
        ("", "—"),
        ("\u200b\u200b", "—"),
    ],
)
def test_a_hostile_file_name_is_shown_harmlessly(given, shown):
    assert staff_actions.shown_name(given) == shown


def test_the_ugly_file_becomes_people(clerk, fired):
    listed = bring(clerk, "花名册.xlsx", ugly())
    done = take(clerk, listed, staff_queries.fingerprint(planned(listed)))
    assert counts(done) == (3, 0, 0, 4)
    assert set(Employment.objects.values_list("name", flat=True)) == {"陆听雨", "程归帆", "孟望舒"}


def test_nothing_is_half_taken_when_something_fails(clerk, monkeypatch):
    def fail(**about: Any) -> None:
        raise RuntimeError("no passes today")

    monkeypatch.setitem(effects._effects, "staff-changed", fail)
    listed = brought(clerk, people(3))
    with pytest.raises(RuntimeError):
        take(clerk, listed, staff_queries.fingerprint(planned(listed)))
    assert (Employment.objects.count(), StaffListTaken.objects.count()) == (0, 0)
    assert StaffList.objects.get().content is not None
