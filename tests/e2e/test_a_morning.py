"""The whole path: a spreadsheet, a pass, a scan, a count on the board that is one higher."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages
from tests.e2e.people import Somebody, pass_of, somebody, ugly_list
from tests.e2e.stack import Stack

WITHIN = 5_000  # milliseconds from an entry to the board
PLACE = "ferry-house"


def bring_list(clerk: Page, file: Path) -> None:
    clerk.goto("/staff/import/")
    clerk.locator("input[type=file]").set_input_files(file)
    clerk.locator(".stf-do button").click()
    assert accessibility(clerk) == []
    clerk.locator("form[action$='/take/'] button").click()
    expect(clerk.locator(".stf-sum")).to_be_visible()


def expect_today(clerk: Page, desk: Page, one: Somebody) -> None:
    """Today's list is closed: the clerk asks, the building's desk does it, with a reason."""
    clerk.goto("/roster/")
    clerk.locator("tr", has_text=one.name).locator("button[name=ask]").click()
    expect(clerk.locator("tr", has_text=one.name).locator("button[name=ask]")).to_have_count(0)
    desk.goto("/roster/changes/")
    assert accessibility(desk) == []
    desk.locator("tr", has_text=one.name).locator("a.btn:not(.sec)").click()
    desk.locator("input[name=reason]").first.check()
    desk.locator("main form button").click()
    expect(desk.locator("tr", has_text=one.name).locator("a.btn")).to_have_count(0)


def open_pass(page: Page, one: Somebody) -> None:
    """With the code that goes to the phone on the file; no password."""
    page.goto("/join/")
    page.locator("input[name=name]").fill(one.name)
    page.locator("input[name=phone]").fill(one.phone)
    page.locator("main form button").click()
    page.wait_for_url("**/join/code/")
    outbox = page.context.new_page()
    message = outbox.locator(".outbox li", has_text=one.phone[-4:]).first
    for _ in range(50):
        outbox.goto("/demo/outbox/")
        if message.count():
            break
        outbox.wait_for_timeout(200)
    code = re.search(r"(?<!\d)\d{6}(?!\d)", message.locator("p").last.inner_text())
    assert code is not None
    outbox.close()
    page.locator("main form input:not([type=hidden])").first.fill(code[0])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/join/" not in url)
    page.goto("/me/pass/")
    page.locator("[data-here]").click()
    expect(page.locator("[data-says=fresh]")).to_be_visible()


def photographed(page: Page, folder: Path) -> Path:
    """The QR as a camera sees it on the phone."""
    path = folder / "pass.png"
    page.locator(".qrb").screenshot(path=path)
    return path


def inside(board: Page, place: str) -> int:
    return int("".join(board.locator(f"#board-live svg.map a[href$='/{place}/'] text.in").all_text_contents()) or 0)


@pytest.mark.parametrize(
    ("language", "serial", "name", "enter", "desk"),
    [("zh-hans", 301, "渡小满", "通行", "到前台"), ("en", 302, "苇一鸣", "ENTER", "DESK")],
    ids=["zh", "en"],
)
def test_from_a_spreadsheet_to_the_board(
    stack: Stack, page_as: Pages, seen_by: Callable[[Path], Browser], tmp_path: Path,
    language: str, serial: int, name: str, enter: str, desk: str,
) -> None:  # fmt: skip
    new, outsider = somebody(serial, name), somebody(serial + 100, f"{name}甲")
    clerk = page_as("company-clerk", language=language)
    bring_list(clerk, ugly_list([new], tmp_path / "员工 花名册(最终版).xlsx", "渡口楼"))
    expect_today(clerk, page_as("building-manager", language=language), new)

    phone = page_as(None, language=language, phone=True)
    open_pass(phone, new)
    assert accessibility(phone) == []

    board = page_as("district-commander", language=language)
    board.goto("/board/?show=staff")  # the map that counts people; the first shows colours
    before = inside(board, PLACE)

    guard = page_as("guard", language=language, phone=True, browser=seen_by(photographed(phone, tmp_path)))
    guard.goto(f"/gates/{PLACE}/scan/")
    expect(guard.locator("[data-verdict=enter]")).to_contain_text(enter, timeout=20_000)
    expect(guard.locator("[data-verdict=enter]")).to_contain_text(name)
    expect(board.locator(f"#board-live svg.map a[href$='/{PLACE}/'] text.in")).to_have_text(
        str(before + 1), timeout=WITHIN
    )

    guard.locator("details summary").last.click()
    guard.locator("form[data-code] input:not([type=hidden])").fill(pass_of(stack, outsider))
    guard.locator("form[data-code] button").click()
    expect(guard.locator("[data-verdict=desk]")).to_contain_text(desk)
    guard.wait_for_timeout(WITHIN // 2)
    assert inside(board, PLACE) == before + 1

    without_a_network(phone)
    on_one_phone(phone, page_as)


def without_a_network(phone: Page) -> None:
    """The kept page opens with the network cut, and makes another code each time."""
    kept = phone.locator("[data-offline] a")
    expect(kept).to_be_visible()
    phone.context.set_offline(True)
    kept.click()
    code = phone.locator("[data-code] path")
    expect(code).to_be_attached()
    assert accessibility(phone) == []
    before = code.get_attribute("d")
    phone.wait_for_timeout(1000)  # the next second, another moment to sign
    phone.reload()
    expect(code).to_be_attached()
    assert code.get_attribute("d") != before
    phone.context.set_offline(False)


def on_one_phone(phone: Page, page_as: Pages) -> None:
    """Somebody's second phone takes the pass over; the first shows it no more."""
    second = page_as(None, phone=True)
    for one in phone.context.cookies():
        second.context.add_cookies(
            [{"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]}]
        )
    second.goto("/me/pass/")
    expect(second.locator("[data-says=elsewhere]")).to_be_visible()
    second.locator("[data-here]").click()
    expect(second.locator("[data-says=fresh]")).to_be_visible()
    kept = phone.url
    phone.goto("/me/pass/")
    expect(phone.locator("[data-says=elsewhere]")).to_be_visible()
    phone.goto(kept)
    expect(phone.locator("[data-shows=none]")).to_be_visible()
