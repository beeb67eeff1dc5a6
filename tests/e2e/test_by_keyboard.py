"""Without a mouse: every step by Tab, Space and Enter, with the focus always to be seen."""

from playwright.sync_api import Page, expect

from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages

FAR = 400  # presses of Tab after which nothing can be reached


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 300)"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus, and see that the focus shows."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            shown = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
            )
            assert shown, f"the focus does not show on {focused(page)}"
            return
    raise AssertionError(f"Tab never reaches {selector}; it stands on {focused(page)}")


def test_a_clerk_confirms_tomorrow_by_keyboard_alone(page_as: Pages) -> None:
    page = page_as()
    tab_to(page, "form[action='/demo/personas/company-clerk/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roster/**")
    tomorrow = page.locator(".eq b").last.inner_text()
    tab_to(page, "input[name=comes]")
    page.keyboard.press("Space")
    expect(page.locator(".eq b").last).to_have_text(str(int(tomorrow) - 1))
    assert accessibility(page) == []
    tab_to(page, "button[data-words], [data-words]")
    page.keyboard.press("Enter")
    page.wait_for_url("**confirmed=1**")
    assert accessibility(page) == []


def test_the_skip_link_leads_past_the_bar(page_as: Pages) -> None:
    page = page_as("district-commander")
    page.keyboard.press("Tab")
    assert "skip" in focused(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_a_reader_stays_where_they_are_while_the_board_moves(page_as: Pages) -> None:
    page = page_as("district-commander")
    tab_to(page, "#board-live .board-groups td a")
    before = focused(page)
    page.wait_for_timeout(3_000)
    assert focused(page) == before
