"""A node's outbox, a network and a centre, driven through any schedule of loss, delay, doubling and crashes."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kaimen.kit.keys import SigningKey
from kaimen_gate.journal import Journal
from kaimen_gate.outbox import Outbox
from kaimen_gate.tests.fake_centre import FakeCentre
from kaimen_gate.tests.test_journal import decision
from kaimen_gate.writer import Writer

NODE = UUID(int=7)
PIECE = 7  # entries in a batch, so that a few scans make several batches


class Schedules(RuleBasedStateMachine):
    """Whatever happens: what the centre holds is the journal's beginning, and the node believes no more than that."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(prefix="kaimen-schedules-")
        self._key, self._centre = SigningKey.generate(), FakeCentre()
        self._centre.nodes[NODE] = self._key.public
        self._under_way: list[bytes] = []  # batches that the network still holds, copies too
        self._open()

    def _open(self) -> None:
        self._journal = Journal(Path(self._folder.name) / "j", NODE)
        writer = Writer(self._journal, lambda: None)
        writer.acknowledge = self._journal.acknowledge  # type: ignore[method-assign]  # at once, without its thread
        self._outbox = Outbox(self._journal, writer, NODE, self._key, PIECE)

    def teardown(self) -> None:
        """In the end somebody comes and the network is well again: nothing is missing and nothing is there twice."""
        self._journal.append([decision()])
        for _ in range(200):
            if (batch := self._outbox.batch()) is None:
                break
            self._answered(*self._centre.take(batch))
        assert self._outbox.batch() is None, "the node cannot come to an end"
        for batch in self._under_way:  # what was held up arrives last
            self._centre.take(batch)
        assert self._held() == self._journal.unsent(0, 10_000)
        self._journal.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        """Somebody came."""
        self._journal.append([decision()])

    @rule(count=st.integers(1, 12))
    def scan(self, count: int) -> None:
        """People come."""
        self._journal.append([decision() for _ in range(count)])

    @rule(times=st.integers(1, 3), hears=st.booleans())
    def send(self, times: int, hears: bool) -> None:
        """A batch arrives, up to three times; the answer to the last arrives, or none."""
        batch = self._outbox.batch()
        if batch is None:
            return
        answers = [self._centre.take(batch) for _ in range(times)]
        if hears:
            self._answered(*answers[-1])

    @rule(copies=st.integers(1, 2))
    def hold_up(self, copies: int) -> None:
        """A batch is on its way; nobody knows for how long."""
        batch = self._outbox.batch()
        if batch is not None:
            self._under_way += [batch] * copies

    @precondition(lambda self: self._under_way)
    @rule(seed=st.integers(0, 999), drop=st.booleans())
    def arrive(self, seed: int, drop: bool) -> None:
        """Some batch of those, in any order, arrives or is lost. Its answer finds nobody."""
        batch = self._under_way.pop(random.Random(seed).randrange(len(self._under_way)))
        if not drop:
            self._centre.take(batch)

    @rule()
    def crash(self) -> None:
        """The node ends and starts on its disk."""
        self._journal.close()
        self._open()

    @precondition(lambda self: self._centre.entries.get(NODE))
    @rule(keep=st.integers(0, 30))
    def restore(self, keep: int) -> None:
        """The centre's machine comes back from an older backup."""
        del self._centre.entries[NODE][keep:]

    @invariant()
    def the_centre_holds_the_beginning(self) -> None:
        """Of this journal, in order, each entry once."""
        held = self._held()
        assert held == self._journal.unsent(0, max(1, len(held)))[: len(held)]

    def _held(self) -> list[bytes]:
        return list(self._centre.entries.get(NODE, []))

    def _answered(self, status: int, said: dict[str, int]) -> None:
        if status == 200:
            assert said["acknowledged"] == len(self._held())
            self._outbox.acknowledged(said["acknowledged"])
        else:
            assert status == 409
            assert self._outbox.missing(said["acknowledged"]), "a fork where there is none"
