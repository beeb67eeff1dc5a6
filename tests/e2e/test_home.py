"""The front door opens, for everybody."""

import pytest

from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "门岗"), ("en", "Guard")])
def test_the_row_of_doors_opens(page_as: Pages, language: str, word: str, phone: bool) -> None:
    page = page_as(None, language=language, phone=phone)
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")
    assert page.get_by_text(word).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility(page) == []


def test_a_guard_enters_with_one_click(page_as: Pages) -> None:
    page = page_as("guard")
    assert "/gates/" in page.url
    assert accessibility(page) == []
