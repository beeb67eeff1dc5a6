"""Searching people: what finds them, what it shows, how it walks the index, who is told."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from kaimen.register import access, queries
from kaimen.register.actions import file_person
from kaimen.register.identifiers import NotAnIdentifier
from kaimen.register.models import Area, Person, Post, Viewing

SELF = Person.Assurance.SELF_DECLARED
MakeId = Callable[..., str]


@pytest.fixture
def people(district: Area, synthetic_id: MakeId) -> list[Person]:
    """Five people of the district."""
    return [
        file_person(None, name, synthetic_id(n), f"1380000000{n}", district, SELF)
        for n, name in enumerate(["王芳", "王芳菲", "李芳", "欧阳震华", "Wang Fang"])
    ]


@pytest.fixture
def officer(post: Callable[..., Post], district: Area) -> Post:
    """A counter officer of the district."""
    return post("counter-officer", district)


def names(post: Post, text: str) -> list[str]:
    """The names a search finds."""
    return [person.name for person in queries.search_people(post, text).people]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王芳", ["王芳", "王芳菲"]),
        ("王", ["王芳", "王芳菲"]),
        ("芳", ["李芳", "王芳", "王芳菲"]),
        ("震华", ["欧阳震华"]),
        ("欧阳", ["欧阳震华"]),
        ("Fang", ["Wang Fang"]),
        ("赵", []),
    ],
)
def test_the_beginning_of_a_name_or_given_name_finds_its_people(
    text: str, found: list[str], officer: Post, people: list[Person]
) -> None:
    assert sorted(names(officer, text)) == sorted(found)


def test_a_whole_number_finds_its_person_however_it_is_written(
    officer: Post, people: list[Person], synthetic_id: MakeId
) -> None:
    assert names(officer, f" {synthetic_id(2)[:6]} {synthetic_id(2)[6:]} ") == ["李芳"]
    assert names(officer, "１３８ 0000 0002") == ["李芳"]
    assert names(officer, "13800000099") == []


def test_a_name_and_the_last_four_tell_namesakes_apart(
    officer: Post, people: list[Person], synthetic_id: MakeId
) -> None:
    assert names(officer, f"王芳{synthetic_id(0)[-4:]}") == ["王芳"]
    assert names(officer, f"王芳 {synthetic_id(0)[-4:].lower()}") == ["王芳"]


@pytest.mark.parametrize(
    "text", ["370299199001011230", "1380000", "王_", "%", "' OR 1=1 --", "王\x00", "😀", "<script>"]
)
def test_what_cannot_be_a_name_or_number_is_refused_in_words(text: str, officer: Post, people: list[Person]) -> None:
    with pytest.raises(NotAnIdentifier):
        queries.search_people(officer, text)


def test_fifty_are_shown_and_it_is_said_that_there_are_more(officer: Post, district: Area) -> None:
    Person.objects.bulk_create(Person(name=f"张{chr(0x4E00 + n)}", area=district) for n in range(51))
    found = queries.search_people(officer, "张")
    assert (len(found.people), found.more) == (50, True)
    Person.objects.filter(name="张" + chr(0x4E00)).delete()
    assert queries.search_people(officer, "张").more is False


def test_nobody_beyond_the_scope_is_found_by_name_number_or_phone(
    post: Callable[..., Post], people: list[Person], synthetic_id: MakeId
) -> None:
    stranger = post("counter-officer", Area.objects.get(level="street"))
    for text in ("王芳", synthetic_id(0), "13800000000", f"王芳 {synthetic_id(0)[-4:]}"):
        assert names(stranger, text) == []


def test_a_post_without_the_permission_finds_nobody(post: Callable[..., Post], district: Area) -> None:
    with pytest.raises(access.NotAllowed):
        queries.search_people(post("grid-officer", district), "王")


@pytest.mark.parametrize(("column", "index"), [("name", "person_by_name"), ("given_name", "person_by_given_name")])
def test_a_search_by_name_walks_the_index_on_names_and_stops_early(column: str, index: str, officer: Post) -> None:
    wanted = access.visible(officer, Person).filter(access.begins(column, "张")).order_by(column)[:51]
    sql, values = wanted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = " / ".join(row[3] for row in cursor.fetchall())
    assert f"USING INDEX {index} ({column}>? AND {column}<?)" in plan
    assert "TEMP B-TREE" not in plan


def test_the_page_shows_masked_numbers_and_puts_none_in_an_address(
    signed_in_as: Callable[..., Client], people: list[Person], synthetic_id: MakeId
) -> None:
    page = signed_in_as("counter-officer").post("/people/", {"q": synthetic_id(0)}).content.decode()
    assert "王芳" in page
    assert page.count(synthetic_id(0)) == 1  # in the box, as it was entered
    assert 'method="post"' in page
    assert "?q=" not in page


def test_a_mistake_in_the_box_is_answered_beside_it_with_the_entry_kept(signed_in_as: Callable[..., Client]) -> None:
    answer = signed_in_as("counter-officer").post("/people/", {"q": "370299199001011230"})
    assert answer.status_code == 200
    assert 'value="370299199001011230"' in answer.content.decode()
    assert "errs" in answer.content.decode()


def test_every_opening_of_a_file_is_written_down_and_its_person_and_the_auditor_read_it(
    signed_in_as: Callable[..., Client], post: Callable[..., Post], people: list[Person], district: Area
) -> None:
    officer = signed_in_as("counter-officer")
    for _ in range(2):
        assert officer.get(f"/people/{people[0].pk}/").status_code == 200
    assert Viewing.objects.filter(person=people[0]).count() == 2
    auditor = signed_in_as("auditor").get("/people/viewings/").content.decode()
    assert auditor.count(str(people[0].pk)[-12:]) == 2
    assert "王芳" not in auditor


def test_a_file_shows_its_numbers_masked(
    signed_in_as: Callable[..., Client], people: list[Person], synthetic_id: MakeId
) -> None:
    page = signed_in_as("counter-officer").get(f"/people/{people[0].pk}/").content.decode()
    assert synthetic_id(0) not in page
    assert "13800000000" not in page
    assert synthetic_id(0)[-4:] in page
