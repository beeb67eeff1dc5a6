"""A counter serves somebody without a phone: document, file, card."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kaimen.register import secrets
from kaimen.register.actions import Claim, file_person
from kaimen.register.documents import see_document
from kaimen.register.models import Area, Household, NumberClaim, Person, Place, Post, Viewing

MakeId = Callable[..., str]
SELF, PROVED, SEEN = Person.Assurance.SELF_DECLARED, Person.Assurance.PHONE_PROVED, Person.Assurance.DOCUMENT_SEEN


@pytest.fixture
def street(district: Area) -> Area:
    """The only street."""
    return Area.objects.get(level="street")


@pytest.fixture
def officer(signed_in_as: Callable[..., Client]) -> Client:
    """A counter officer's browser."""
    return signed_in_as("counter-officer")


def said(street: Area, number: str, **about: Any) -> dict[str, Any]:
    """What the second page sends."""
    return {"seen_step": "1", "national_id": number, "name": "赵老", "area": street.pk, "seen": "on"} | about


def test_somebody_new_without_a_phone_is_filed_in_two_pages_and_the_card_is_next(
    officer: Client, street: Area, synthetic_id: MakeId
) -> None:
    page = officer.post("/counter/", {"national_id": synthetic_id(1)}).content.decode()
    assert page.count("<input") + page.count("<select") < 15
    answer = officer.post("/counter/", said(street, synthetic_id(1)), follow=True)
    person = Person.objects.get(id_tail=synthetic_id(1)[-4:])
    assert answer.redirect_chain[-1][0] == f"/people/{person.pk}/?filed"
    assert (person.assurance, person.phone_tail, person.area) == (SEEN, "", street)
    assert f'action="/people/{person.pk}/card/"' in answer.content.decode()


def _same(person: Person, answer: str) -> dict[str, str]:
    return {f"same-{person.pk.hex}": answer}


def test_whom_a_counter_has_seen_before_is_shown_and_the_document_replaces_what_is_there(
    officer: Client, street: Area, district: Area, synthetic_id: MakeId, post: Callable[..., Post]
) -> None:
    known = see_document(post("counter-officer", district), Claim("赵劳", synthetic_id(1), "13800000001"), street)
    page = officer.post("/counter/", {"national_id": synthetic_id(1)}).content.decode()
    assert 'value="赵劳"' in page
    assert "0001" in page
    assert "13800000001" not in page
    assert Viewing.objects.filter(person=known, what="counter").count() == 1
    officer.post("/counter/", said(street, synthetic_id(1)))
    known.refresh_from_db()
    assert (known.name, known.assurance, secrets.open_phone(known)) == ("赵老", SEEN, "13800000001")


def test_a_file_that_only_says_the_number_is_asked_about_and_taken_over_where_it_is_theirs(
    officer: Client, street: Area, synthetic_id: MakeId
) -> None:
    known = file_person(None, "赵劳", synthetic_id(1), "13800000001", street, SELF)
    page = officer.post("/counter/", {"national_id": synthetic_id(1)}).content.decode()
    assert f'name="same-{known.pk.hex}"' in page
    assert 'value="赵劳"' not in page, "the name is copied from the document, not from a claim"
    assert Viewing.objects.filter(person=known, what="counter").count() == 1
    silent = officer.post("/counter/", said(street, synthetic_id(1)))
    assert f'href="#id_same-{known.pk.hex}_0"' in silent.content.decode()
    officer.post("/counter/", said(street, synthetic_id(1)) | _same(known, "yes"))
    known.refresh_from_db()
    assert (known.name, known.assurance, secrets.open_phone(known)) == ("赵老", SEEN, "13800000001")
    assert Person.objects.filter(national_id_index=known.national_id_index).count() == 1


def test_a_file_that_is_somebody_elses_keeps_all_but_the_number_and_both_outcomes_stand_for_the_auditor(
    officer: Client, street: Area, synthetic_id: MakeId, messages: list[dict[str, Any]],
    signed_in_as: Callable[..., Client],
) -> None:  # fmt: skip
    other = file_person(None, "赵老", synthetic_id(1), "13800000009", street, PROVED)
    officer.post("/counter/", said(street, synthetic_id(1), phone="13800000001") | _same(other, "no"))
    other.refresh_from_db()
    assert (other.id_tail, other.phone_tail, other.assurance) == ("", "0009", PROVED)
    owner = Person.objects.get(id_tail=synthetic_id(1)[-4:])
    assert (owner.assurance, owner.phone_tail) == (SEEN, "0001")
    assert [(message["text"], message["to"]) for message in messages] == [("number-not-yours", other)]
    claim = NumberClaim.objects.get()
    assert (claim.owner, claim.claimed_by, claim.outcome) == (owner, other, NumberClaim.Outcome.ANOTHER)
    page = signed_in_as("auditor").get("/people/viewings/").content.decode()
    assert str(other.pk)[-12:] in page


def test_a_passport_that_comes_again_finds_its_file_by_name_and_phone(officer: Client, street: Area) -> None:
    first = said(street, "", name="Anna Müller", phone="13800000001")
    officer.post("/counter/", first)
    person = Person.objects.get(name="Anna Müller")
    assert officer.post("/counter/", first).status_code == 200, "asked whether it is hers"
    officer.post("/counter/", first | _same(person, "yes"))
    assert Person.objects.filter(name="Anna Müller").count() == 1


def test_a_file_of_another_district_is_not_shown_and_with_the_document_seen_comes_over(
    officer: Client, street: Area, district: Area, synthetic_id: MakeId, post: Callable[..., Post]
) -> None:
    city = Area.objects.get(level="city")
    elsewhere = Area.objects.create(code="999902", name="河西", level="district", parent=city, path="/999900/999902/")
    known = see_document(post("counter-officer", elsewhere), Claim("赵老", synthetic_id(1), "13800000001"), elsewhere)
    claims = file_person(None, "赵老", synthetic_id(1), "13800000002", elsewhere, SELF)
    page = officer.post("/counter/", {"national_id": synthetic_id(1)}).content.decode()
    assert "赵老" not in page
    assert "0001" not in page
    assert claims.pk.hex not in page
    assert officer.post("/counter/", said(street, synthetic_id(1)), follow=True).status_code == 200
    known.refresh_from_db()
    assert known.area == street


def test_a_household_is_a_building_and_a_room_and_one_address_is_one_household(
    officer: Client, street: Area, synthetic_id: MakeId
) -> None:
    home = Place.objects.get(code="ferry-house")
    for n, name in enumerate(("赵老", "钱婆")):
        officer.post("/counter/", said(street, synthetic_id(n), name=name, place=home.pk, address="2-301"))
    assert Household.objects.get().members.count() == 2
    answer = officer.post("/counter/", said(street, synthetic_id(5), address="2-301"))
    assert 'href="#id_place"' in answer.content.decode()
    assert not Person.objects.filter(id_tail=synthetic_id(5)[-4:]).exists()


def test_without_a_mainland_id_the_field_stays_empty_and_the_file_is_made(officer: Client, street: Area) -> None:
    page = officer.post("/counter/", {"national_id": ""}).content.decode()
    assert 'name="seen_step"' in page
    officer.post("/counter/", said(street, "", name="Anna Müller"))
    assert Person.objects.get(name="Anna Müller").assurance == SEEN


def test_a_file_shown_beside_a_mistake_was_looked_at_too(
    officer: Client, street: Area, district: Area, synthetic_id: MakeId, post: Callable[..., Post]
) -> None:
    known = see_document(post("counter-officer", district), Claim("赵老", synthetic_id(1), "13800000001"), street)
    answer = officer.post("/counter/", said(street, synthetic_id(1)) | {"seen": ""})
    assert "赵老" in answer.content.decode()
    assert Viewing.objects.get().person == known


@pytest.mark.parametrize(
    ("field", "entered"),
    [
        ("seen", ""), ("name", ""), ("name", "赵老1"), ("phone", "138"), ("area", "nowhere"), ("place", "\x00"),
        ("address", "x" * 500), ("address", "2-301\x00"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_at_its_field_and_nobody_is_filed(
    field: str, entered: str, officer: Client, street: Area, synthetic_id: MakeId
) -> None:
    before = Person.objects.count()
    answer = officer.post("/counter/", said(street, synthetic_id(1)) | {field: entered})
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in answer.content.decode()
    assert f'value="{synthetic_id(1)}"' in answer.content.decode()
    assert Person.objects.count() == before


@pytest.mark.parametrize("number", ["370299199001011230", "3702992030010112", "370299\x00", "😀", "'--"])
def test_a_number_that_cannot_be_one_is_refused_at_once(number: str, officer: Client) -> None:
    page = officer.post("/counter/", {"national_id": number}).content.decode()
    assert 'href="#id_national_id"' in page
    assert 'name="seen_step"' not in page


def test_a_hidden_number_that_was_tampered_with_is_refused_in_words(officer: Client, street: Area) -> None:
    answer = officer.post("/counter/", said(street, "370299199001011230"))
    assert answer.status_code == 200
    assert "errs" in answer.content.decode()
    assert not Person.objects.filter(name="赵老").exists()


def test_an_area_beyond_the_officers_is_no_choice(officer: Client, synthetic_id: MakeId, district: Area) -> None:
    city = Area.objects.get(level="city")
    beyond = Area.objects.create(
        code="999902001", name="河西街道", level="street", parent=city, path="/999900/999902/999902001/"
    )
    answer = officer.post("/counter/", said(beyond, synthetic_id(1)))
    assert 'href="#id_area"' in answer.content.decode()
