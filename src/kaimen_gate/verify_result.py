"""What every verifier answers: each step passed or not, the first that did not, and what the code says."""

from dataclasses import dataclass
from typing import Any, Literal

Step = Literal["unprefix", "base45", "inflate", "decode", "verify", "key_usage", "expiry"]
STEPS: tuple[Step, ...] = ("unprefix", "base45", "inflate", "decode", "verify", "key_usage", "expiry")


@dataclass(frozen=True)
class Verified:
    """The answer about one code. `reason` is "valid", or the code of what speaks against it first."""

    reason: str
    checks: dict[Step, bool]  # whether each step was made and passed; a step that this kind of code has not, passes
    payload: dict[str, Any] | None  # for JSON; None unless a signature vouches for it

    @property
    def verdict(self) -> Literal["valid", "invalid"]:
        """In one word."""
        return "valid" if self.reason == "valid" else "invalid"


def refused_at(step: Step, reason: str, payload: dict[str, Any] | None = None) -> Verified:
    """The answer when `step` failed and those behind it were not made."""
    failed = STEPS.index(step)
    return Verified(reason, {one: at < failed for at, one in enumerate(STEPS)}, payload)
