"""The picture of a day (定格): everything the board showed at the cut-off, and its one encoding. Pure.

Whoever holds the bytes can draw the board of that evening and judge its colours again: outlines, words, rules and
facts stand in them. Texts are in both languages, times are milliseconds since 1970, decimals and days are text.
"""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from kaimen.kit import canonical
from kaimen.kit.words import Words

VERSION = 1
Stored = bool | int | str  # a fact as it stands in a picture


class NotAPicture(ValueError):
    """Bytes that are no picture of a day, or one of another version."""


@dataclass(frozen=True)
class Fraction:
    """A rate as it is kept: how many of how many."""

    n: int
    of: int


@dataclass(frozen=True)
class RuleSaid:
    """One rule of the definition, as it was published."""

    slug: str
    colour: str
    title: Words
    says: Words
    what_next: Words
    clause: str
    when: str  # "" of the last, which holds when no other does
    reads: tuple[str, ...]  # the facts it depends on


@dataclass(frozen=True)
class FactSaid:
    """What a fact is called, and who may see it."""

    name: str
    type: str
    title: Words
    codes: tuple[tuple[str, Words], ...]  # of a text: every value it may have
    seen_with: str


@dataclass(frozen=True)
class Rules:
    """The definition that decided: its digest leads to the whole text; what the picture shows of it stands here."""

    status: str
    digest: bytes
    colours: tuple[tuple[str, Words], ...]  # worst first
    rules: tuple[RuleSaid, ...]
    facts: tuple[FactSaid, ...]


@dataclass(frozen=True)
class BuildingSeen:
    """One building. `colour` is "" and `rule` 0 where nothing was known that a rule could answer by."""

    code: str
    title: Words
    group: str
    outline: str  # GeoJSON; "" without one
    colour: str
    rule: int
    since: datetime
    expires: datetime | None
    facts: Mapping[str, Stored]
    resumption: Fraction  # firms
    staff_back: Fraction  # people
    inside: int
    entered: int
    expected: int


@dataclass(frozen=True)
class Rolled:
    """Buildings together: the worst colour, how many there are of each, and both rates."""

    colour: str
    counts: Mapping[str, int]
    resumption: Fraction
    staff_back: Fraction
    inside: int
    entered: int
    expected: int


@dataclass(frozen=True)
class AreaSeen:
    """An area with buildings in it: a group, its street, its district."""

    code: str
    level: str
    parent: str
    title: Words
    all: Rolled


@dataclass(frozen=True)
class LateSource:
    """A source that had been silent, and since when; None: it never spoke."""

    title: Words
    heard: datetime | None


@dataclass(frozen=True)
class Underlay:
    """A feature of the base map."""

    kind: str
    title: Words | None
    geometry: str


@dataclass(frozen=True)
class Picture:
    """A day as it was frozen. `due` is the moment it is of; `made` says when it was really made."""

    v: int
    day: date
    zone: str
    due: datetime
    made: datetime
    rules: Rules | None  # None: nobody had said how a building gets its colour
    areas: tuple[AreaSeen, ...]
    buildings: tuple[BuildingSeen, ...]
    quarters: tuple[int, ...]  # entries in each of the day's 96 quarter hours
    late: tuple[LateSource, ...]
    log_size: int
    pack: str  # digest of the pack in force
    under: tuple[Underlay, ...]

    def to_bytes(self) -> bytes:
        """The one encoding."""
        return canonical.encode(_plain(self))

    @classmethod
    def from_bytes(cls, content: bytes) -> "Picture":
        """Read a picture. Raises NotAPicture."""
        try:
            data = canonical.decode(content)
            if not isinstance(data, dict) or data.get("v") != VERSION:
                raise NotAPicture(f"no picture of version {VERSION}")
            picture = _read(cls, data)
        except (canonical.NotCanonical, TypeError, KeyError, ValueError, AttributeError) as error:
            raise NotAPicture(f"no picture of a day: {error}") from error
        assert isinstance(picture, Picture)
        return picture


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value


def milliseconds(moment: datetime) -> int:
    """A moment as pictures and leaves keep it."""
    return round(moment.timestamp() * 1000)


def moment(stamp: int) -> datetime:
    """The moment of a stamp in milliseconds."""
    return datetime.fromtimestamp(stamp / 1000, UTC)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _read(kind: Any, data: Any) -> Any:
    """`data` as a value of `kind`: the fields of these dataclasses say which kinds there are."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _read(hint, data[name]) for name, hint in _hints(kind).items()})
    if origin in (typing.Union, types.UnionType) and type(None) in inner:
        return None if data is None else _read(inner[0], data)
    if origin is tuple:
        kinds = inner[:1] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(_read(hint, one) for hint, one in zip(kinds, data, strict=True))
    if kind in _SCALARS:
        return _SCALARS[kind](data)
    return dict(data) if isinstance(data, dict) else data


_SCALARS: Mapping[Any, Callable[[Any], Any]] = {datetime: moment, date: date.fromisoformat}
