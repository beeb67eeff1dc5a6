"""Why an answer is what it is: which parts made it."""

from datetime import date

from kaimen.rules import FieldType, Part, Type, Vocabulary, explain, parse
from kaimen.rules.tree import Value

DAY = date(2020, 3, 16)
VOCABULARY = Vocabulary(
    {
        "temperature": FieldType(Type.DECIMAL),
        "symptoms": FieldType(Type.BOOLEAN),
        "onset": FieldType(Type.DATE),
        "missing": FieldType(Type.INTEGER, "false"),
        "confirmed": FieldType(Type.BOOLEAN, "false"),
        "most": FieldType(Type.INTEGER),
    }
)


def deciding(text: str, row: dict[str, Value | None]) -> list[str]:
    """The texts of the smallest parts that made the answer."""

    def smallest(part: Part) -> list[str]:
        below = [one for part in part.parts for one in smallest(part)]
        return below or ([part.text] if part.decides else [])

    return smallest(explain(parse(text, VOCABULARY), row, DAY))


def test_one_yes_decides_an_or_and_the_rest_does_not() -> None:
    text = "temperature >= 37 or symptoms and days_between(onset, as_of) <= 14"
    assert deciding(text, {"symptoms": True, "onset": DAY}) == ["symptoms", "onset", "as_of", "14"]


def test_every_part_decides_an_or_that_is_no() -> None:
    assert deciding("confirmed or symptoms", {"symptoms": False}) == ["confirmed", "symptoms"]


def test_one_no_decides_an_and_through_a_not() -> None:
    assert deciding("not (confirmed and symptoms)", {"confirmed": True, "symptoms": False}) == ["symptoms"]


def test_what_is_unknown_decides_that_the_answer_is() -> None:
    assert deciding("confirmed and temperature + 1 > most", {"confirmed": True, "most": 3}) == ["temperature"]


def test_a_field_of_a_closed_world_that_is_absent_decides_whatever_the_other_side() -> None:
    part = explain(parse("missing + 1 > most", VOCABULARY), {}, DAY)
    assert part.value is False
    assert deciding("missing + 1 > most", {}) == ["missing"]
    assert deciding("missing + 1 > most", {"missing": 1, "most": 5}) == ["missing", "1", "most"]


def test_a_part_says_its_text_its_value_and_whether_the_row_lacks_it() -> None:
    part = explain(parse("( confirmed  or symptoms )", VOCABULARY), {"symptoms": True}, DAY)
    assert (part.text, part.value, part.decides) == ("confirmed  or symptoms", True, True)
    confirmed, symptoms = part.parts
    assert (confirmed.text, confirmed.value, confirmed.absent, confirmed.decides) == ("confirmed", False, True, False)
    assert (symptoms.value, symptoms.absent, symptoms.decides) == (True, False, True)


def test_asking_for_a_field_shows_whether_it_is_there() -> None:
    part = explain(parse("onset is not null", VOCABULARY), {"onset": DAY}, DAY)
    assert part.value is True
    assert part.parts[0].value is False
