"""A world with buildings, whose honest server judges them, for tests that bend it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from kaimen.colours import leaves, statements
from kaimen.colours.definitions import read_text
from kaimen.colours.moments import DAY, HOUR, MINUTE, local_day
from kaimen.colours.place_facts import identity_of, in_order, worked_out
from kaimen.colours.places import judge_of
from kaimen.colours.statements import Evidence
from kaimen.colours.tests.test_definitions import BUILDING
from kaimen.colours.tests.world import NEGATIVE, POSITIVE, Source, World
from kaimen.kit import canonical

DUE = 14 * HOUR  # 22:00 in Shanghai, from the morning on which a world begins
SERIOUS, WELL = {"inspection_result": "serious"}, {"inspection_result": "in-order"}
OWN = {"roster_missing_days": 0}  # what only the server knows


class Board(World):
    """A world with three buildings, whose honest server judges them."""

    def __init__(self, seed: int = 7, rules: bytes = BUILDING) -> None:
        super().__init__(seed, 5)
        self.office = Source("office", "street", ("inspection", "fever-report", "fever-resolved"))
        self.accredit(self.office)
        self.said: dict[str, list[Evidence]] = {code: [] for code in ("ferry-house", "reed-court", "lamp-tower")}
        self.held: dict[str, tuple[str, int, bytes]] = {}
        self.rules = read_text("status/building.yaml", rules)
        self.publish_rules(rules, status="building")

    def found(self, code: str, of: str, says: Mapping[str, Any], **other: Any) -> Evidence:
        """What an officer signs."""
        about: dict[str, Any] = {"status": "building", "identity": identity_of(code), "until": self.now + DAY} | other
        kind = self.rules.evidence[of]
        return replace(
            Evidence(
                self.genesis, self.new_id(), self.now, "office", self.office.key.public.key_id, "building",
                code.encode().ljust(16, b"."), of, says, self.now, self.now + DAY, kind.basis, b"",
            ),
            **about,
        )  # fmt: skip

    def inspect(self, code: str, says: Mapping[str, Any] = WELL, of: str = "inspection") -> None:
        """Evidence comes in."""
        said = self.found(code, of, says)
        self.log(leaves.place_evidence(statements.sign(said, self.office.key)))
        self.said[code].append(said)

    def facts(self, code: str, at: int) -> dict[str, Any]:
        """What an honest server judges by."""
        return {**OWN, **worked_out(in_order(self.said[code]), self.rules, at)}

    def stands(self, code: str, at: int) -> tuple[str, int]:
        """The colour that follows."""
        found = judge_of(self.rules)(self.facts(code, at), local_day(at, self.rules.zone))
        return found.colour, found.rule

    def recolour(self, **forged: Any) -> None:
        """All buildings are judged; what changed is logged."""
        at = self.now
        for code in self.said:
            now = (*self.stands(code, at), self.rules.digest)
            if self.held.get(code) != now:
                self.colour(code, at, now[0], now[1], **forged)

    def colour(self, code: str, at: int, colour: str, rule: int, **forged: Any) -> None:
        """A leaf that says so."""
        before = self.held[code][0] if code in self.held else ""
        said = {
            "place": code, "from": before, "to": colour, "rule": rule, "facts": self.facts(code, at), "as_of": at,
        } | forged  # fmt: skip
        self.held[code] = (colour, rule, self.rules.digest)
        self.log(leaves.place_colour("building", forged.pop("rules", self.rules.digest), _without(said, "rules")))

    def freeze(self, change: Callable[[dict[str, Any]], None] = lambda said: None, evening: int = 0) -> bytes:
        """The picture of an evening, the first unless told; gives its bytes."""
        due = self.beginning + DUE + evening * DAY
        day = local_day(due, self.rules.zone).isoformat()
        self.now = max(self.now, due)
        buildings = [[code, *self.stands(code, due), self.facts(code, due)] for code in self.said]
        said: dict[str, Any] = {"status": "building", "due": due, "rules": self.rules.digest, "buildings": buildings}
        change(said)
        names = ("code", "colour", "rule", "facts")
        shown = [dict(zip(names, one, strict=True)) for one in said["buildings"]]
        data = canonical.encode({"v": 1, "day": day, "buildings": shown})
        self.log(leaves.snapshot(day, sha256(data).digest(), said))
        return data

    def hours(self, count: int, *, judging: bool = True) -> None:
        """The log goes on: a list each half hour, and buildings are judged."""
        for _ in range(2 * count):
            self.wait(self.now + 30 * MINUTE)
            if judging:
                self.recolour()
            self.publish()

    @property
    def beginning(self) -> int:
        """Midnight of the first day, in Shanghai 08:00."""
        return leaves.read(self.leaves[0]).at // DAY * DAY


def _without(said: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key != name}


def alarms(world: World) -> list[str]:
    return sorted({one.kind for one in world.replay().alarms})


def lived() -> Board:
    """A morning with a board, among what happens to people."""
    board = Board()
    board.give(board.hospital, board.people[0], "test", POSITIVE)
    board.inspect("ferry-house", SERIOUS)
    board.inspect("reed-court")
    board.recolour()
    board.now += HOUR
    board.inspect("reed-court", {"fever_reported": True}, "fever-report")
    board.recolour()
    board.give(board.cdc, board.people[0], "test", NEGATIVE)
    board.publish()
    return board
