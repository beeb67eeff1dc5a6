"""Dates in a pack: ISO 8601, as text, so that what is written is what is signed."""

from datetime import date

from kaimen.packs.problems import Wrong

DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def day(text: str, path: tuple[str | int, ...]) -> date:
    """The date `text` names. Raises Wrong at `path` when the calendar has no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f"there is no day {text}", "Write a day that exists, as 2020-03-16", path) from None
