"""Dates in a pack: ISO 8601, as text, so that what is written is what is signed."""

from datetime import date

from kaimen.kit.words import Words
from kaimen.packs.problems import Wrong

DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def day(text: str, path: tuple[str | int, ...]) -> date:
    """The date `text` names. Raises Wrong at `path` when the calendar has no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = Words(f"没有 {text} 这一天", f"there is no day {text}")
        remedy = Words("请写存在的日期，如 2020-03-16", "Write a day that exists, as 2020-03-16")
        raise Wrong(what, remedy, path) from None
