"""What a value in a statement or a leaf may be. Each check gives the value back or says what would be right."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from kaimen.colours.moments import LAST

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MOST_FIELDS = 40
WHOLE = 10**15


class OutOfBounds(ValueError):
    """A value that is not what its place wants; the message says what that is."""


def octets(length: int) -> Callable[[Any], bytes]:
    """Exactly so many bytes."""

    def check(value: Any) -> bytes:
        if not isinstance(value, bytes) or len(value) != length:
            raise OutOfBounds(f"{length} bytes")
        return value

    return check


def moment(value: Any) -> int:
    """Milliseconds since 1970, before the year 10000."""
    if type(value) is not int or not 0 <= value < LAST:
        raise OutOfBounds("whole milliseconds since 1970")
    return value


def count(value: Any) -> int:
    """A number from 0."""
    if type(value) is not int or not 0 <= value < WHOLE:
        raise OutOfBounds("a whole number from 0")
    return value


def slug(value: Any) -> str:
    """A name of small letters, digits and hyphens."""
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise OutOfBounds("a name of at most 60 small letters, digits and hyphens")
    return value


def text(longest: int) -> Callable[[Any], str]:
    """Text that can be shown, not empty."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
            raise OutOfBounds(f"text of 1 to {longest} characters on one line")
        return value

    return check


def several(check: Callable[[Any], Any], most: int) -> Callable[[Any], tuple[Any, ...]]:
    """A list of different things, each of them sound."""

    def check_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise OutOfBounds(f"a list of at most {most:,}")
        items = tuple(check(one) for one in value)
        if len(set(items)) != len(items):
            raise OutOfBounds("nothing twice")
        return items

    return check_all


def filled(check: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], tuple[Any, ...]]:
    """A list that is not empty."""

    def check_filled(value: Any) -> tuple[Any, ...]:
        if not (items := check(value)):
            raise OutOfBounds("one at least")
        return items

    return check_filled


def says(value: Any) -> Mapping[str, bool | int | str]:
    """Fields and their values: yes or no, whole numbers, short text. The definition says which of them it knows."""
    if not isinstance(value, dict) or not 0 < len(value) <= _MOST_FIELDS:
        raise OutOfBounds(f"a map of 1 to {_MOST_FIELDS} fields")
    for name, one in value.items():
        if not isinstance(name, str) or not _FIELD.fullmatch(name):
            raise OutOfBounds("fields named in small letters, digits and _")
        if type(one) not in {bool, int, str} or (type(one) is int and abs(one) >= WHOLE):
            raise OutOfBounds(f"{name} yes or no, a whole number below 10^15, or text")
        if isinstance(one, str) and (not 0 < len(one) <= 60 or not one.isprintable()):
            raise OutOfBounds(f"{name} a text of 1 to 60 characters")
    return value


def one_of(*options: str) -> Callable[[Any], str]:
    """One of some words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise OutOfBounds(f"one of {', '.join(options)}")
        return value

    return check


def optional(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The thing, or nothing."""
    return lambda value: None if value is None else check(value)
