"""A real Chromium: pages as people hold them, a camera that sees one code, and what axe finds."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import segno
from playwright.sync_api import Browser, BrowserType, Page

ROOT = Path(__file__).resolve().parents[2]
EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class NoChromium(RuntimeError):
    """What a journey needs is not installed."""


def launch(chromium: BrowserType, *flags: str) -> Browser:
    """A browser with the house's flags and `flags`."""
    if not Path(EXECUTABLE).exists():
        raise NoChromium("Chromium is missing: sudo apt install chromium fonts-noto-cjk ffmpeg")
    return chromium.launch(executable_path=EXECUTABLE, args=[*FLAGS, *flags])


@contextmanager
def seeing(chromium: BrowserType, picture: Path, folder: Path) -> Iterator[Browser]:
    """A browser whose camera sees the picture and nothing else."""
    film = filmed(picture, folder)
    browser = launch(
        chromium,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    try:
        yield browser
    finally:
        browser.close()


def printed(code: str, folder: Path) -> Path:
    """The code's QR as a picture."""
    picture = folder / "code.png"
    segno.make(code, error="m", micro=False).save(str(picture), scale=8, border=4)
    return picture


def filmed(picture: Path, folder: Path) -> Path:
    """Half a second of film of a picture on white paper."""
    film = folder / "camera.mjpeg"
    frame = "scale=620:620:flags=neighbor,pad=1280:720:(ow-iw)/2:(oh-ih)/2:white,format=yuvj420p"
    command = ["ffmpeg", "-y", "-loglevel", "error", "-loop", "1", "-i", str(picture), "-vf", frame]
    subprocess.run([*command, "-t", "0.5", "-r", "10", "-c:v", "mjpeg", "-q:v", "2", str(film)], check=True)
    return film


def accessibility(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
    return [
        f"{one['id']}: {one['help']}: {', '.join(str(node['target'][0]) for node in one['nodes'])}"
        for one in found["violations"]
    ]
