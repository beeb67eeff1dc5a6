"""Rules before they are announced: who would change, how many, where. Writes nothing.

The rules proposed and those in force are asked about the same evidence at the same moment: what differs is what the
rules differ in. Who is asked, each status says for itself: people here (`trying_people`), buildings in `board`, which
this part may not import and which registers with `tries`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kaimen.colours.moments import moment
from kaimen.colours.terms import StatusDefinition
from kaimen.kit import clock
from kaimen.register import access
from kaimen.register.models import Post
from kaimen.status import trusted
from kaimen.status.activations import activation
from kaimen.status.authorities import checked
from kaimen.status.judged import rules_gone
from kaimen.status.models import Genesis

Move = tuple[str, str]  # from one colour to another; "" is no colour


@dataclass(frozen=True)
class Question:
    """What is tried: the rules in force and those proposed, at one moment, for a rule-keeper."""

    by: Post
    genesis: Genesis
    held: StatusDefinition
    rules: StatusDefinition
    at: datetime


@dataclass(frozen=True)
class Where:
    """How many would change in one place. `named` says which buildings they are; people are never named."""

    title: str  # of a street, a group; "" where there is no address
    moves: Mapping[Move, int]
    named: Mapping[Move, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What asking came to. Colours a text does not know are counted by their names."""

    asked: int  # people with evidence about them, or buildings; nobody else can change
    moves: Mapping[Move, int]
    where: tuple[Where, ...]  # the same by place, the most first
    counts: Mapping[str, int]  # of the new rules, of those who were asked
    withheld: bool = False  # the places are not told: the rules read what the asker may not know


@dataclass(frozen=True)
class Trial:
    """What a text would change if it held now. `found` is None where nobody knows whom its rules are about."""

    question: Question
    found: Found | None

    @property
    def changed(self) -> int:
        """How many would change."""
        return sum(self.found.moves.values()) if self.found else 0


Tries = Callable[[Question], Found]
_tries: dict[str, Tries] = {}


def tries(status: str) -> Callable[[Tries], Tries]:
    """Register who asks the rules of a status; called from AppConfig.ready. Raises ValueError for a second one."""

    def register(function: Tries) -> Tries:
        if status in _tries:
            raise ValueError(f"rules of {status!r} are tried already, by {_tries[status]!r}")
        _tries[status] = function
        return function

    return register


def try_rules(by: Post, status: str, text: bytes) -> Trial | None:
    """Ask proposed rules about today's data; None where no rules are in force to compare with.

    Raises NotAllowed, Refused that says where the text is wrong.
    """
    access.require(by, "status.keep_rules")
    genesis, now = activation(), clock.now()
    rules = checked(status, text)
    try:
        held = trusted.rules_at(trusted.trust_in(genesis), status, moment(now))
    except LookupError as error:
        raise rules_gone() from error
    if held is None:
        return None
    question, asks = Question(by, genesis, held, rules, now), _tries.get(status)
    return Trial(question, asks(question) if asks else None)
