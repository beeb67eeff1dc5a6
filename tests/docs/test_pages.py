"""The pages hold together: no dead link, no page nobody leads to, every dependency with its reason."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT, broken_links, headings, linked_from, pages

DEPENDENCIES = ROOT / "docs" / "decisions" / "dependencies.md"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_every_page_is_led_to_from_another() -> None:
    docs = set((ROOT / "docs").rglob("*.md"))
    assert {page.relative_to(ROOT).as_posix() for page in docs - linked_from(pages())} == set()


def test_every_dependency_is_named_with_its_reason() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = [
        *asked["project"]["dependencies"],
        *asked["dependency-groups"]["setup"],
        *asked["dependency-groups"]["dev"],
        *asked["dependency-groups"]["peers"],
    ]
    wanted = {canonicalize_name(Requirement(line).name) for line in lines}
    package = re.findall(r'^\s+"([a-z][a-z.-]+)": "\d', (ROOT / "package.json").read_text("utf-8"), re.MULTILINE)
    named = set(re.findall(r"^\| `([^`]+)` \|", DEPENDENCIES.read_text("utf-8"), re.MULTILINE))
    assert named == wanted | set(package)


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    numbers = sorted(int(path.name[:4]) for path in folder.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(folder.glob("[0-9]*.md")) <= linked_from([folder / "README.md"])


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "other.md").write_text("# Two words\n", "utf-8")
    page.write_text(
        "[a](other.md) [b](other.md#two-words) [c](none.md) [d](other.md#three)\n```\n[e](x.md)\n```", "utf-8"
    )
    assert list(broken_links(page)) == ["page.md: none.md is not there", "page.md: other.md#three has no such heading"]
    assert list(headings(tmp_path / "other.md")) == ["two-words"]
