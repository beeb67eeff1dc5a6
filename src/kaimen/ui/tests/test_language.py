"""In which language a page is read."""

import pytest
from django.test import Client

CHINESE, ENGLISH = "部件与状态", "Components and statuses"
pytestmark = pytest.mark.django_db


def shown(client: Client, accept: str = "") -> str:
    return client.get("/style/", headers={"accept-language": accept} if accept else {}).content.decode()


def test_chinese_is_spoken_to_whoever_asks_for_nothing(client: Client) -> None:
    assert CHINESE in shown(client)
    assert '<html lang="zh-Hans">' in shown(client)


@pytest.mark.parametrize(("accept", "words"), [("en-GB,en;q=0.8", ENGLISH), ("zh-CN,zh", CHINESE), ("ru", CHINESE)])
def test_the_browser_is_believed(client: Client, accept: str, words: str) -> None:
    assert words in shown(client, accept)


def test_a_choice_outweighs_the_browser_and_leads_back(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/style/?a=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/style/?a=1")
    assert ENGLISH in shown(client, "zh-CN")
    assert 'lang="en"' in shown(client, "zh-CN")


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_choice_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/language/", {"language": "en", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_language_that_is_not_there_is_refused_in_words(client: Client) -> None:
    answer = client.post("/language/", {"language": "tlh"})
    assert answer.status_code == 400
    assert "请选中文或 English" in answer.content.decode()


def test_numbers_and_dates_are_written_as_the_reader_writes_them() -> None:
    from datetime import date

    from django.template import Context, Template
    from django.utils import translation

    page = Template("{% load humanize %}{{ n|intcomma }} {{ day|date:'DATE_FORMAT' }}")
    about = Context({"n": 57981, "day": date(2020, 3, 16)})
    with translation.override("zh-hans"):
        assert page.render(about) == "57,981 2020年3月16日"
    with translation.override("en"):
        assert page.render(about) == "57,981 16 March 2020"
