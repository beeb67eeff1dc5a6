"""The log in a browser: a receipt is checked by whoever holds it; a bundle takes two auditors to leave."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kaimen.proofs import bundles
from tests.e2e import chromium
from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages
from tests.e2e.stack import BIN, Stack

HOLDS = {"zh-hans": "确在台账中", "en": "It stands in the log"}
REFUSED = {"zh-hans": "证明不成立", "en": "It proves nothing"}
DISTRICT = "999901"
WITNESS = "court.example/witness"
both = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture(scope="module")
def receipt(stack: Stack, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A witness outside has seen the log; the employee's receipt, read from their own page."""
    folder = str(tmp_path_factory.mktemp("witness"))
    key = _witness(stack, "init", "--data", folder, "--name", WITNESS).strip()
    stack.kaimen("ledger", "witness", "add", key)
    log = stack.ask("from kaimen.ledger.models import Log\nanswer = Log.objects.latest('begun_at').verifier")
    _witness(stack, "follow", "--data", folder, "--log", f"{stack.url}/log", "--key", log, "--once")
    pages = Pages(stack, browser)
    page = pages("resident")
    page.goto("/me/colour/")
    page.locator("a[href*='/me/colour/receipts/']").first.click()
    text = page.locator(".receipt-text").text_content()
    assert text is not None
    assert pages.errors == []
    pages.contexts[0].close()
    return text


def _witness(stack: Stack, *words: str) -> str:
    command = [str(BIN / "kaimen-witness"), *words]
    return subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=True, timeout=60).stdout


def spoilt(receipt: str) -> str:
    """The receipt with one character changed, in the middle."""
    at = len(receipt) // 2
    return receipt[:at] + ("A" if receipt[at] != "A" else "B") + receipt[at + 1 :]


def check(page: Page, text: str, button: str = "main form[data-check] button:not([name])") -> None:
    """Enter a receipt and press."""
    page.goto("/log/check/")
    page.locator("[name=receipt]").fill(text)
    page.locator(button).click()


@both
def test_a_receipt_is_found_in_the_log_and_seen_by_a_witness_without_being_sent(
    page_as: Pages, receipt: str, language: str
) -> None:
    page = page_as(language=language, phone=True)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    check(page, receipt)
    expect(page.locator("#found h2").first).to_contain_text(HOLDS[language])
    expect(page.locator("#found [data-witnesses]")).to_contain_text(WITNESS)
    expect(page.locator("#found [data-secret]")).to_contain_text("subject")
    assert accessibility(page) == []

    check(page, spoilt(receipt))
    expect(page.locator("#found h2").first).to_contain_text(REFUSED[language])
    expect(page.locator("#found [data-witnesses]")).to_have_count(0)
    assert accessibility(page) == []
    assert sent == []


def test_a_photograph_of_the_code_is_read_and_checked(page_as: Pages, receipt: str, tmp_path: Path) -> None:
    page = page_as()
    page.goto("/log/check/")
    page.locator("[data-picture]").set_input_files(chromium.printed(receipt, tmp_path))
    expect(page.locator("#found h2").first).to_contain_text(HOLDS["zh-hans"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    page.locator("[data-picture]").set_input_files(chromium.printed("https://elsewhere.example/", elsewhere))
    expect(page.locator("#found")).not_to_contain_text(HOLDS["zh-hans"])
    expect(page.locator("[name=receipt]")).to_have_value(receipt)


def test_without_the_witness_s_key_the_page_says_what_is_missing(page_as: Pages, receipt: str) -> None:
    page = page_as(language="en")
    page.goto("/log/check/")
    page.locator("[name=receipt]").fill(receipt)
    keys = page.locator("[name=keys]")
    keys.fill("\n".join(line for line in keys.input_value().splitlines() if not line.startswith(WITNESS)))
    page.locator("main form[data-check] button:not([name])").click()
    expect(page.locator("#found")).to_contain_text("No witness whose key stands above has signed it.")


@both
def test_without_javascript_the_server_checks_and_says_so(
    stack: Stack, browser: Browser, receipt: str, language: str
) -> None:
    context = browser.new_context(base_url=stack.url, java_script_enabled=False, **chromium.PHONE)
    context.add_cookies([{"name": "kaimen_language", "value": language, "url": stack.url}])
    page = context.new_page()
    for text, said in ((receipt, HOLDS), (spoilt(receipt), REFUSED), (receipt[:-7], REFUSED), ("A" * 5_000, REFUSED)):
        check(page, text)
        expect(page.locator("#found h2").first).to_contain_text(said[language])
        expect(page.locator("#found [data-witnesses]")).to_have_count(1 if said is HOLDS else 0)
    context.close()


def second_auditor(stack: Stack, page_as: Pages) -> Page:
    """Another auditor of the same district, signed in with a password."""
    post = ["post", "give", "auditor-two", "--name", "程秉公", "--role", "auditor", "--over", DISTRICT]
    password = stack.kaimen(*post).split()[-1].rsplit("：", 1)[-1]
    page = page_as(language="en")
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("auditor-two")
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def test_a_bundle_is_asked_for_by_one_auditor_and_released_by_another(
    page_as: Pages, stack: Stack, tmp_path: Path
) -> None:
    first = page_as("auditor")
    first.goto("/log/bundles/")
    first.locator("main [name=reason]").fill("法院 2020 年第 12 号调查令")
    first.locator("main form button").last.click()
    asked = first.locator(".pub-asked", has_text="第 12 号")
    expect(asked).to_contain_text("等待放行")
    expect(asked.locator("button")).to_have_count(0)  # neither release nor take out what oneself asked for
    assert accessibility(first) == []

    second = second_auditor(stack, page_as)
    second.goto("/log/bundles/")
    mine = second.locator(".pub-asked", has_text="第 12 号")
    mine.get_by_role("button").click()
    expect(mine).to_contain_text("released")
    expect(mine.locator("button")).to_have_count(0)  # who released it may not take it
    assert accessibility(second) == []

    first.reload()
    with first.expect_download() as coming:
        asked.get_by_role("button").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert re.fullmatch(r"kaimen-auditor-[0-9a-f]{8}-\d+\.zip", file.name)
    with file.open("rb") as read:
        assert any(bundles.Bundle(read).openings())
    first.reload()
    expect(asked).to_contain_text("取出")
