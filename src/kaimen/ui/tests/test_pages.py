"""What every page has."""

import re
from datetime import date

import pytest
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from kaimen.ui import emergency
from kaimen.ui.page import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def tellers(monkeypatch: pytest.MonkeyPatch) -> list[emergency.Teller]:
    told: list[emergency.Teller] = []
    monkeypatch.setattr(emergency, "_tellers", told)
    return told


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_is_written_into_the_page_that_the_policy_forbids(client: Client, language: str) -> None:
    html = client.get("/style/", headers={"accept-language": language}).content.decode()
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert re.findall(r"<script(?![^>]*(?:src|nonce)=)[^>]*>", html) == []


def test_a_page_has_a_way_past_the_bar_a_title_and_a_mark(client: Client) -> None:
    html = client.get("/style/").content.decode()
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main"' in html
    assert "<title>部件总表 · 开门</title>" in html
    assert 'rel="icon"' in html


def test_made_up_people_are_said_to_be_made_up(client: Client, settings: Settings) -> None:
    assert "合成数据" in client.get("/style/").content.decode()
    settings.SYNTHETIC = False
    assert "合成数据" not in client.get("/style/").content.decode()


def strip(language: str) -> str:
    request = RequestFactory().get("/")
    with translation.override(language):
        return Template('{% include "ui/emergency.html" %}').render(RequestContext(request, page(request)))


def test_an_emergency_in_force_is_named_with_its_day_and_its_law(tellers: list[emergency.Teller]) -> None:
    def tell(request: HttpRequest) -> emergency.Strip:
        return emergency.Strip("疫情防控", 53, "示例政令〔2020〕1 号", date(2020, 5, 7))

    emergency.told_by(tell)
    html = strip("zh-hans")
    for words in ("疫情防控", "第 53 日", "示例政令〔2020〕1 号", "2020年5月7日", "销毁"):
        assert words in html


def test_without_an_emergency_there_is_no_strip(tellers: list[emergency.Teller]) -> None:
    assert strip("zh-hans").strip() == ""
    emergency.told_by(lambda request: None)
    assert strip("zh-hans").strip() == ""
