"""The pages anybody may see, and what keeps the others fresh."""

import pytest
from playwright.sync_api import Page, Response

from tests.e2e.conftest import Pages


@pytest.mark.parametrize("path", ["/", "/tour/", "/style/", "/accounts/login/"])
def test_no_width_makes_a_page_scroll_sideways(page_as: Pages, path: str) -> None:
    page = page_as(None)
    page.goto(path)
    for width in (320, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_the_keyboard_passes_the_bar_with_one_key(page_as: Pages) -> None:
    page = page_as(None)
    page.goto("/tour/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_choice_of_language_stays_on_the_page(page_as: Pages) -> None:
    page = page_as(None)
    page.goto("/tour/")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/tour/")


def _polls(page: Page) -> list[Response]:
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response) if "/board/live/" in response.url else None)
    return seen


def test_the_board_asks_only_for_what_changed_and_only_while_somebody_looks(page_as: Pages) -> None:
    page = page_as("district-commander")
    seen = _polls(page)
    page.locator("main details summary").first.click()
    page.wait_for_event("response", lambda answer: "/board/live/" in answer.url and answer.status == 304)
    assert page.locator("main details").first.get_attribute("open") is not None
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    page.wait_for_timeout(500)
    seen.clear()
    page.wait_for_timeout(4_500)
    assert seen == []


def test_without_a_network_the_figures_stay_and_the_page_says_so(page_as: Pages) -> None:
    page = page_as("district-commander")
    shown = page.locator(".fig .big").first.inner_text()
    page.context.set_offline(True)
    page.locator("#late").wait_for(state="visible")
    assert page.locator(".fig .big").first.inner_text() == shown
    page.context.set_offline(False)
    page.locator("#late").wait_for(state="hidden")
    page_as.errors.clear()  # the browser says that the network was gone, which it was
