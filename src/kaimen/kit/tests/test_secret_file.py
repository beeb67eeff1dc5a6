"""A secret is made once, whoever comes first, and only its owner reads it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from kaimen.kit.secret_file import kept


def test_it_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "secret"
    assert kept(path, lambda: b"one") == b"one"
    assert kept(path, lambda: b"two") == b"one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_those_who_start_together_get_the_same(tmp_path: Path) -> None:
    made = count()

    def make() -> bytes:
        return b"%d" % next(made)

    with ThreadPoolExecutor(8) as pool:
        got = set(pool.map(lambda _: kept(tmp_path / "secret", make), range(64)))
    assert len(got) == 1
