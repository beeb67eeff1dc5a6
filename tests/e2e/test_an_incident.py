"""A fever and a disputed refusal: pressed at the gate, seen at the desk with a clock, closed, and the person told."""

from playwright.sync_api import Page, expect

from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages
from tests.e2e.stack import Stack
from tests.e2e.test_the_scanner import enrol, typed

SCAN = "/gates/ferry-house/scan/"
WITHIN = 8_000  # milliseconds from a press at the gate to the desk


def expired_pass(stack: Stack) -> str:
    """The resident's code, a day too old: the gate knows whose it was and refuses it."""
    answer = stack.ask(
        "from datetime import timedelta\n"
        "from django.conf import settings\n"
        "from kaimen import passes\n"
        "from kaimen.gate.actions import issue_pass\n"
        "from kaimen.kit import clock\n"
        "from kaimen.kit.keys import SigningKey\n"
        "from kaimen.register.models import Account\n"
        "person = Account.objects.get(username='demo-resident').person\n"
        "held = issue_pass(None, person, 'card')\n"
        "old = clock.now() - timedelta(days=1)\n"
        "answer = passes.issue(SigningKey.kept_at(settings.KEYS / 'centre'), held.index, old)"
    )
    assert isinstance(answer, str)
    return answer


def press(guard: Page, what: str, reason: str) -> None:
    guard.locator(f"form:has(input[value={what}]) button:visible").click()
    expect(guard.locator(f"[data-reason={reason}]")).to_be_visible()


def newest(desk: Page) -> None:
    """Open what arrives at the top of the desk."""
    for _ in range(WITHIN // 200):
        desk.goto("/incidents/")
        if desk.locator("section:first-of-type tbody a").count():
            break
        desk.wait_for_timeout(200)
    expect(desk.locator(".ck").first).to_be_visible()
    assert accessibility(desk) == []
    with desk.expect_navigation():
        desk.locator("section:first-of-type tbody a").first.click()


def close(desk: Page, outcome: str) -> None:
    with desk.expect_navigation():
        desk.locator("form[action$='/take/'] button").click()
    expect(desk.locator("form[action$='/take/']")).to_have_count(0)
    assert accessibility(desk) == []
    desk.locator(f"input[value={outcome}]").check()
    desk.locator("main form button").last.click()
    desk.wait_for_url("**/incidents/")


def test_a_fever_and_a_dispute_reach_their_offices_and_are_closed(stack: Stack, page_as: Pages) -> None:
    """The gate speaks Chinese, whoever answers the dispute English; that is pressed with the network down."""
    guard = page_as("guard", phone=True)
    guard.goto(SCAN)
    press(guard, "fever", "fever-seen")
    assert accessibility(guard) == []
    officer = page_as("grid-officer")
    newest(officer)
    close(officer, "sent-to-clinic")

    phone = page_as("guard", phone=True)
    enrol(phone)
    code = expired_pass(stack)
    phone.context.set_offline(True)
    typed(phone, code)
    expect(phone.locator("#verdict [data-reason=expired]")).to_be_visible()
    phone.locator("#verdict [data-do=dispute]").click()
    expect(phone.locator("#verdict [data-reason=disputed]")).to_be_visible()
    expect(phone.locator("#verdict [data-do=dispute]")).to_be_hidden()
    assert accessibility(phone) == []
    phone.context.set_offline(False)
    team = page_as("response-team", language="en")
    newest(team)
    close(team, "let-in")

    person = page_as("resident", language="en", phone=True)
    person.goto("/me/refused/")
    expect(person.locator("main")).to_contain_text("You were right")
    guard.goto("/messages/")
    expect(guard.locator("main")).to_contain_text("处置组对门岗的要求")
    phone.context.close()
    page_as.errors[:] = [one for one in page_as.errors if "ERR_INTERNET_DISCONNECTED" not in one]
