"""The tour is complete and honest."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kaimen.demo.personas import DOORS
from kaimen.web.tour import CHAPTERS, STOPS, State, count, markdown


def numbers(spans: tuple[str, ...]) -> list[str]:
    found = []
    for span in spans:
        letter, first, last = re.fullmatch(r"([RF])(\d+)(?:–[RF](\d+))?", span).groups()  # type: ignore[union-attr]
        found += [f"{letter}{n:03}" for n in range(int(first), int(last or first) + 1)]
    return found


def test_there_are_sixteen_stops_in_order() -> None:
    assert [stop.code for stop in STOPS] == [f"M{n}" for n in range(1, 17)]


def test_every_requirement_of_the_page_belongs_to_exactly_one_stop() -> None:
    told = [number for stop in STOPS for number in numbers(stop.requirements) if number.startswith("R")]
    assert sorted(told) == [f"R{n:03}" for n in range(1, 80)]


def test_every_place_is_an_address_and_every_door_a_persona() -> None:
    for stop in STOPS:
        if stop.place:
            assert reverse(stop.place)
            assert stop.door in {door.slug for door in DOORS}


def test_every_chapter_leads_to_a_page_that_anybody_may_open(client: Client, db: None) -> None:
    for chapter in CHAPTERS:
        assert chapter.place is not None
        assert client.get(reverse(chapter.place)).status_code == 200, chapter.code


def test_what_has_no_place_is_not_yet() -> None:
    assert all((stop.place is None) == (stop.state is State.NOT_YET) for stop in STOPS)
    assert sum(count(state) for state in State) == len(STOPS)


def test_the_document_names_every_stop_with_its_state() -> None:
    lines = markdown().splitlines()
    for stop in (*STOPS, *CHAPTERS):
        [line] = [line for line in lines if line.startswith(f"| {stop.code} |")]
        assert f"**{stop.state_word.en}**" in line


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "尚未"), ("en", "not yet")])
def test_the_page_shows_every_stop(client: Client, db: None, language: str, words: str) -> None:
    html = client.get("/tour/", headers={"accept-language": language}).content.decode()
    for stop in (*STOPS, *CHAPTERS):
        assert f'id="{stop.code}"' in html
    assert html.count(words) >= count(State.NOT_YET)
