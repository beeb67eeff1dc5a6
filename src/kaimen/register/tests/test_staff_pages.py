"""The pages a clerk sees: the staff, choosing a file, looking through it, the result."""

import io
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from openpyxl import load_workbook

from kaimen.kit import effects
from kaimen.register import staff_page
from kaimen.register.models import Employment, Organisation, Place
from kaimen.register.staff_models import StaffList, StaffListTaken
from kaimen.register.tests.staff_files import HEADING, id_number, name, people, phone_number, ugly
from kaimen.ui.tests.other_writers import csv, xls, xlsx

pytestmark = pytest.mark.django_db(databases=["default", "events"])
BAD = ["张三", "12", "", "", ""]


@pytest.fixture
def clerk(signed_in_as: Callable[..., Client]) -> Client:
    client = signed_in_as("company-clerk")
    client.cookies["kaimen_language"] = "en"
    return client


@pytest.fixture(autouse=True)
def no_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(**about: Any) -> None:
        """Issues no passes: that is the gate's matter."""

    monkeypatch.setitem(effects._effects, "staff-changed", nothing)


def upload(client: Client, content: bytes, file_name: str = "名单.xlsx") -> Any:
    return client.post("/staff/import/", {"file": SimpleUploadedFile(file_name, content)})


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def brought(client: Client, content: bytes) -> tuple[str, Any]:
    """The address of the list and its page."""
    response = upload(client, content)
    assert response.status_code == 302, text(response)
    return response["Location"], client.get(response["Location"])


def take(client: Client, address: str, page: Any) -> Any:
    return client.post(f"{address}take/", {"answer": page.context["preview"].answer}, follow=True)


def test_a_clerk_is_offered_a_blank_list_before_anybody_is_on_it(clerk):
    assert "Nobody is on the list yet" in text(clerk.get("/staff/"))
    page = load_workbook(io.BytesIO(clerk.get("/staff/import/sample.xlsx").content)).active
    assert [cell.value for cell in page[1]][:3] == ["Name", "ID number", "Phone"]
    assert "370299199001011236" in page["B1"].comment.text
    assert page.max_row == 1, "an example row would become a person"


def test_the_blank_list_filled_in_is_taken(clerk):
    book = load_workbook(io.BytesIO(clerk.get("/staff/import/sample.xlsx").content))
    for person in people(2):
        book.active.append(person)
    stream = io.BytesIO()
    book.save(stream)
    address, page = brought(clerk, stream.getvalue())
    take(clerk, address, page)
    assert Employment.objects.count() == 2


def test_a_clerk_says_who_has_left_after_being_asked_once_more(clerk, signed_in_as, firm, district):
    take(clerk, *brought(clerk, csv([HEADING, *people(2)])))
    one = Employment.objects.get(name=name(0))
    address = f"/staff/{one.pk}/left/"
    assert f'href="{address}"' in clerk.get("/staff/").content.decode()
    assert f"Has {name(0)} left?" in text(clerk.get(address))
    one.refresh_from_db()
    assert one.left_on is None
    page = text(clerk.post(address, follow=True))
    assert f"{name(0)} has left" in page
    assert "1 person on the list" in page
    assert "already" in text(clerk.get(address))
    other = signed_in_as("company-clerk", Organisation.objects.create(name="别家", area=district))
    assert other.post(address).status_code == 404


def test_the_button_says_what_it_does(clerk):
    _address, page = brought(clerk, csv([HEADING, *people(3), BAD]))
    assert "Take 3 people, 1 row to correct" in text(page)
    assert Employment.objects.count() == 0


def test_the_button_says_it_in_chinese(clerk):
    clerk.cookies["kaimen_language"] = "zh-hans"
    _address, page = brought(clerk, csv([HEADING, *people(1998), BAD, ["李四", "13", "", "", ""]]))
    assert "录入 1,998 人，2 行待改" in text(page)


def test_mistakes_come_first_with_cell_entry_and_remedy(clerk):
    _address, page = brought(clerk, ugly())
    words = text(page)
    assert "F9 韩亦澄 证件号码 3.70299199001011E+17" in words
    assert "lost its last digits" in words
    assert "C10 何以宁 手机 1390000002" in words
    assert "Not read, other sheets: 说明" in words
    assert "Not kept, columns nobody asks for: 序号、座机、工资" in words


def test_good_rows_show_no_more_of_a_number_than_its_end(clerk):
    address, _page = brought(clerk, csv([HEADING, *people(3)]))
    words = clerk.get(f"{address}?show=new").content.decode()
    assert id_number(1)[-4:] in words
    assert id_number(1) not in words
    assert phone_number(1) not in words


def test_a_taken_list_shows_its_receipt_and_the_staff(clerk):
    address, page = brought(clerk, csv([HEADING, *people(3), BAD]))
    result = take(clerk, address, page)
    assert "3 people were taken" in text(result)
    assert StaffListTaken.objects.get().receipt in text(result)
    assert "1 row was not taken" in text(result)
    staff = text(clerk.get("/staff/"))
    assert name(0) in staff
    assert f"ends in {id_number(0)[-4:]}" in staff


def test_bringing_the_same_file_again_says_that_nothing_changes(clerk):
    content = csv([HEADING, *people(3)])
    take(clerk, *brought(clerk, content))
    _address, page = brought(clerk, content)
    assert "Nothing changes: all 3 people" in text(page)
    assert "Take " not in text(page)


def test_people_who_are_not_in_the_file_are_shown_and_stay(clerk):
    take(clerk, *brought(clerk, csv([HEADING, *people(3)])))
    address, page = brought(clerk, csv([HEADING, *people(1)]))
    assert "Not in this file 2" in text(page)
    assert "a list takes nobody off" in text(clerk.get(f"{address}?show=missing"))


def test_a_change_is_shown_before_and_after(clerk):
    take(clerk, *brought(clerk, csv([HEADING, *people(1)])))
    _address, page = brought(clerk, csv([HEADING, [*people(1)[0][:3], "财务", "15F"]]))
    assert "Department 贸易一部 → 财务" in text(page)


def test_the_rows_to_correct_come_back_as_a_marked_file_that_can_be_brought_again(clerk):
    address, page = brought(clerk, csv([HEADING, *people(2), BAD, ["=李四", id_number(5), phone_number(5), "", ""]]))
    download = clerk.get(f"{address}marked.xlsx")
    sheet = load_workbook(io.BytesIO(download.content)).active
    assert [cell.value for cell in sheet[1]][:5] == HEADING
    assert "B4" in sheet["G2"].value
    assert sheet["B2"].comment is not None
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=李四", "s")
    take(clerk, address, page)
    sheet["A2"], sheet["B2"], sheet["A3"] = name(2), id_number(2), "李四"
    stream = io.BytesIO()
    sheet.parent.save(stream)
    _again, page = brought(clerk, stream.getvalue())
    assert page.context["preview"].to_take == 2
    assert page.context["preview"].draft.wrong == ()


def test_a_list_can_be_thrown_away(clerk):
    address, _page = brought(clerk, csv([HEADING, *people(1)]))
    assert "thrown away" in text(clerk.post(f"{address}drop/", follow=True))
    assert clerk.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.4", "This is a PDF"),
        (b"PK\x03\x04broken", "damaged"),
        (csv([["a", "b"], ["c", "d"]]), "No heading row was found"),
        (csv([["姓名"], ["张三"]]), "at least one of"),
        (csv([HEADING]), "no people below it"),
        (csv([HEADING, *people(20_001)]), "20,001 people"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_words(clerk, content, words):
    response = upload(clerk, content)
    assert response.status_code == 400
    assert words in text(response)
    assert 'href="#id_file"' in response.content.decode()
    assert StaffList.objects.count() == 0


def test_no_file_at_all_is_answered_in_words(clerk):
    response = clerk.post("/staff/import/", {})
    assert response.status_code == 400
    assert "Staff list is empty" in text(response)


def test_a_hundred_megabytes_are_let_go_and_answered_in_words(clerk):
    response = upload(clerk, b"\0" * (100 * 1024 * 1024))
    assert response.status_code == 400
    assert "at most 10.0 MB can be taken" in text(response).replace("\xa0", " ")


def test_a_hostile_file_name_does_no_harm(clerk):
    response = upload(clerk, csv([HEADING, *people(1)]), '"><script>alert(1)</script>\u202e.csv')
    page = clerk.get(response["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_legacy_file_with_the_wrong_name_is_read_all_the_same(clerk):
    response = upload(clerk, xls([HEADING, *people(1)]), "名单.csv")
    assert response.status_code == 302


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=999", "?show=nothing", "?show=new&page=-1", "?page=" + "9" * 50]
)
def test_an_odd_address_still_shows_the_list(clerk, query):
    address, _page = brought(clerk, csv([HEADING, *people(1), BAD]))
    assert clerk.get(address + query).status_code == 200


def test_an_answer_that_is_not_the_one_shown_takes_nothing_and_shows_again(clerk):
    address, _page = brought(clerk, csv([HEADING, *people(1)]))
    response = clerk.post(f"{address}take/", {"answer": "made up"}, follow=True)
    assert "please confirm again" in text(response)
    assert Employment.objects.count() == 0


def test_taking_by_a_link_is_not_possible(clerk):
    address, _page = brought(clerk, csv([HEADING, *people(1)]))
    assert clerk.get(f"{address}take/").status_code == 405
    assert clerk.get(f"{address}drop/").status_code == 405


def test_another_firms_list_is_not_there(clerk, signed_in_as, district):
    address, _page = brought(clerk, csv([HEADING, *people(1), BAD]))
    other = signed_in_as("company-clerk", Organisation.objects.create(name="别家", area=district))
    for path in ("", "marked.xlsx"):
        assert other.get(address + path).status_code == 404
    for path in ("take/", "drop/"):
        assert other.post(address + path, {"answer": "x"}).status_code == 404


def test_another_firms_staff_are_not_seen(clerk, signed_in_as, district):
    take(clerk, *brought(clerk, csv([HEADING, *people(3)])))
    other = signed_in_as("company-clerk", Organisation.objects.create(name="别家", area=district))
    assert name(0) not in text(other.get("/staff/"))


@pytest.mark.parametrize("path", ["/staff/", "/staff/import/", "/staff/import/sample.xlsx"])
@pytest.mark.parametrize("role", ["guard", "resident", "auditor", "counter-officer"])
def test_other_roles_stay_outside(path, role, signed_in_as):
    assert signed_in_as(role).get(path).status_code == 403


def test_nobody_signed_out_sees_anything(client, db):
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize("words", [name(11), name(11)[:2], "财务", id_number(11)[-4:], phone_number(11)[-4:]])
def test_staff_are_found_by_name_department_and_last_digits(clerk, words):
    take(clerk, *brought(clerk, csv([HEADING, *people(3), [*people(1, first=11)[0][:3], "财务", "2F"]])))
    found = clerk.post("/staff/", {"q": words})
    assert [one.name for one in found.context["page"]] == [name(11)]


def test_what_fits_nobody_says_so(clerk):
    take(clerk, *brought(clerk, csv([HEADING, *people(1)])))
    assert "Nobody on the list fits" in text(clerk.post("/staff/", {"q": "%_' OR 1=1"}))


def test_whom_a_clerk_looks_for_stands_in_no_address(clerk):
    take(clerk, *brought(clerk, csv([HEADING, *people(staff_page.PER_PAGE + 1)])))
    first = clerk.post("/staff/", {"q": "贸易"})
    page = first.content.decode()
    assert 'method="get"' not in page
    assert "?page=" not in page
    second = clerk.post("/staff/", {"q": "贸易", "page": "2"})
    assert (first.context["page"].number, second.context["page"].number) == (1, 2)
    assert 'value="贸易"' in second.content.decode()
    assert clerk.get("/staff/", {"q": "贸易"}).context["words"] == ""


def test_two_clicks_at_once_take_a_list_once(transactional_db, template_pack):
    """In threads, with real transactions: the second waits, then finds the first one's result."""
    client, address, answer = _one_list_waiting(template_pack)
    results: list[int] = []

    def click() -> None:
        try:
            twin = Client()
            twin.cookies = client.cookies
            results.append(twin.post(f"{address}take/", {"answer": answer}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [302] * 4
    assert (StaffListTaken.objects.count(), Employment.objects.count()) == (1, 40)


def _one_list_waiting(pack: Any) -> tuple[Client, str, str]:
    from datetime import date

    from kaimen.register.installing import install_pack
    from kaimen.register.models import Account, Person, Post

    install_pack(pack)
    place = Place.objects.get(code="ferry-house")
    firm = Organisation.objects.create(name="云汀渡船厂", area=place.area)
    person = Person.objects.create(name="唐念北", area=place.area)
    account = Account.objects.create(username="clerk", person=person)
    Post.objects.create(person=person, role="company-clerk", organisation=firm, since=date(2020, 1, 1))
    client = Client()
    client.force_login(account)
    address, page = brought(client, csv([HEADING, *people(40)]))
    return client, address, page.context["preview"].answer


def test_thousands_of_people_are_read_and_taken_within_seconds(clerk):
    content = xlsx([["花名册"], HEADING, *people(4_000)])
    began = time.monotonic()
    address, page = brought(clerk, content)
    read = time.monotonic() - began
    assert page.context["preview"].to_take == 4_000
    began = time.monotonic()
    take(clerk, address, page)
    assert Employment.objects.count() == 4_000
    took = time.monotonic() - began
    assert max(read, took) < 40, "a bound against folly; bench/import_.py measures it with 20,000"
