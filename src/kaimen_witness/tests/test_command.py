"""The program, over HTTP: from a fresh key to a cosigned log, and what it says when something is wrong."""

from contextlib import closing
from pathlib import Path

import pytest

from kaimen.proofs.notes import VerifierKey
from kaimen.proofs.tests.a_log import ALog, packed
from kaimen.proofs.tiles import Tile
from kaimen_witness import memory
from kaimen_witness.command import main
from kaimen_witness.log_over_http import LogOverHttp, NotThere, Unreachable
from kaimen_witness.memory import Memory, locked
from kaimen_witness.tests.fake_log import FakeLog, served
from kaimen_witness.tests.test_following import KEY


@pytest.fixture
def log() -> FakeLog:
    fake = FakeLog()
    fake.grow(300)
    return fake


def test_from_a_fresh_key_to_a_cosigned_log(log: FakeLog, tmp_path: Path, capsys) -> None:
    assert main(["init", "--data", str(tmp_path), "--name", "court.example/w1"]) == 0
    key = VerifierKey.read(capsys.readouterr().out)
    with served(log) as address:
        follow = ["follow", "--data", str(tmp_path), "--log", address, "--key", str(log.key.verifier), "--once"]
        assert main(follow) == 0
        assert capsys.readouterr().out == "Cosigned 300 leaves\n"
        assert key.cosigned(log.note()) is not None
        assert main(follow) == 0
        assert capsys.readouterr().out == ""
        log.leaves[7] = log.leaves[8]
        assert main(follow) == 3
    said = capsys.readouterr().err
    assert "ALARM: the log shows two trees of 300 leaves; kept in" in said
    assert len(list((tmp_path / "alarms").iterdir())) == 1


def test_a_key_is_made_once_and_belongs_to_its_name(tmp_path: Path, capsys) -> None:
    make = ["init", "--data", str(tmp_path), "--name", "court.example"]
    assert main(make) == main(make) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert main([*make[:-1], "another"]) == 1
    assert "the folder of court.example" in capsys.readouterr().err


def test_mistakes_are_one_line(tmp_path: Path, capsys) -> None:
    key = str(KEY.verifier)
    follow = ["follow", "--data", str(tmp_path), "--log", "http://127.0.0.1:9/log", "--key", key, "--once"]
    assert main(follow) == 1
    assert "first: kaimen-witness init" in capsys.readouterr().err
    main(["init", "--data", str(tmp_path), "--name", "w"])
    capsys.readouterr()
    assert main(follow) == 1
    assert capsys.readouterr().err.startswith("kaimen-witness: checkpoint: ConnectionRefusedError")
    assert main([*follow[:4], "kaimen.example", *follow[5:]]) == 1
    assert "no address of a log" in capsys.readouterr().err
    with locked(tmp_path):
        assert main(follow) == 1
    assert "another witness works in" in capsys.readouterr().err
    for wrong in (["--key", "x"], ["--genesis", "x"]):
        with pytest.raises(SystemExit):
            main([*follow, *wrong])


def test_a_bundle_is_checked_where_nothing_else_is(tmp_path: Path, capsys) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(ALog().content()))
    assert main(["verify", str(path)]) == 0
    assert "The bundle holds: 13 leaves under 4 checkpoints" in capsys.readouterr().out
    assert main(["verify", str(path), "--json", "--genesis", "00" * 32]) == 1
    assert '"genesis-missing": 1' in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().err.startswith("kaimen-witness: the file: byte")
    assert main(["verify", str(tmp_path / "none")]) == 1


def test_a_log_that_forgets_partial_tiles_is_read_from_full_ones(log: FakeLog) -> None:
    log.forgets_partial_tiles = True
    with served(log) as address, closing(LogOverHttp(address, KEY)) as line:
        assert len(line.tile(Tile(0, 1, 44))) == 44 * 32
        log.grow(212)
        assert len(line.tile(Tile(0, 1, 44))) == 256 * 32


def test_openings_are_asked_for_with_proof_and_given_to_nobody_else(log: FakeLog) -> None:
    log.openings_of[3] = [bytes(32), b"secret"]
    log.witness = KEY.verifier
    tile = Tile.read_path("tile/entries/000")
    with served(log) as address, closing(LogOverHttp(address, KEY)) as line:
        assert b"secret" in line.openings(tile)
        log.witness = log.key.verifier
        with pytest.raises(Unreachable, match="503"):
            line.openings(tile)


def test_objects_that_are_not_there_are_nothing(log: FakeLog) -> None:
    log.objects[bytes(32)] = b"rules"
    with served(log) as address, closing(LogOverHttp(address, KEY)) as line:
        assert (line.object(bytes(32)), line.object(b"\x01" * 32)) == (b"rules", None)
        with pytest.raises(NotThere):
            line.tile(Tile(64, 0))


def test_an_answer_without_end_is_cut_off(log: FakeLog) -> None:
    log.shows = b"x" * 10_000_000
    with served(log) as address, pytest.raises(Unreachable, match="more than 262144 bytes"):
        LogOverHttp(address, KEY).checkpoint()


def test_an_alarm_is_said_even_when_it_cannot_be_kept(log: FakeLog, tmp_path: Path, capsys) -> None:
    main(["init", "--data", str(tmp_path), "--name", "court.example/w1"])
    (tmp_path / "alarms").write_text("in the way of the folder")
    with served(log) as address:
        follow = ["follow", "--data", str(tmp_path), "--log", address, "--key", str(log.key.verifier), "--once"]
        assert main(follow) == 0
        log.leaves[7] = log.leaves[8]
        assert main(follow) == 3
    assert "ALARM: the log shows two trees of 300 leaves; not kept: " in capsys.readouterr().err


def test_a_log_that_lies_without_end_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_ALARMS", 3)
    kept = Memory(tmp_path)
    paths = [kept.keep_alarm("two trees", b"note %d" % number) for number in range(5)]
    assert len(list((tmp_path / "alarms").iterdir())) == len(set(paths[:3])) == 3
    assert paths[3] == paths[4] == tmp_path / "alarms"
    assert kept.keep_alarm("two trees", b"note 1") == paths[1]
