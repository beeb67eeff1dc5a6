"""A witness cosigns what continues what it has seen; everything else is an alarm, and nothing is cosigned."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kaimen.kit import clock
from kaimen.proofs import checkpoints
from kaimen.proofs.checkpoints import Checkpoint, Cosigned
from kaimen.proofs.notes import LogKey, Note, WitnessKey
from kaimen.proofs.tiles import NotATile, Tile
from kaimen_witness.following import Alarm, Follower, Looked
from kaimen_witness.log_over_http import Unreachable
from kaimen_witness.memory import Damaged, Memory
from kaimen_witness.tests.fake_log import FakeLog

KEY = WitnessKey.generate("court.example")
AT = datetime(2020, 3, 16, 14, 0, tzinfo=UTC)


@pytest.fixture
def log() -> FakeLog:
    fake = FakeLog()
    fake.grow(5)
    return fake


def follower(log: FakeLog, folder: Path, **more) -> Follower:
    return Follower(log, log.key.verifier, KEY, Memory(folder), **more)


def alarm(witness: Follower) -> str:
    """What it says, having cosigned nothing."""
    with pytest.raises(Alarm) as raised:
        witness.look()
    return raised.value.what


def test_the_first_look_cosigns_with_the_time(log: FakeLog, tmp_path: Path) -> None:
    with clock.frozen(AT):
        assert follower(log, tmp_path).look() == Looked(5, fresh=True)
    read = checkpoints.read(str(log.taken[0]), log.key.verifier, [KEY.verifier])
    assert (read.checkpoint.size, read.witnessed) == (5, {"court.example": AT})


def test_a_log_that_grew_is_cosigned_again_and_one_that_did_not_is_left(log: FakeLog, tmp_path: Path) -> None:
    witness = follower(log, tmp_path)
    witness.look()
    assert witness.look() == Looked(5, fresh=False)
    log.grow(700)
    assert witness.look() == Looked(705, fresh=True)
    assert [Checkpoint.read_text(note.text).size for note in log.taken] == [5, 705]


def test_an_empty_log_is_witnessed_too(tmp_path: Path) -> None:
    log = FakeLog()
    witness = follower(log, tmp_path)
    assert witness.look() == Looked(0, fresh=True)
    log.grow(3)
    assert witness.look() == Looked(3, fresh=True)


def test_a_changed_leaf_below_new_ones_is_an_alarm(log: FakeLog, tmp_path: Path) -> None:
    witness = follower(log, tmp_path)
    witness.look()
    log.grow(3)
    log.leaves[2] = log.leaves[2][:-1] + b"\x01"
    assert alarm(witness) == "8 leaves do not begin with the 5 seen before"
    assert len(log.taken) == 1


def test_a_second_tree_of_one_size_is_an_alarm(log: FakeLog, tmp_path: Path) -> None:
    witness = follower(log, tmp_path)
    witness.look()
    log.leaves[2] = log.leaves[2][:-1] + b"\x01"
    assert alarm(witness) == "the log shows two trees of 5 leaves"


def test_a_log_that_shrank_is_an_alarm_after_a_restart_too(log: FakeLog, tmp_path: Path) -> None:
    follower(log, tmp_path).look()
    log.leaves.pop()
    assert alarm(follower(log, tmp_path)) == "the log shows 4 leaves; it has shown 5"
    log.shows = str(log.note(0)).encode()
    assert "0 leaves" in alarm(follower(log, tmp_path))


def test_what_the_log_did_not_sign_is_an_alarm(log: FakeLog, tmp_path: Path) -> None:
    witness = follower(log, tmp_path)
    stranger = LogKey.generate(log.key.name)
    forged = str(checkpoints.signed(Checkpoint(log.key.name, 1, bytes(32)), stranger)).encode()
    for shown in (b"", b"\xff", b"a\n\nb\n", forged):
        log.shows = shown
        assert "no checkpoint of it" in alarm(witness)
    assert log.taken == []


def test_tiles_that_do_not_give_the_signed_root_are_an_alarm(log: FakeLog, tmp_path: Path) -> None:
    log.shows = str(checkpoints.signed(Checkpoint(log.key.name, 5, bytes(32)), log.key)).encode()
    assert "do not begin with" in alarm(follower(log, tmp_path))
    log.shows = str(checkpoints.signed(Checkpoint(log.key.name, 6, bytes(32)), log.key)).encode()
    assert "no tiles" in alarm(follower(log, tmp_path))


def test_a_log_that_is_away_is_no_alarm_and_is_served_later(log: FakeLog, tmp_path: Path) -> None:
    witness = follower(log, tmp_path)
    log.away = True
    with pytest.raises(Unreachable):
        witness.look()
    log.away = False
    assert witness.look().fresh


def test_a_cosignature_the_log_did_not_get_is_the_same_when_it_is_handed_over_again(
    log: FakeLog, tmp_path: Path
) -> None:
    witness = follower(log, tmp_path)
    log.takes = False
    with pytest.raises(Unreachable):
        witness.look()
    log.takes = True
    kept = Memory(tmp_path).last()
    assert follower(log, tmp_path).look() == Looked(5, fresh=False)
    assert log.taken == [kept]


def test_it_is_on_the_disk_before_anybody_sees_the_cosignature(log: FakeLog, tmp_path: Path) -> None:
    seen: list[Note | None] = []
    log.when_taken = lambda: seen.append(Memory(tmp_path).last())
    follower(log, tmp_path).look()
    assert seen[0] is not None
    assert Checkpoint.read_text(seen[0].text).size == 5


def test_nothing_is_cosigned_that_a_further_check_finds_wrong(log: FakeLog, tmp_path: Path) -> None:
    def check(shown: Cosigned) -> None:
        raise Alarm(f"a colour nobody can derive below {shown.checkpoint.size}")

    assert alarm(follower(log, tmp_path, check=check)) == "a colour nobody can derive below 5"
    assert (log.taken, Memory(tmp_path).last()) == ([], None)


def test_a_folder_of_another_log_is_not_forgotten_by_mistake(log: FakeLog, tmp_path: Path) -> None:
    follower(log, tmp_path).look()
    other = FakeLog("log.example/west")
    other.grow(9)
    with pytest.raises(ValueError, match=r"a witness of log\.example/east"):
        follower(other, tmp_path).look()


def test_a_damaged_memory_is_no_empty_one(log: FakeLog, tmp_path: Path) -> None:
    follower(log, tmp_path).look()
    (tmp_path / "checkpoint").write_bytes(b"half")
    with pytest.raises(Damaged):
        follower(log, tmp_path).look()


def test_an_alarm_is_kept_once_with_what_proves_it(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    paths = {memory.keep_alarm("two stories", b"one", b"other") for _ in range(3)}
    assert len(paths) == 1
    assert paths.pop().read_bytes() == b"two stories\n\n\none\n\nother"
    memory.keep_alarm("a third", b"one")
    assert len(list((tmp_path / "alarms").iterdir())) == 2


def test_tiles_of_a_log_are_read_as_wide_as_its_checkpoint(log: FakeLog) -> None:
    log.grow(300)
    assert len(log.tile(Tile(1, 0, 1))) == 32
    with pytest.raises(NotATile):
        Tile.read_path("tile/x")
