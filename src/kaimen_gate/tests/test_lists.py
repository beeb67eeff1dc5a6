"""Name lists: the newest with a good signature is in force, also after a restart."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kaimen.kit.keys import SigningKey
from kaimen_gate.lists import Lists
from kaimen_gate.tests.fake_centre import PLACE, snapshot
from kaimen_gate.wire import NotWire, PassKey, write_snapshot

KEY = SigningKey.generate()
NOW = datetime(2020, 3, 16, tzinfo=UTC)


def made(key: SigningKey = KEY, **changes: Any) -> bytes:
    """A signed list."""
    return write_snapshot(snapshot(KEY, NOW, **changes), key)


def test_a_list_is_in_force_at_once_and_after_a_restart(tmp_path: Path) -> None:
    lists = Lists(tmp_path / "lists", KEY.public, [PLACE])
    assert lists.serves(PLACE)
    assert lists.of(PLACE) is None
    lists.take(PLACE, made(version=7))
    for one in (lists, Lists(tmp_path / "lists", KEY.public, [PLACE])):
        held = one.of(PLACE)
        assert held is not None
        assert (held.version, len(held)) == (7, 6)


@pytest.mark.parametrize(
    "data",
    [
        made(version=6), made(place="elsewhere"), made(SigningKey.generate(), version=8), b"", made(version=8)[:-1],
        made(version=8, zone="Mars/Olympus"), made(version=8, zone="../../etc/passwd"), made(version=8, opens="6:00"),
        made(version=8, closes="25:00"), made(version=8, keys=(PassKey(bytes(33)),)),
    ],
)  # fmt: skip
def test_what_cannot_be_used_leaves_the_list_in_force(tmp_path: Path, data: bytes) -> None:
    lists = Lists(tmp_path / "lists", KEY.public, [])
    lists.take(PLACE, made(version=7))
    with pytest.raises(NotWire):
        lists.take(PLACE, data)
    held = lists.of(PLACE)
    assert held is not None
    assert held.version == 7


def test_a_damaged_file_counts_as_not_there(tmp_path: Path) -> None:
    Lists(tmp_path / "lists", KEY.public, []).take(PLACE, made())
    (tmp_path / "lists" / f"{PLACE}.list").write_bytes(b"half of it")
    assert Lists(tmp_path / "lists", KEY.public, [PLACE]).of(PLACE) is None


def test_a_code_with_a_slash_stays_in_the_folder(tmp_path: Path) -> None:
    Lists(tmp_path / "lists", KEY.public, []).take("../up", made(place="../up"))
    assert [path.name for path in tmp_path.rglob("*.list")] == ["..%2Fup.list"]
    assert Lists(tmp_path / "lists", KEY.public, []).serves("../up")


def test_a_list_that_cannot_be_kept_is_in_force_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lists = Lists(tmp_path / "lists", KEY.public, [])

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kaimen_gate.lists.write_whole", full)
    lists.take(PLACE, made(version=7))
    assert lists.of(PLACE) is not None
    assert "No space left" in caplog.text
