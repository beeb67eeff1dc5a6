"""What the documentation says, for the tests that hold it to the code."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"\bKAIMEN_[A-Z_]*[A-Z]\b")


def pages(root: Path = ROOT) -> list[Path]:
    """Every page of documentation."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def broken_links(page: Path) -> Iterator[str]:
    """Links of a page to files that are not there, or to headings that are not in them."""
    for target in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            yield f"{page.name}: {target} is not there"
        elif heading and path.suffix == ".md" and heading not in set(headings(path)):
            yield f"{page.name}: {target} has no such heading"


def headings(page: Path) -> Iterator[str]:
    """The anchors of a page, as they are linked to."""
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("#"):
            words = line.lstrip("#").strip().lower()
            yield re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", words))


def linked_from(pages: Iterable[Path]) -> set[Path]:
    """Every file a page links to."""
    return {
        (page.parent / target.partition("#")[0]).resolve()
        for page in pages
        for target in _LINK.findall(page.read_text("utf-8"))
        if "://" not in target and target.partition("#")[0]
    }


def settings_in(texts: Iterable[str]) -> set[str]:
    """The names of settings that occur in `texts`."""
    return {name for text in texts for name in _SETTING.findall(text)}
