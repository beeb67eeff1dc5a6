"""What gates fetch is the newest list the log names, or one that it names soon; else the witness cosigns nothing."""

import base64
from pathlib import Path

import pytest

from kaimen.colours import lists
from kaimen.colours.moments import HOUR, MINUTE, SECOND, when
from kaimen.colours.tests.world import POSITIVE, World
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.proofs.notes import VerifierKey, WitnessKey
from kaimen_witness.command import main
from kaimen_witness.following import Alarm, Follower
from kaimen_witness.log_over_http import LogOverHttp
from kaimen_witness.memory import Memory
from kaimen_witness.published import PublishedLists
from kaimen_witness.replaying import Replayer
from kaimen_witness.tests.fake_log import FakeLog, served

KEY = WitnessKey.generate("court.example")


class Watched:
    """An honest world, its log, and a witness that compares lists."""

    def __init__(self, folder: Path) -> None:
        self.world, self.log = World(seed=4, people=20), FakeLog()
        published = PublishedLists(self.log.published, self.world.list_key.public)
        check = Replayer(self.log, self.world.genesis, published).check
        self._follower = Follower(self.log, self.log.key.verifier, KEY, Memory(folder), check)

    def show(self) -> None:
        """The log serves what the world has written so far."""
        self.log.leaves = list(self.world.leaves)
        self.log.openings_of = {n: [one.salt, one.secret] for n, one in enumerate(self.world.openings) if one}
        self.log.objects = dict(self.world.objects)

    def publish(self) -> bytes:
        """A list, some minutes later, of others than before."""
        self.world.now += 5 * MINUTE
        return self.world.publish()

    def redden(self, person: int) -> None:
        """Two sources say so."""
        for source in (self.world.hospital, self.world.cdc):
            self.world.give(source, self.world.people[person], "test", POSITIVE)

    def look(self) -> bool:
        """Whether it cosigned."""
        with clock.frozen(when(self.world.now)):
            return self._follower.look().fresh


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    watched = Watched(tmp_path)
    watched.redden(0)
    watched.log.lists["person"] = watched.publish()
    watched.show()
    return watched


def test_the_newest_list_is_what_gates_fetch(watched: Watched) -> None:
    assert watched.look()
    watched.redden(1)
    watched.log.lists["person"] = watched.publish()
    watched.show()
    assert watched.look()


def test_a_list_that_cannot_be_had_is_an_alarm(watched: Watched) -> None:
    watched.log.lists.clear()
    with pytest.raises(Alarm, match="cannot be had"):
        watched.look()
    assert not watched.log.taken


def test_an_older_list_is_an_alarm(watched: Watched) -> None:
    watched.look()
    watched.redden(1)
    watched.publish()
    watched.show()
    with pytest.raises(Alarm, match="older than that of leaf"):
        watched.look()


def test_a_list_that_another_key_signed_or_of_another_name_is_an_alarm(watched: Watched) -> None:
    made, world = watched.world.computed()[0], watched.world
    of = lists.Published(made, "person", world.now, world.now + HOUR)
    watched.log.lists["person"] = lists.publish(SigningKey.generate(), of)
    with pytest.raises(Alarm, match="what is published as the list of person"):
        watched.look()
    of = lists.Published(made, "passes", world.now, world.now + HOUR)
    watched.log.lists["person"] = lists.publish(world.list_key, of)
    with pytest.raises(Alarm, match="is that of 'passes'"):
        watched.look()


def test_a_list_may_be_ahead_of_the_checkpoint_and_say_again_what_an_older_one_said(watched: Watched) -> None:
    first = watched.world.computed()
    watched.look()
    watched.redden(1)
    watched.publish()
    watched.show()
    watched.world.now += 5 * MINUTE
    watched.log.lists["person"] = watched.world.signed(first[0])  # whoever was red is green again, in leaves to come
    assert watched.look()
    watched.world.now += HOUR
    watched.log.lists["person"] = watched.publish()  # and they never came
    watched.show()
    with pytest.raises(Alarm, match="no leaf names it"):
        watched.look()


def test_a_list_that_never_comes_into_the_log_is_an_alarm_though_another_takes_its_place(watched: Watched) -> None:
    watched.look()
    watched.world.now += SECOND
    watched.log.lists["person"] = watched.world.signed(watched.world.computed(lambda _: "red")[0])
    watched.redden(1)
    watched.show()
    assert watched.look()
    watched.world.now += HOUR
    watched.log.lists["person"] = watched.publish()
    watched.show()
    for _ in range(2):
        with pytest.raises(Alarm, match="no leaf names it"):
            watched.look()


def test_lists_are_fetched_beside_the_log() -> None:
    log = FakeLog()
    log.lists["person"] = b"a list"
    with served(log) as address:
        line = LogOverHttp(address, KEY)
        assert line.published("person") == b"a list"
        assert line.published("nobody") is None
        line.close()


def test_the_program_compares_lists_by_the_key_it_is_told(watched: Watched, tmp_path: Path, capsys) -> None:
    world, log = watched.world, watched.log
    key = base64.b64encode(world.list_key.public.raw).decode()
    main(["init", "--data", str(tmp_path), "--name", "court.example"])
    log.witness = VerifierKey.read(capsys.readouterr().out.strip())
    with served(log) as address, clock.frozen(when(world.now)):
        follow = ["follow", "--data", str(tmp_path), "--log", address, "--key", str(log.key.verifier), "--once"]
        assert main([*follow, "--centre-key", key]) == 1
        assert "add --genesis HASH" in capsys.readouterr().err
        compare = [*follow, "--genesis", world.genesis.hex(), "--centre-key", key]
        listed = log.lists.pop("person")
        assert main(compare) == 3
        assert "the list of person" in capsys.readouterr().err
        log.lists["person"] = listed
        assert main(compare) == 0
    with pytest.raises(SystemExit):
        main([*follow, "--centre-key", "no key"])
    assert "is no key" in capsys.readouterr().err
