"""Foreign CBOR (RFC 8949), read without trust: bounded depth, no key twice, no tag acted upon, numbers of 64 bits.

What stands here comes before any signature. A general decoder builds what tags ask for (shared references that double
with every level, numbers of a million digits, regular expressions); this one has no such thing to build. Its work and
its memory are a small multiple of the bytes it is given.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

DEPTH = 16  # a health certificate has seven levels

_SIMPLE = {20: False, 21: True, 22: None, 23: None}
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_OPEN = 31  # the length of what ends with a break
_BREAK = object()


class NotCbor(ValueError):
    """Bytes that are no CBOR, or more than anybody needs of it."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with a tag, of which nothing was made."""

    tag: int
    value: Any


def read_first(data: bytes) -> tuple[Any, int]:
    """The first value in `data` and where it ends. Lists, dicts, str, bytes, int, float, bool, None, Tagged.

    Raises NotCbor.
    """
    reader = _Reader(data)
    value = reader.value(DEPTH)
    if value is _BREAK:
        raise NotCbor("an end of what never began")
    return value, reader.at


def read_whole(data: bytes) -> Any:
    """The one value that is all of `data`. Raises NotCbor."""
    value, end = read_first(data)
    if end != len(data):
        raise NotCbor("bytes behind the value")
    return value


class _Reader:
    """Walks through bytes once, from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def value(self, depth: int) -> Any:
        if depth == 0:
            raise NotCbor(f"nested more than {DEPTH} levels")
        major, extra = divmod(self._take(1)[0], 32)
        if major == 7:
            return self._simple(extra)
        length = None if extra == _OPEN else self._argument(extra)
        if major in (2, 3):
            raw = self._take(length) if length is not None else self._chunks(major)
            return raw if major == 2 else _text(raw)
        if major == 4:
            return self._list(length, depth - 1)
        if major == 5:
            return self._map(length, depth - 1)
        if length is None:
            raise NotCbor("a number or a tag without its value")
        if major == 6:
            return Tagged(length, self._inner(depth - 1))
        return length if major == 0 else -1 - length

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self._data):
            raise NotCbor("cut short")
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def _argument(self, extra: int) -> int:
        if extra < 24:
            return extra
        width = _WIDTHS.get(extra)
        if width is None:
            raise NotCbor("a length that CBOR does not know")
        return int.from_bytes(self._take(width))

    def _simple(self, extra: int) -> Any:
        if extra == _OPEN:
            return _BREAK
        if extra in _FLOATS:
            form, width = _FLOATS[extra]
            (number,) = struct.unpack(form, self._take(width))
            if not math.isfinite(number):
                raise NotCbor("a number that is none")
            return number
        if extra not in _SIMPLE:
            raise NotCbor("a simple value that nobody registered")
        return _SIMPLE[extra]

    def _inner(self, depth: int) -> Any:
        value = self.value(depth)
        if value is _BREAK:
            raise NotCbor("an end where a value belongs")
        return value

    def _chunks(self, major: int) -> bytes:
        chunks = []
        while (first := self._take(1)[0]) != 0xFF:
            if first // 32 != major or first % 32 == _OPEN:
                raise NotCbor("a piece of another kind inside a string")
            chunks.append(self._take(self._argument(first % 32)))
        return b"".join(chunks)

    def _list(self, length: int | None, depth: int) -> list[Any]:
        self._bounded(length)
        values: list[Any] = []
        while length is None or len(values) < length:
            value = self.value(depth)
            if value is _BREAK:
                if length is not None:
                    raise NotCbor("an end inside a list of known length")
                break
            values.append(value)
        return values

    def _map(self, length: int | None, depth: int) -> dict[Any, Any]:
        self._bounded(length)
        values: dict[Any, Any] = {}
        while length is None or len(values) < length:
            key = self.value(depth)
            if key is _BREAK and length is None:
                break
            if type(key) not in (int, str, bytes) or key in values:
                raise NotCbor("a key that comes twice, or is no number and no text")
            values[key] = self._inner(depth)
        return values

    def _bounded(self, length: int | None) -> None:
        """Each value takes a byte at least: a longer list than there are bytes left need not be begun."""
        if length is not None and length > len(self._data) - self.at:
            raise NotCbor("cut short")


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise NotCbor("text that is not UTF-8") from error
