"""Every page a persona can reach from its bar: both languages, phone and desk, no rule of WCAG 2.2 AA broken."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import chromium
from tests.e2e.conftest import Pages
from tests.e2e.people import pass_of, somebody
from tests.e2e.stack import Stack

PAGES = {
    "company-clerk": [
        "/roster/", "/staff/", "/staff/import/", "/staff/refused/?q=小", "/visits/new/", "/firm-passes/", "/messages/",
    ],
    "guard": ["/gates/", "/gates/ferry-house/scan/"],
    "building-manager": [
        "/board/", "/roster/", "/roster/paper/", "/roster/changes/", "/gates/", "/gates/ferry-house/entries/",
        "/visits/today/",
    ],
    "district-commander": [
        "/board/", "/board/wall/", "/board/buildings/", "/board/firms/", "/board/buildings/ferry-house/",
        "/board/?show=staff", "/board/days/", "/board/days/2020-03-15/", "/board/days/compare/",
        "/incidents/watch/",
    ],
    "grid-officer": ["/board/", "/board/inspections/", "/board/inspections/ferry-house/"],
    "counter-officer": ["/counter/", "/people/", "/people/?q=王"],
    "community-officer": [
        "/households/", "/households/willow-yard/", "/households/willow-yard/new/", "/households/willow-yard/cards/",
        "/households/firm-passes/",
    ],
    "resident": ["/me/", "/me/pass/", "/me/refused/", "/messages/"],
    "auditor": ["/people/viewings/", "/board/", "/log/bundles/"],
    "source-officer": ["/evidence/", "/evidence/waiting/", "/evidence/declarations/"],
    "rule-keeper": ["/authorities/", "/authorities/rules/"],
    "appeal-reviewer": ["/appeals/"],
    None: ["/", "/tour/", "/register/", "/join/", "/accounts/login/", "/style/", "/demo/outbox/", "/nowhere/",
           "/colours/", "/rules/", "/rules/person/", "/rules/building/", "/rules/person/difference/", "/log/",
           "/log/check/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def _somebody_came(stack: Stack, browser: Browser) -> None:
    """One entry at the ferry house, so that its page has a row to look at."""
    guard = Pages(stack, browser)("guard", phone=True)
    guard.goto("/gates/ferry-house/scan/")
    guard.locator("details summary").last.click()
    guard.locator("form[data-code] input:not([type=hidden])").fill(pass_of(stack, somebody(777, "舟一叶")))
    guard.locator("form[data-code] button").click()
    expect(guard.locator("[data-verdict=desk]")).to_be_visible()
    for _ in range(50):
        if stack.ask("from kaimen.gate.models import EntryEvent\nanswer = EntryEvent.objects.count()"):
            break
    guard.context.close()


@pytest.mark.usefixtures("_somebody_came")
@pytest.mark.parametrize("role", list(PAGES), ids=lambda role: role or "anybody")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_is_readable_by_everybody(page_as: Pages, role: str | None, language: str) -> None:
    page = page_as(role, language=language)
    found = []
    for path in PAGES[role]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/nowhere/" else 200), path
        for screen in (chromium.DESK, chromium.PHONE):
            page.set_viewport_size(screen["viewport"])
            if screen is chromium.DESK or language == "zh-hans":  # a screen or a language changes a rule, not both
                found += [f"{path} {screen['viewport']['width']} {one}" for one in chromium.accessibility(page)]
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append(f"{path} is wider than {screen['viewport']['width']} pixels")
        page.set_viewport_size(chromium.DESK["viewport"])
    page_as.errors[:] = [error for error in page_as.errors if "404" not in error]
    assert found == []
