"""What a pass says, and what speaks against one. Everybody who reads passes gives these codes, and no others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Reason = Literal[
    "not-a-pass", "trailing-bytes", "altered", "rewritten", "unknown-key", "key-not-in-force", "expired",
    "not-holder", "stale", "ahead",
]  # fmt: skip
Check = Literal[
    "prefix", "size", "base45", "decode", "structure", "key", "signature", "holder", "in-force", "expiry", "moment"
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pass says, and whose key vouches for it."""

    index: int
    expires: datetime
    key_id: bytes
    shown: datetime | None = None  # when the holder's phone signed it; None on a card, which proves no phone


class BadPass(ValueError):
    """A code that opens nothing: why, which check found it, and what it read if the signatures held."""

    def __init__(self, reason: Reason, check: Check, reading: Reading | None = None) -> None:
        super().__init__(f"{reason} ({check})")
        self.reason: Reason = reason
        self.check: Check = check
        self.reading = reading
