"""From evidence to a colour and back: keys in browsers, two authorities, two organisations, an appeal, the bundle.

Nothing is signed but in the browsers below, each with a key that never leaves it. The real server, the real worker.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kaimen.register.identifiers import uscc_check
from tests.e2e import chromium
from tests.e2e.chromium import accessibility
from tests.e2e.people import Somebody, somebody
from tests.e2e.stack import Stack, running

DISTRICT = "999901"
WITHIN = 60_000  # milliseconds from a signature to the person's page
OFFICES = {
    "hospital": ("云汀医院", "Yunting Hospital"),
    "cdc": ("云汀疾控中心", "Yunting CDC"),
    "review": ("区复核办公室", "Review office"),
}
KEEPERS = {"keeper-one": "章守规", "keeper-two": "严明信"}
OFFICERS = {"hospital-officer": ("白问诊", "hospital"), "cdc-officer": ("程流调", "cdc")}


@dataclass
class District:
    """A district with people who sign, each in a browser of their own: a key lives as long as its browser."""

    stack: Stack
    browser: Browser
    passwords: dict[str, str] = field(default_factory=dict)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def give(self, posts: list[tuple[str, str, str, str]]) -> None:
        """Posts (username, name, role, over), and accounts to sign in with."""
        wanted = [
            ["post", "give", username, "--name", name, "--role", role, *(["--over", over] if over else [])]
            for username, name, role, over in posts
        ]
        for (username, *_about), said in zip(posts, self.stack.kaimen_each(*wanted), strict=True):
            self.passwords[username] = said.split()[-1].rsplit("：", 1)[-1]

    def page(self, username: str, language: str = "zh-hans", **options: object) -> Page:
        """A page of somebody, signed in with their password the first time."""
        fresh = username not in self.contexts
        if fresh:
            self.contexts[username] = self.browser.new_context(
                base_url=self.stack.url, locale="zh-CN", timezone_id="Asia/Shanghai", **(options or chromium.DESK)
            )
        context = self.contexts[username]
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "kaimen_language", "value": language, "url": self.stack.url}])
        page = context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if fresh:
            page.goto("/accounts/login/")
            page.locator("input[name=login]").fill(username)
            page.locator("input[name=password]").fill(self.passwords[username])
            page.locator("main form button").first.click()
            page.wait_for_url(lambda url: "/accounts/" not in url)
        return page


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[District]:
    """Offices on file, posts given; nobody has a key, no rules are in force."""
    with running(tmp_path_factory.mktemp("colour"), sample=False) as stack:
        made = District(stack, browser)
        codes, sources = {}, []
        for number, (slug, (name, name_en)) in enumerate(OFFICES.items()):
            body = f"12370299MB0000{number:03}"
            codes[slug] = body + uscc_check(body)
            about = ["--code", codes[slug], "--name", name, "--name-en", name_en, "--area", DISTRICT]
            sources.append(["colours", "source", slug, *about])
        stack.kaimen_each(*sources)
        made.give(
            [
                *((username, name, "rule-keeper", DISTRICT) for username, name in KEEPERS.items()),
                *((username, name, "source-officer", codes[source]) for username, (name, source) in OFFICERS.items()),
                ("reviewer", "公正言", "appeal-reviewer", DISTRICT),
            ]
        )
        yield made
        for context in made.contexts.values():
            context.close()


def make_key(page: Page, path: str, source: str = "") -> None:
    """Make a key on the page of one's own; only its public half leaves the browser."""
    page.goto(path)
    form = page.locator("form[data-enrol]")
    if source:
        form.locator("select[name=source]").select_option(source)
    form.locator("button").click()
    expect(page.locator("[data-own-key] [data-when=here]")).to_be_visible()
    kept = page.evaluate(
        "new Promise((done) => { const opening = indexedDB.open('kaimen-keys', 1); opening.onsuccess = () => {"
        " const all = opening.result.transaction('keys').objectStore('keys').getAll();"
        " all.onsuccess = () => done(all.result.map((pair) => pair.privateKey.extractable)); }; })"
    )
    assert kept == [False]


def sign(page: Page, *, looked_at: bool = False) -> None:
    """Sign what the page shows; a page of another kind than was looked at before must be fit for everybody."""
    button = page.locator("form[data-signing] [data-says] ~ button")
    expect(button).to_be_visible()
    assert looked_at or accessibility(page) == []
    button.click()
    page.wait_for_load_state()


def both_sign(district: District, path: str, *, looked_at: bool = False) -> None:
    """Each authority opens the same proposal in their own browser and signs."""
    for username in KEEPERS:
        page = district.page(username)
        page.goto(path)
        sign(page, looked_at=looked_at or username != "keeper-one")
        expect(page.locator("form[data-signing]")).to_have_count(0)
        page.close()


@pytest.fixture(scope="module")
def lawful(district: District) -> District:
    """Two authorities have enrolled, begun, published rules and accredited three keys, all of it on pages."""
    for username in KEEPERS:
        make_key(district.page(username), "/authorities/")
    district.stack.kaimen("colours", "begin", "epidemic")
    for username, (_name, source) in OFFICERS.items():
        make_key(district.page(username), "/evidence/", source)
    make_key(district.page("reviewer"), "/appeals/", "review")

    keeper = district.page("keeper-one")
    keeper.goto("/authorities/rules/?from=pack")
    keeper.locator("input[name=since]").fill("2020-03-16T08:00")
    keeper.locator("button[name=try]").click()
    assert accessibility(keeper) == []
    keeper.locator("input[name=since]").fill(_now(district.stack))
    keeper.locator("button[name=propose]").click()
    keeper.wait_for_url("**/authorities/proposals/**")
    both_sign(district, keeper.url)

    for office, kinds in {"hospital": ["test"], "cdc": ["test", "contact", "approval"], "review": ["finding"]}.items():
        keeper.goto("/authorities/")
        keeper.locator(".desk-kinds a", has_text=OFFICES[office][0]).click()
        for kind in kinds:
            keeper.locator(f"input[name=kinds][value={kind}]").check()
        keeper.locator("main form button").last.click()
        keeper.wait_for_url("**/authorities/proposals/**")
        both_sign(district, keeper.url, looked_at=office != "hospital")
    return district


def _now(stack: Stack) -> str:
    now = stack.ask(
        "from django.utils.timezone import localtime\nfrom kaimen.kit import clock\n"
        "answer = localtime(clock.now()).strftime('%Y-%m-%dT%H:%M')"
    )
    return str(now)


def filed(district: District, username: str, one: Somebody) -> None:
    """Somebody on file with their document seen, and an account."""
    district.give([(username, one.name, "resident", "")])
    district.stack.ask(
        "from kaimen.register import secrets\nfrom kaimen.register.models import Area, Person\n"
        f"person = Person.objects.get(account__username={username!r})\n"
        f"columns = secrets.national_id_columns(person.pk, {one.number!r})\n"
        "area = Area.objects.get(level='district')\n"
        "Person.objects.filter(pk=person.pk).update(area=area, assurance=Person.Assurance.DOCUMENT_SEEN, **columns)\n"
        "answer = None"
    )


def say_positive(page: Page, one: Somebody) -> None:
    """An officer with the document before them signs a positive test."""
    page.goto("/evidence/new/test/")
    page.locator("input[name=name]").fill(one.name)
    page.locator("input[name=number]").fill(one.number)
    page.locator("input[value=positive]").check()
    page.locator("main form button").last.click()
    expect(page.locator("[data-says]")).to_contain_text(one.number)
    sign(page)
    expect(page.locator(".conf")).to_be_visible()


def strike(reviewer: Page) -> None:
    """The reviewer reads the most urgent appeal and strikes all it contests."""
    reviewer.goto("/appeals/")
    assert accessibility(reviewer) == []
    reviewer.locator("main table a").first.click()
    expect(reviewer.locator("blockquote").first).to_contain_text("样本不是我的")
    for choice in reviewer.locator("input[value=strikes]").all():
        choice.check()
    reviewer.locator("textarea[name=reason]").fill("两份样本的标签与本人不符，予以撤销。")
    sign(reviewer)
    reviewer.wait_for_url("**/appeals/")


def waits_for(page: Page, path: str, words: str) -> None:
    """Ask again until the page says so."""
    for _ in range(WITHIN // 1_000):
        page.goto(path)
        if page.locator("main").get_by_text(words).count():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{path} never said {words}: {page.locator('main').inner_text()[:800]}")


@pytest.mark.parametrize(
    ("language", "serial", "name", "red", "green", "receipt"),
    [("zh-hans", 501, "渡晓晴", "红", "绿", "KR1:"), ("en", 502, "苇明远", "Red", "Green", "KR1:")],
    ids=["zh", "en"],
)
def test_evidence_makes_a_colour_and_an_appeal_unmakes_it(
    lawful: District, tmp_path: Path, language: str, serial: int, name: str, red: str, green: str, receipt: str
) -> None:
    one = somebody(serial, name)
    resident = f"resident-{serial}"
    filed(lawful, resident, one)
    for username in OFFICERS:
        page = lawful.page(username, language)
        say_positive(page, one)
        page.close()

    phone = lawful.page(resident, language, **chromium.PHONE)
    phone.goto("/me/colour/")
    expect(phone.locator(".cword")).to_have_text(red)
    for office in ("hospital", "cdc"):
        expect(phone.locator("main")).to_contain_text(OFFICES[office][language == "en"])
    decision = phone.locator("a[href*='/me/colour/receipts/']").first.get_attribute("href")
    assert decision is not None
    waits_for(phone, decision, receipt)

    phone.goto("/me/colour/appeal/")
    phone.locator("textarea[name=words]").fill("那天我不在云汀，样本不是我的。")
    phone.locator("main form button").last.click()
    phone.wait_for_url("**/me/colour/")
    expect(phone.locator(".cword")).to_have_text(red)

    strike(lawful.page("reviewer", language))

    phone.goto("/me/colour/")
    expect(phone.locator(".cword")).to_have_text(green)
    expect(phone.locator("main")).to_contain_text("两份样本的标签与本人不符")
    verify_offline(lawful.stack, tmp_path)
    assert lawful.errors == []


def verify_offline(stack: Stack, folder: Path) -> None:
    """The auditor's bundle: every colour follows from evidence and rules, without the server and its database."""
    bundle = folder / "bundle.zip"
    genesis, log = stack.ask(
        "from kaimen.ledger import advancing, bundling\n"
        "from kaimen.ledger.models import Log\n"
        "from kaimen.status.models import Genesis\n"
        "advancing.advance()\n"
        f"with open({str(bundle)!r}, 'wb') as file: bundling.write_bundle(file, openings=True)\n"
        "answer = [bytes(Genesis.objects.get().leaf_hash).hex(), Log.objects.latest('begun_at').verifier]"
    )
    said = stack.kaimen("ledger", "verify", str(bundle), "--log", log, "--genesis", genesis)
    assert re.search("Every colour and [0-9]+ lists follow from evidence and rules", said), said


def test_a_page_that_was_altered_is_not_signed(lawful: District) -> None:
    """A server that shows one text and wants another signed is refused by the browser."""
    keeper = lawful.page("keeper-one")
    keeper.goto("/authorities/rules/")
    keeper.locator("button[name=propose]").click()
    keeper.wait_for_url("**/authorities/proposals/**")
    keeper.route("**/authorities/proposals/**", lambda route: _altered(route, keeper))
    keeper.reload()
    expect(keeper.locator("[data-when=altered]")).to_be_visible()
    expect(keeper.locator("form[data-signing] button")).to_be_hidden()
    keeper.close()


def _altered(route, page: Page) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("sources: 2", "sources: 1"))


def test_whoever_has_no_key_is_told_what_to_do(lawful: District, browser: Browser) -> None:
    """The same officer in another browser: nothing can be signed, and the page says why."""
    elsewhere = District(lawful.stack, browser, lawful.passwords)
    page = elsewhere.page("hospital-officer", "en")
    page.goto("/evidence/")
    expect(page.locator("[data-own-key] [data-when=elsewhere]").first).to_be_visible()
    assert accessibility(page) == []
    for context in elsewhere.contexts.values():
        context.close()


def test_rules_of_buildings_take_the_same_two_signatures(lawful: District) -> None:
    """The pack's proposal is tried, signed by both authorities, and stands on the public page."""
    keeper = lawful.page("keeper-one")
    keeper.goto("/authorities/rules/building/?from=pack")
    keeper.locator("input[name=since]").fill(_now(lawful.stack))
    keeper.locator("button[name=try]").click()
    assert accessibility(keeper) == []
    keeper.locator("button[name=propose]").click()
    keeper.wait_for_url("**/authorities/proposals/**")
    both_sign(lawful, keeper.url, looked_at=True)
    waits_for(keeper, "/rules/building/", "第 1 版")


def test_a_screening_above_the_number_counts_once_another_organisation_has_signed(
    lawful: District, tmp_path: Path
) -> None:
    """Of 22 positive tests in one file some wait, until the other office countersigns: 20 a day count at once."""
    people = [somebody(600 + number, f"王筛{'一二三四五六七八九十'[number % 10]}") for number in range(22)]
    on_file(lawful.stack, people)
    officer = lawful.page("hospital-officer")
    officer.goto("/evidence/many/test/")
    officer.locator("input[type=file]").set_input_files(screening(people, tmp_path / "筛查.xlsx"))
    officer.locator("main form button").last.click()
    expect(officer.locator("main")).to_contain_text("22")
    sign(officer)
    expect(officer.locator(".conf")).to_be_visible()
    counted = turned(lawful.stack)
    assert 15 <= counted <= 20, "what the office signed earlier in the day counts, too"

    other = lawful.page("cdc-officer")
    other.goto("/evidence/waiting/")
    assert accessibility(other) == []
    expect(other.locator(".desk-kinds .num")).to_have_text(str(len(people) - counted))
    other.locator(".desk-kinds a").click()
    sign(other)
    assert turned(lawful.stack) == len(people)


def screening(people: list[Somebody], path: Path) -> Path:
    """What a hospital sends on the evening of a screening."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "身份证号", "结果"])
    for one in people:
        sheet.append([one.name, one.number, "阳性"])
    book.save(path)
    return path


def on_file(stack: Stack, people: list[Somebody]) -> None:
    """People whose document a counter has seen."""
    stack.ask(
        "from kaimen.register import actions, secrets\nfrom kaimen.register.models import Area, Person\n"
        "area = Area.objects.get(level='district')\n"
        f"claims = [actions.Claim(*one) for one in {[(one.name, one.number, one.phone) for one in people]!r}]\n"
        "for person, claim in zip(actions.file_people(None, claims, area, 1), claims):\n"
        "    columns = secrets.national_id_columns(person.pk, claim.national_id)\n"
        "    Person.objects.filter(pk=person.pk).update(assurance=Person.Assurance.DOCUMENT_SEEN, **columns)\n"
        "answer = None"
    )


def turned(stack: Stack) -> int:
    """How many of those screened are not green."""
    answer: int = stack.ask(
        "from kaimen.status.models import Standing\n"
        "answer = Standing.objects.filter(subject__person__name__startswith='王筛').exclude(colour='green').count()"
    )
    return answer
