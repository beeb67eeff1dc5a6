"""A pack that can be spoilt."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from kaimen.packs import PackRefused, Problem, read_folder

TEMPLATE = Path(__file__).resolve().parents[4] / "packs" / "template"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of packs/template."""
    return copytree(TEMPLATE, tmp_path / "pack")


@pytest.fixture
def problems(folder: Path) -> Callable[..., list[Problem]]:
    """`problems(file, content)`: what is wrong once `file` holds `content`; an old text is replaced with `old=`."""

    def spoil(file: str, content: str | bytes, old: str | None = None) -> list[Problem]:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if old is not None:
            whole = path.read_text("utf-8")
            assert old in whole, f"{old!r} is not in {file}"
            content = whole.replace(old, str(content), 1)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(PackRefused) as refused:
            read_folder(folder)
        return refused.value.problems

    return spoil
