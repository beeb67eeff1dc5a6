"""A guard's phone as a node: it decides without a network, loses nothing, and gives nothing up before it is held."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kaimen import passes
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen_gate import wire
from tests.e2e.chromium import accessibility
from tests.e2e.conftest import Pages
from tests.e2e.stack import Stack

PLACE = "ferry-house"
SCANS = 100
_OFFLINE = ("ERR_INTERNET_DISCONNECTED", "fetching the script")  # what Chromium then says, of pages and of a worker
# What a phone shows at ferry-house: cards of people on today's list, and a supervisor's code of this minute.
_CODES = f"""
from datetime import timedelta
from django.conf import settings
from kaimen import passes
from kaimen.gate import expected, local_time, queries, snapshots
from kaimen.gate.actions import issue_pass
from kaimen.gate.models import Pass
from kaimen.kit import base45, clock
from kaimen.kit.keys import SigningKey
from kaimen.register import posts_over
from kaimen.register.models import Place
key = SigningKey.kept_at(settings.KEYS / 'centre')
place = Place.objects.get(code={PLACE!r})
people = expected.coming(place, local_time.today())[1]
until = clock.now() + timedelta(days=9)
chief = posts_over.people_over('gate.countersign', place)
held = queries.valid_passes(clock.now()).filter(person__in=chief, kind=Pass.Kind.PHONE).first()
if held is None:
    held = issue_pass(None, list(chief)[0], 'phone')
holder = SigningKey.generate()
token = passes.issue_to_phone(key, held.index, held.expires, holder.public)
here = {{one.index for one in people}}
elsewhere = next(one for one in Place.objects.filter(parent=None).exclude(profile='').exclude(pk=place.pk)
                 if {{p.index for p in expected.coming(one, local_time.today())[1]}} - here)
other = min({{p.index for p in expected.coming(elsewhere, local_time.today())[1]}} - here)
answer = {{
    'cards': [passes.issue(key, one.index, until) for one in people],
    'names': [[one.name, one.id_tail] for one in people],
    'trailing': 'KM1:' + base45.encode(base45.decode(passes.issue(key, people[1].index, until)[4:]) + b'\\0'),
    'stranger': passes.issue(SigningKey.generate(), people[0].index, until),
    'expired': passes.issue(key, people[0].index, clock.now() - timedelta(minutes=1)),
    'elsewhere': passes.issue(key, other, until),
    'supervisor': [token.hex(), holder.pem().hex()],
    'stale': passes.show(token, holder, clock.now() - timedelta(minutes=2)),
}}
"""
_HELD = """
from kaimen.gate.models import ChainBreak, ChainHead, EntryEvent, NodeRevoked
from uuid import UUID
node = UUID({node!r})
rows = list(EntryEvent.objects.filter(node=node.bytes).order_by('node_seq').values_list('node_seq', 'reason', 'raw'))
answer = {{
    'seqs': [seq for seq, _, _ in rows], 'reasons': [reason for _, reason, _ in rows],
    'raws': [bytes(raw).hex() for *_, raw in rows],
    'broken': ChainBreak.objects.filter(node=node.bytes).exists(),
    'revoked': list(NodeRevoked.objects.filter(node=node).values_list('reason', flat=True)),
}}
"""
# In the page: its own scanner, for as long as it runs.
_SCANNER = "(await (await import(document.querySelector('script[type=module][src*=page]').src)).running)"

# Until the worker answers for the page. In the page itself: its policy forbids what Playwright would evaluate there.
_CONTROLLED = (
    "async () => { while (!navigator.serviceWorker.controller) await new Promise((on) => setTimeout(on, 9)); }"
)


@pytest.fixture
def network(page_as: Pages) -> Iterator[Callable[[Page, bool], None]]:
    """`network(page, False)`: the phone is offline, which its console may say.

    Chromium now and then lets through what passes a worker that just starts; the nodes' API is therefore cut as well.
    """

    def cut(page: Page, there: bool) -> None:
        page.context.set_offline(not there)
        if there:
            page.context.unroute_all()
        else:
            page.context.route("**/api/**", lambda route: route.abort("internetdisconnected"))

    yield cut
    for context in page_as.contexts:
        context.close()
    page_as.errors[:] = [one for one in page_as.errors if not any(said in one for said in _OFFLINE)]


@pytest.fixture(scope="module")
def codes(stack: Stack) -> dict[str, Any]:
    """What is shown at the door."""
    said: dict[str, Any] = stack.ask(_CODES)
    return said


def enrol(page: Page) -> str:
    """Make the guard's phone a scanner; the node it became."""
    page.goto(f"/gates/{PLACE}/scanner/")
    page.locator("[data-enrol] button").click()
    page.wait_for_url("**/scanner/*/")
    expect(page.locator("#idle")).to_be_visible()
    expect(page.locator("#idle [data-listed]")).not_to_contain_text(" 0")
    node: str = page.evaluate(f"async () => {_SCANNER}.self.node")
    page.evaluate(_CONTROLLED)
    return node


def held(stack: Stack, node: str) -> dict[str, Any]:
    """What the centre holds of a node."""
    said: dict[str, Any] = stack.ask(_HELD.format(node=node))
    return said


def typed(page: Page, code: str) -> None:
    """As a hand scanner does it: the text, then Enter."""
    page.locator("[data-open=typed]").click()
    page.locator("#gs-code").fill(code)
    page.locator("#gs-code").press("Enter")


def expect_queue(page: Page, waiting: int) -> None:
    """As the guard reads it."""
    expect(page.locator("[data-queue]").first).to_have_text(str(waiting), timeout=20_000)


def to_next(page: Page) -> None:
    """The next person, whatever this one was told."""
    page.locator("#verdict [data-do=next]").click()
    expect(page.locator("#idle")).to_be_visible()


def test_a_hundred_people_pass_without_a_network_and_a_hundred_entries_arrive(
    stack: Stack, page_as: Pages, codes: dict[str, Any], network: Callable[[Page, bool], None]
) -> None:
    page = page_as("guard", phone=True)
    node = enrol(page)
    assert accessibility(page) == []
    network(page, False)
    page.reload()
    expect(page.locator("[data-offline]")).to_be_visible()
    seen: list[str] = []
    for code, reason in [
        (codes["cards"][0], "on-list"), (codes["cards"][0], "inside-already"), ("https://example.org", "not-a-pass"),
        (_altered(codes["cards"][1]), "altered"), (codes["stranger"], "unknown-key"), (codes["expired"], "expired"),
        (codes["stale"], "stale"), (codes["elsewhere"], "not-on-list"), ("KM1:" + 400 * "0", "too-long"),
        (codes["trailing"], "trailing-bytes"), ("0419", "unknown-card"),
    ]:  # fmt: skip
        typed(page, code)
        expect(page.locator("#verdict")).to_be_visible()
        assert page.locator("#verdict [data-face]").get_attribute("data-reason") == reason
        seen.append(reason)
        to_next(page)
    page.reload()
    expect_queue(page, len(seen))
    cards = [codes["cards"][2 + at % (len(codes["cards"]) - 2)] for at in range(SCANS - len(seen))]
    page.evaluate(f"async codes => {{ for (const code of codes) await {_SCANNER}.scan({{ code }}); }}", cards)
    expect_queue(page, SCANS)
    assert held(stack, node)["seqs"] == []
    network(page, True)
    expect_queue(page, 0)
    arrived = held(stack, node)
    assert arrived["seqs"] == list(range(1, SCANS + 1))
    assert arrived["reasons"][: len(seen)] == seen
    assert not arrived["broken"]


def _altered(code: str) -> str:
    return code[:-9] + ("0" if code[-9] != "0" else "1") + code[-8:]


def test_a_refusal_gives_way_to_a_supervisors_own_code_and_to_nothing_else(
    stack: Stack, page_as: Pages, codes: dict[str, Any], network: Callable[[Page, bool], None]
) -> None:
    page = page_as("guard", language="en", phone=True)
    node = enrol(page)
    network(page, False)
    page.locator("#gs-temperature").fill("366")
    typed(page, codes["expired"])
    expect(page.locator("#verdict")).to_contain_text("REFUSE")
    page.locator("#verdict [data-open=override]").click()
    page.locator("#override [name=reason][value=document-seen]").check()
    page.locator("#override [data-go-on]").click()
    expect(page.locator("#override [data-wrong]")).to_be_visible()  # which document?
    page.locator("#gs-seen").fill("passport")
    page.locator("#override [data-go-on]").click()
    page.locator("#gs-second").fill(codes["cards"][3])  # a card, and nobody's who may
    page.locator("#second button.vb1").click()
    expect(page.locator("#second [data-wrong]")).to_contain_text("supervisor")
    token, holder = (bytes.fromhex(one) for one in codes["supervisor"])
    now = datetime.fromtimestamp(page.evaluate(f"async () => {_SCANNER}.clock.now()") / 1000, UTC)
    page.locator("#gs-second").fill(passes.show(token, SigningKey.from_pem(holder), now))
    page.locator("#second button.vb1").click()
    expect(page.locator("#verdict")).to_contain_text("ENTER")
    by_hand_and_by_name(page, *codes["names"][4])
    network(page, True)
    expect_queue(page, 0)
    entries = [wire.read_entry(bytes.fromhex(raw)) for raw in held(stack, node)["raws"]]
    assert [one.reason for one in entries] == ["expired", "not-supervisor", "let-in", "emergency", "on-list"]
    assert [one.second is not None for one in entries] == [False, False, True, False, False]
    assert [one.temperature for one in entries] == [366, 366, 366, None, None]
    assert entries[2].override == "document-seen"


def by_hand_and_by_name(page: Page, name: str, tail: str) -> None:
    """Emergency services, then somebody without phone and card."""
    page.locator("[data-open=manual]").click()
    page.locator("#manual [value=emergency]").check()
    page.locator("#manual button.vb1").click()
    expect(page.locator("#verdict")).to_contain_text("ENTER")
    page.locator("[data-open=look-up]").click()
    page.locator("#gs-name").fill(name)
    page.locator("#gs-tail").fill(tail.lower())
    page.locator("#look-up button.vb1").click()
    expect(page.locator("#verdict")).to_contain_text(name)


def test_the_end_of_a_shift_wipes_the_phone_and_never_an_entry(
    stack: Stack, page_as: Pages, codes: dict[str, Any], network: Callable[[Page, bool], None], tmp_path: Path
) -> None:
    page = page_as("guard", phone=True)
    node = enrol(page)
    network(page, False)
    typed(page, codes["cards"][5])
    to_next(page)
    page.locator("[data-open=shift]").click()
    page.locator("#shift [data-do=end]").click()
    expect(page.locator("#shift [data-unsent]")).to_contain_text("1")
    expect(page.locator("#shift [data-do=wipe]")).to_be_hidden()  # nobody has the entry yet
    page.reload()
    expect(page.locator("#shift [data-do=wipe]")).to_be_hidden()
    with page.expect_download() as saved:
        page.locator("#shift [data-do=hand-out]").click()
    saved.value.save_as(tmp_path / "entries.cbor")
    expect(page.locator("#shift [data-do=wipe]")).to_be_visible()  # the file is somebody's
    assert [one.reason for one in _entries((tmp_path / "entries.cbor").read_bytes(), stack, node)] == ["on-list"]
    network(page, True)  # with a network, the centre has it by itself
    expect(page.locator("#wiped")).to_be_visible(timeout=20_000)
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert held(stack, node)["seqs"] == [1]
    assert held(stack, node)["revoked"] == ["shift-ended"]
    page.reload()
    expect(page.locator("#stranger")).to_be_visible()


def _entries(batch: bytes, stack: Stack, node: str) -> list[wire.Entry]:
    """What a file from a phone holds, its signature checked."""
    key = stack.ask(f"from kaimen.gate.models import Node\nanswer = Node.objects.get(pk={node!r}).public_key.hex()")
    return [wire.read_entry(raw) for raw in wire.read_batch(batch, PublicKey.from_raw(bytes.fromhex(key)))]


def test_a_lost_phone_forgets_the_names_as_soon_as_it_hears_the_centre(
    stack: Stack, page_as: Pages, codes: dict[str, Any], network: Callable[[Page, bool], None], tmp_path: Path
) -> None:
    page = page_as("guard", phone=True)
    node = enrol(page)
    network(page, False)
    typed(page, codes["cards"][6])
    to_next(page)
    stack.ask(
        "from kaimen.gate import enrolment\nfrom kaimen.gate.models import Node\n"
        f"enrolment.revoke_node(None, Node.objects.get(pk={node!r}), 'stolen')\nanswer = None"
    )
    network(page, True)
    expect(page.locator("#removed")).to_be_visible(timeout=20_000)
    assert page.evaluate(f"async () => (await {_SCANNER}.store.lists()).size") == 0
    expect(page.locator("#removed [data-do=wipe]")).to_be_hidden()
    page.reload()
    with page.expect_download() as saved:
        page.locator("#removed [data-do=hand-out]").click()
    saved.value.save_as(tmp_path / "entries.cbor")
    assert len(_entries((tmp_path / "entries.cbor").read_bytes(), stack, node)) == 1
    page.locator("#removed [data-do=wipe]").click()
    expect(page.locator("#removed-wiped")).to_be_visible()
    assert held(stack, node)["seqs"] == []
    page_as.errors[:] = [one for one in page_as.errors if "401" not in one]  # as which a revoked phone is told


def test_newer_files_wait_for_the_guards_word_and_leave_what_waits_to_be_sent(
    page_as: Pages, codes: dict[str, Any], network: Callable[[Page, bool], None]
) -> None:
    page = page_as("guard", phone=True)
    enrol(page)
    network(page, False)
    typed(page, codes["cards"][7])
    to_next(page)
    page.evaluate(f"async () => {_SCANNER}.sync.stop()")  # what was not sent, is not sent meanwhile
    network(page, True)
    expect(page.locator("[data-newer]")).to_be_hidden()
    page.evaluate("navigator.serviceWorker.register('/scanner/worker.js?newer').then(() => null)")
    expect(page.locator("[data-newer]")).to_be_visible()
    network(page, False)
    with page.expect_navigation():
        page.locator("[data-do=newer]").click()
    expect(page.locator("#idle")).to_be_visible()
    expect_queue(page, 1)


def test_what_the_camera_sees_is_answered(
    page_as: Pages, codes: dict[str, Any], fake_camera: Callable[[str], Browser]
) -> None:
    page = page_as("guard", phone=True, browser=fake_camera(codes["cards"][8]))
    enrol(page)
    expect(page.locator("#verdict")).to_contain_text("通行", timeout=20_000)
    expect(page.locator("#verdict")).to_contain_text(codes["names"][8][0])
    expect(page.locator("#idle")).to_be_visible()  # ENTER goes on by itself
