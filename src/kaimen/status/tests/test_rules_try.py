"""The page where a rule is tried: the answer part by part, refusals where they stand, and nothing that breaks it."""

from datetime import date

import pytest
from django.test import Client

from kaimen.packs import Pack
from kaimen.register.installing import install_pack
from kaimen.rules import RuleRefused, parse
from kaimen.status.rules_try import FIRST, marked, read_row, read_vocabulary, told

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 16)
ADDRESS = "/rules/try/"


def said(
    rule: str = FIRST.rule, fields: str = FIRST.fields, row: str = FIRST.row, day: str = "2020-03-16"
) -> dict[str, str]:
    return {"rule": rule, "fields_text": fields, "row": row, "as_of": day}


def asked(client: Client, **changed: str) -> str:
    """The page in English."""
    answer = client.post(ADDRESS, said(**changed), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_begins_with_a_rule_and_its_answer(client: Client) -> None:
    page = client.get(ADDRESS, headers={"accept-language": "en"}).content.decode()
    assert "temperature &gt;= fever_line" in page
    assert '<ul class="parts">' in page


def test_the_answer_comes_with_every_part_and_marks_what_decides() -> None:
    vocabulary = read_vocabulary(FIRST.fields)
    whole = told(parse(FIRST.rule, vocabulary), read_row(FIRST.row, vocabulary), DAY)
    temperature, both = whole.parts
    assert (whole.kind, temperature.kind, both.kind) == ("go", "stop", "go")
    assert (temperature.decides, both.decides) == (False, True)
    assert temperature.values == (("temperature", "36.8"), ("fever_line", "37.3"))
    assert both.parts[1].values[0] == ("days_between(onset, as_of)", "11")


def test_what_is_absent_is_said(client: Client) -> None:
    page = asked(client, row="")
    assert page.count('<span class="st none">') > 1
    assert "absent" in page


def test_a_refused_rule_is_marked_where_it_is_wrong(client: Client) -> None:
    page = asked(client, rule="temperature > 'hot'\nand cough")
    assert "<mark>temperature &gt; &#x27;hot&#x27;<sup>1</sup></mark>" in page
    assert "<mark>cough<sup>2</sup></mark>" in page
    assert "line 2, column 5" in page
    assert "temperature &gt; &#x27;hot&#x27;\nand cough</textarea>" in page  # what was entered is still there


def test_what_is_missing_at_the_end_has_a_place_too() -> None:
    vocabulary = read_vocabulary("n: integer")
    with pytest.raises(RuleRefused) as refused:
        parse("n >", vocabulary)
    pieces = marked("n >", refused.value.refusals)
    assert "".join(piece.text for piece in pieces) == "n >"
    assert [piece.number for piece in pieces if piece.number] == [1]


@pytest.mark.parametrize(("fields", "wrong"), [
    ("n integer", "Line 1: write"), ("n: number", "Line 1: write"),
    ("n: integer\n\nn: date", "Line 3: n is there twice"),
    ("n: integer maybe", "Line 1: write"), ("and: integer", "Line 1: "), ("n: integer = 1.5", "Line 1: "),
    ("d: date = 2020-02-30", "Line 1: "),
    ("n: integer\n" * 201, "Line 201: 200 lines"), ("x: decimal = 1e400", "Line 1: "),
])  # fmt: skip
def test_a_line_of_fields_that_says_nothing_is_named(client: Client, fields: str, wrong: str) -> None:
    assert wrong in asked(client, fields=fields)


@pytest.mark.parametrize(("row", "wrong"), [
    ("temperature", "Line 1: write"), ("symptoms = true\ncough = true", "Line 2: cough is no field"),
    ("temperature = hot", "Line 1: "), ("onset = 2020-02-30", "Line 1: "), ("symptoms = perhaps", "Line 1: "),
])  # fmt: skip
def test_a_line_of_the_row_that_says_nothing_is_named(client: Client, row: str, wrong: str) -> None:
    assert wrong in asked(client, row=row)


def test_values_are_read_as_people_write_them() -> None:
    vocabulary = read_vocabulary("yes: boolean\nno：boolean false\ncode: string\nn: integer\nx: decimal\nm: integer")
    row = read_row("yes = 是\nno: No\ncode = 'O''Neil'\nn=-3\nx = 37\nm = null", vocabulary)
    assert row == {"yes": True, "no": False, "code": "O'Neil", "n": -3, "x": 37, "m": None}


def test_a_rule_of_the_pack_comes_with_its_fields(client: Client, template_pack: Pack) -> None:
    install_pack(template_pack)
    page = client.get(ADDRESS, {"rule": "person/fever-or-symptoms"}, headers={"accept-language": "en"}).content.decode()
    assert "symptoms_on: date unknown" in page
    assert "fever_line: decimal = 37.3" in page
    assert "Fever or symptoms" in page


@pytest.mark.parametrize("name", ["", "person/nothing", "x" * 500, "\0", "../.."])
def test_a_rule_that_is_not_there_gives_the_first_example(client: Client, name: str) -> None:
    assert "temperature &gt;= fever_line" in client.get(ADDRESS, {"rule": name}).content.decode()


@pytest.mark.parametrize("changed", [
    {"rule": "(" * 4_000}, {"rule": "x" * 100_000}, {"fields": "a" * 100_000}, {"row": "=" * 13_000},
    {"day": "2020-02-30"}, {"day": ""}, {"rule": "\0"}, {"fields": "\0: integer"}, {"row": "\ud7ff = \u202e"},
    {"rule": "", "fields": "", "row": ""},
])  # fmt: skip
def test_rubbish_is_answered_in_words(client: Client, changed: dict[str, str]) -> None:
    assert "errs" in asked(client, **changed)
