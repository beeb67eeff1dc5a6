"""The journal: one unbroken chain, whatever happens between two commits; and the thread that writes it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaimen.kit.ids import new_id
from kaimen_gate import wire
from kaimen_gate.decide import ByCode, Decision, Scan
from kaimen_gate.journal import ChainBroken, Head, Journal, JournalFailed, follow
from kaimen_gate.wire import Entry
from kaimen_gate.writer import Busy, Writer

NODE = UUID(int=7)
NOW = datetime(2020, 3, 16, 0, 0, 0, 123_456, tzinfo=UTC)


def decision(id_: UUID | None = None, index: int | None = 5) -> Decision:
    """Somebody entered."""
    return Decision(
        Scan(id_ or new_id(), "ferry-house", "in", ByCode("")), NOW, "on-list", index, 60, "enter", ("on-list",), "code"
    )


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """A journal, closed afterwards."""
    journal = Journal.opened(path, NODE)
    try:
        yield journal
    finally:
        journal.close()


def chain(path: Path) -> list[Entry]:
    """Everything on disk, checked link by link."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT seq, raw FROM entry ORDER BY seq").fetchall()
    db.close()
    return list(follow(rows, Head()))


def fill_up(journal: Journal) -> None:
    """Let SQLite's file grow no more: it answers SQLITE_FULL from here on, as on a full disk."""
    db = journal._writes
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")


def make_room(journal: Journal) -> None:
    """The disk has space again."""
    journal._writes.execute("PRAGMA max_page_count = 1000000")


# What may happen to a journal, in any order: some scans (a number below 20 is an id used before or later), a crash,
# a full disk.
HAPPENINGS = st.lists(
    st.lists(st.integers(0, 19), min_size=1, max_size=6) | st.sampled_from(["crash", "full", "room"]), max_size=12
)


@given(HAPPENINGS)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_what_was_answered_is_there_once_and_the_chain_holds(
    happenings: list[list[int] | str],
) -> None:
    ids = [new_id() for _ in range(20)]
    answered: dict[UUID, Entry] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3"
        journal = Journal.opened(path, NODE)
        for happening in happenings:
            if happening == "crash":
                journal.close()
                journal = Journal.opened(path, NODE)
            elif happening == "full":
                fill_up(journal)
            elif happening == "room":
                make_room(journal)
            else:
                assert isinstance(happening, list)
                try:
                    entries = journal.append([decision(ids[n], n) for n in happening])
                except JournalFailed:
                    continue
                assert [entry.id for entry in entries] == [ids[n] for n in happening]
                for entry in entries:
                    assert answered.setdefault(entry.id, entry) == entry
        journal.close()
        on_disk = chain(path)
    assert {entry.id: entry for entry in on_disk} == answered
    assert len(on_disk) == len(answered)


def test_a_commit_that_fails_records_none_of_its_entries(tmp_path: Path) -> None:
    with opened(tmp_path / "j") as journal:
        journal.append([decision()])
        fill_up(journal)
        with pytest.raises(JournalFailed, match="full"):
            journal.append([decision() for _ in range(500)])
        assert len(chain(tmp_path / "j")) == 1
        make_room(journal)
        assert [entry.seq for entry in journal.append([decision(), decision()])] == [2, 3]


def test_an_entry_that_was_answered_is_the_one_that_is_stored(tmp_path: Path) -> None:
    with opened(tmp_path / "j") as journal:
        answered = journal.append([decision()])
    assert chain(tmp_path / "j") == answered
    assert answered[0].at == NOW.replace(microsecond=123_000)


def test_a_chain_goes_on_after_a_restart_and_a_fresh_disk_begins_another(tmp_path: Path) -> None:
    epochs = []
    for path in (tmp_path / "a", tmp_path / "a", tmp_path / "b"):
        with opened(path) as journal:
            journal.append([decision()])
            epochs.append(journal.epoch)
    assert len(chain(tmp_path / "a")) == 2
    assert epochs[0] == epochs[1] < epochs[2]


def test_every_commit_goes_through_fsync(tmp_path: Path) -> None:
    with opened(tmp_path / "j") as journal:
        assert journal._writes.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert journal._writes.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("harm", ["DELETE FROM entry WHERE seq = 3", "UPDATE entry SET raw = x'00' WHERE seq = 3"])
def test_a_chain_with_a_row_gone_or_changed_is_set_aside_whole(tmp_path: Path, harm: str) -> None:
    with opened(tmp_path / "j") as journal:
        journal.append([decision() for _ in range(5)])
        first = journal.epoch
    db = sqlite3.connect(tmp_path / "j")
    db.execute(harm)
    db.commit()
    db.close()
    with pytest.raises(ChainBroken):
        Journal(tmp_path / "j", NODE)
    with opened(tmp_path / "j") as journal:
        assert journal.epoch > first
        assert [entry.seq for entry in journal.append([decision()])] == [1]
    assert len(list(tmp_path.glob("j.broken-*"))) >= 1


def test_what_is_not_acknowledged_is_unsent_also_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path / "j") as journal:
        journal.append([decision() for _ in range(5)])
        journal.acknowledge(3)
    with opened(tmp_path / "j") as journal:
        assert journal.acknowledged == 3
        assert [wire.read_entry(raw).seq for raw in journal.unsent(journal.acknowledged)] == [4, 5]
        assert len(journal.unsent(0, limit=2)) == 2


async def recorded(path: Path, count: int, capacity: int = 2048) -> list[Entry | BaseException]:
    """What `count` scans at once are told."""
    with opened(path) as journal:
        writer = Writer(journal, lambda: None, capacity)
        asking = [asyncio.create_task(writer.record(decision(index=n))) for n in range(count)]
        await asyncio.sleep(0)  # all of them queue before the thread begins
        writer.start()
        told = await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.to_thread(writer.stop)
        return told


def test_scans_that_queue_together_are_answered_each_with_its_own_entry(tmp_path: Path) -> None:
    told = asyncio.run(recorded(tmp_path / "j", 100))
    assert [one.index for one in told if isinstance(one, Entry)] == list(range(100))
    assert len(chain(tmp_path / "j")) == 100


def test_a_full_queue_sheds_what_comes_and_keeps_what_it_took(tmp_path: Path) -> None:
    told = asyncio.run(recorded(tmp_path / "j", 30, capacity=10))
    assert [isinstance(one, Entry) for one in told] == [True] * 10 + [False] * 20
    assert all(isinstance(one, Busy) for one in told[10:])
    assert len(chain(tmp_path / "j")) == 10


def test_a_failed_commit_fails_everybody_in_it_and_the_thread_lives_on(tmp_path: Path) -> None:
    async def with_a_full_disk() -> tuple[list[Entry | BaseException], Entry, bool, bool]:
        with opened(tmp_path / "j") as journal:
            fill_up(journal)
            writer = Writer(journal, lambda: None)
            asking = [asyncio.create_task(writer.record(decision(index=n))) for n in range(300)]
            await asyncio.sleep(0)
            writer.start()
            told = await asyncio.gather(*asking, return_exceptions=True)
            failing = writer.failing
            make_room(journal)
            after = await writer.record(decision())
            await asyncio.to_thread(writer.stop)
            return told, after, failing, writer.failing

    told, after, failing, still = asyncio.run(with_a_full_disk())
    assert all(isinstance(one, JournalFailed) for one in told)
    assert (after.seq, failing, still) == (1, True, False)


def test_a_gate_that_hangs_up_takes_nobody_with_it(tmp_path: Path) -> None:
    async def one_hangs_up() -> Entry:
        with opened(tmp_path / "j") as journal:
            writer = Writer(journal, Event().set)
            gone = asyncio.create_task(writer.record(decision(index=1)))
            stays = asyncio.create_task(writer.record(decision(index=2)))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(0)
            writer.start()
            entry = await stays
            await asyncio.to_thread(writer.stop)
            return entry

    assert asyncio.run(one_hangs_up()).index == 2
    assert len(chain(tmp_path / "j")) == 2  # it was asked, so it is on record
