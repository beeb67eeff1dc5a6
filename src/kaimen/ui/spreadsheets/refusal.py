"""Why a file was not read. A code and its particulars; `words.explain` says it in the reader's language."""

from typing import Any


class NotRead(ValueError):
    """The file was refused for `reason` (a key of `words.REASONS`)."""

    def __init__(self, reason: str, **about: Any) -> None:
        super().__init__(f"{reason} {about}" if about else reason)
        self.reason, self.about = reason, about
