"""The lock files answer what is asked for, and could be installed safely anywhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, nothing
from tools import locks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what the check reads."""
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(path: Path, edit: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, "utf-8")


def test_the_locks_are_fresh() -> None:
    nothing(locks.problems(ROOT))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("pyproject.toml", '"segno>=', '"left-pad>=1", "segno>=', "has no left-pad"),
        ("pyproject.toml", '"segno>=1.6"', '"segno>=99"', "asked for is >=99"),
        ("locks/run.txt", "segno==", "segno==9.", "segno is locked at 9."),
        ("locks/run.txt", "--hash=sha256:", "--nash=", "no hash for"),
        ("locks/uv.txt", "uv==", "--index-url https://example.org\nuv==", "names a registry"),
        ("package.json", '"sass": "', '"sass": "9', "was made for other dependencies"),
        (
            "package-lock.json",
            '"integrity": ',
            '"resolved": "https://example.org/x", "integrity": ',
            "names a registry",
        ),
        ("package-lock.json", '"integrity": ', '"unity": ', "has no hash"),
    ],
)
def test_a_stale_or_unsafe_lock_is_found(root: Path, file: str, old: str, new: str, said: str) -> None:
    change(root / file, lambda text: text.replace(old, new))
    assert any(said in line for line in locks.problems(root))


def test_a_missing_lock_is_found(root: Path) -> None:
    (root / "package-lock.json").unlink()
    assert locks.problems(root) == ["package-lock.json is missing: run `make lock`"]
