"""Where the product's own files are, and how a finding reads."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / name for name in ("src", "tests", "tools", "bench")]
_MADE = {"__pycache__", "migrations", "node_modules", "vendor"}


def files(*endings: str, under: list[Path] | None = None) -> Iterator[Path]:
    """Every file written by hand with one of `endings`."""
    for folder in under or SOURCES:
        for path in sorted(folder.rglob("*")):
            if path.suffix in endings and not _MADE & set(path.parts):
                yield path


def product(*endings: str) -> Iterator[Path]:
    """Every such file of the product itself, without its tests."""
    return (path for path in files(*endings, under=[ROOT / "src"]) if "tests" not in path.parts)


def templates() -> Iterator[Path]:
    """Every template of the product."""
    return (path for path in product(".html", ".txt") if "templates" in path.parts)


def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def shown(path: Path) -> str:
    """A path as a reader would write it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def nothing(found: Iterable[str]) -> None:
    """Fail with every finding, one a line."""
    lines = list(found)
    assert not lines, "\n".join(["", *lines])
