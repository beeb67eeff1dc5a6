"""The lives of one journal, each ended by a power cut: real commits by the real writer, on a disk that then forgets.

A life is a node's: scans queue and are committed together, and those that got no answer are asked again, with the same
id, in the next. What is left on the disk after each cut is read by SQLite itself, as it would be at the next start.
"""

import asyncio
import logging
import random
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from kaimen_gate.decide import ByCode, Decision, Scan
from kaimen_gate.journal import Head, Journal, JournalFailed, follow
from kaimen_gate.tests.power_cut import PowerCut
from kaimen_gate.writer import Writer

NODE = UUID(int=7)
LANES = 8
_STEPS = 160  # a life ends within so many writes, cuts and syncs
_MORNING = datetime(2020, 3, 16, tzinfo=UTC)


@dataclass
class Truth:
    """What gates were told, and what they still ask."""

    answered: dict[UUID, bytes] = field(default_factory=dict)
    unanswered: list[Decision] = field(default_factory=list)
    asked: set[UUID] = field(default_factory=set)
    lost: int = 0  # answered, and not there after a cut


def lives(seed: int, cuts: int) -> Truth:
    """So many lives on one disk. Raises AssertionError when the chain is broken or an entry is there twice."""
    chance, truth = random.Random(seed), Truth()
    logging.getLogger("kaimen_gate.writer").setLevel(logging.CRITICAL)  # a failing disk is what is asked for here
    with TemporaryDirectory(prefix="kaimen-power-") as name:
        folder = Path(name)
        for life in range(cuts):
            before, after = folder / str(life), folder / str(life + 1)
            before.mkdir(exist_ok=True)
            after.mkdir()
            cut = PowerCut(chance.randint(1, _STEPS), chance)
            with cut:
                _live(before / "j", truth, cut, chance)
            cut.leave(after)
            if chance.random() < 0.5:  # memory that two connections share may be left behind, and says nothing
                (after / "j-shm").write_bytes(chance.randbytes(32_768))
            _check(after / "j", truth)
    return truth


def _live(path: Path, truth: Truth, cut: PowerCut, chance: random.Random) -> None:
    try:
        journal = Journal(path, NODE)
    except sqlite3.OperationalError:
        assert cut.dark, "a journal that a power cut left cannot be opened"
        return
    try:
        asyncio.run(_scanned(journal, truth, cut, chance))
    finally:
        journal.close()


async def _scanned(journal: Journal, truth: Truth, cut: PowerCut, chance: random.Random) -> None:
    """Gates ask until the power goes."""
    writer = Writer(journal, lambda: None)
    writer.start()
    waiting, truth.unanswered = truth.unanswered, []

    async def lane() -> None:
        while not cut.dark:
            decision = waiting.pop() if waiting else _decision(chance)
            truth.asked.add(decision.scan.id)
            try:
                entry = await writer.record(decision)
            except JournalFailed:
                truth.unanswered.append(decision)
                return
            truth.answered[entry.id] = entry.to_bytes()
            if chance.random() < 0.1:
                writer.acknowledge(entry.seq)

    await asyncio.gather(*(lane() for _ in range(LANES)))
    truth.unanswered += waiting
    await asyncio.to_thread(writer.stop)


def _decision(chance: random.Random) -> Decision:
    scan = Scan(UUID(int=chance.getrandbits(128)), "ferry-house", "in", ByCode(""))
    at = _MORNING + timedelta(seconds=chance.randint(0, 9999))
    return Decision(scan, at, "on-list", chance.getrandbits(30), 60, "enter", ("on-list",), "code")


def _check(path: Path, truth: Truth) -> None:
    """Read what is left in a copy, so that the next life begins with what the cut left."""
    with TemporaryDirectory(prefix="kaimen-power-") as name:
        copy = Path(name)
        for part in path.parent.iterdir():
            (copy / part.name).write_bytes(part.read_bytes())
        db = sqlite3.connect(copy / path.name)
        there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone()
        rows = db.execute("SELECT seq, raw FROM entry ORDER BY seq").fetchall() if there else []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the file is damaged"
        db.close()
    entries = list(follow(rows, Head()))  # raises ChainBroken
    held = {entry.id: raw for entry, (_seq, raw) in zip(entries, rows, strict=True)}
    assert len(held) == len(rows), "an entry is there twice"
    assert held.keys() <= truth.asked, "an entry that nobody asked for"
    lost = {id_ for id_, raw in truth.answered.items() if held.get(id_) != raw}
    truth.lost += len(lost)
    for id_ in lost:  # counted once
        del truth.answered[id_]
