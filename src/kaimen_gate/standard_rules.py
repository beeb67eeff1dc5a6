"""The rules of a place whose list brings none: what every gate does unless its city has published something else."""

from functools import lru_cache

from kaimen.rules import Vocabulary, parse
from kaimen.rules.as_json import to_json
from kaimen_gate.facts import FACTS, TROUBLES
from kaimen_gate.wire import Rule, Verdict

_STANDARD: tuple[tuple[str, Verdict, str], ...] = (
    *((trouble, "refuse", f"pass_trouble = '{trouble}'") for trouble in TROUBLES if trouble != "unknown-card"),
    ("unknown-card", "desk", "pass_trouble = 'unknown-card'"),
    ("two-people", "desk", "two_people"),
    ("revoked", "refuse", "revoked"),
    ("by-hand", "desk", "how = 'manual'"),
    ("other-building", "desk", "other_building"),
    ("not-on-list", "desk", "not listed"),
    ("outside-window", "desk", "not within_window"),
    ("outside-hours", "desk", "not open"),
    ("lift-full", "desk", "lift_full"),
    ("on-list", "enter", "listed"),
)


@lru_cache(1)
def standard_rules() -> tuple[Rule, ...]:
    """In order; read once."""
    vocabulary = Vocabulary(FACTS)
    read = [Rule(reason, verdict, to_json(parse(when, vocabulary).tree)) for reason, verdict, when in _STANDARD]
    return (*read, Rule("not-on-list", "desk", None))
