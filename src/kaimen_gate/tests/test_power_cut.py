"""The disk that loses power: the layer stands in the library that Python uses, and is worth asking."""

import random
import sqlite3
import time
from pathlib import Path

from kaimen_gate.tests.power_cut import PowerCut
from kaimen_gate.tests.sqlite_disk import LIBRARY, SlowDisk


def test_the_layer_stands_in_the_library_that_pythons_sqlite_uses(tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:")
    assert db.execute("SELECT sqlite_source_id()").fetchone()[0] == LIBRARY.sqlite3_sourceid().decode()
    db.close()
    with SlowDisk(0.01):
        db = sqlite3.connect(tmp_path / "j", isolation_level=None)
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (x)")
        began = time.monotonic()
        db.execute("INSERT INTO t VALUES (1)")
        assert time.monotonic() - began >= 0.01
        db.close()


def test_what_was_synced_is_left_and_what_was_not_may_be_torn(tmp_path: Path) -> None:
    left = set()
    for seed in range(20):
        cut = PowerCut(1000, random.Random(seed))
        cut.on_open("/j")
        cut.on_write("/j", 0, b"a" * 1024)
        cut.on_sync("/j")
        cut.on_write("/j", 512, b"b" * 1024)
        (folder := tmp_path / str(seed)).mkdir()
        cut.leave(folder)
        content = (folder / "j").read_bytes()
        assert content[:512] == b"a" * 512
        left.add((content[512:1024] == b"b" * 512, content[1024:] == b"b" * 512))
    assert left == {(True, True), (True, False), (False, True), (False, False)}


def test_after_the_power_is_gone_nothing_is_written(tmp_path: Path) -> None:
    cut = PowerCut(1, random.Random(1))
    cut.on_open("/j")
    assert not cut.on_write("/j", 0, b"a")
    assert not cut.on_sync("/j")
    assert cut.dark
    cut.leave(tmp_path)
    assert not (tmp_path / "j").exists() or (tmp_path / "j").read_bytes() in (b"a", b"\0")
