"""Fields of a message, each checked as it is read: whatever was sent, it is a value in its bounds or NotWire."""

from datetime import UTC, datetime
from typing import Any

from kaimen.kit import canonical
from kaimen.kit.keys import PublicKey, SigningKey

WHOLE = 2**63  # numbers are below it: SQLite's and JavaScript's own limits lie there or lower
LAST_MOMENT = 253_402_300_800_000  # milliseconds to the year 10000, where datetime ends
LONGEST = 1000  # characters of any text in a message
CODE = 60  # characters of a code: a place's, a reason's


class NotWire(ValueError):
    """Bytes that are no message of this protocol, or whose signature does not hold."""


def signed(key: SigningKey, kind: bytes, body: dict[str, Any]) -> bytes:
    """A message of some kind, with the signature of `key`."""
    content = canonical.encode(body)
    return canonical.encode([content, key.sign(kind + b"\0" + content)])


def opened(data: bytes, kind: bytes, key: PublicKey, version: int) -> dict[str, Any]:
    """The body of a message that `key` signed as this kind. Raises NotWire."""
    content, signature = fields(decoded(data), 2)
    if type(content) is not bytes or not key.verifies(octets(signature, 64), kind + b"\0" + content):
        raise NotWire(f"the signature of this {kind.decode()} does not hold")
    body = decoded(content)
    if not isinstance(body, dict) or whole(body.get("v")) != version:
        raise NotWire(f"not a {kind.decode()} of version {version}")
    return body


def decoded(data: Any) -> Any:
    """The value in canonical bytes."""
    if type(data) is not bytes:
        raise NotWire("bytes are missing where a message should be")
    try:
        return canonical.decode(data)
    except canonical.NotCanonical as error:
        raise NotWire(str(error)) from error


def fields(value: Any, count: int) -> list[Any]:
    """A list of so many."""
    if type(value) is not list or len(value) != count:
        raise NotWire(f"not a list of {count}")
    return value


def list_of(value: Any) -> list[Any]:
    """A list of any length."""
    if type(value) is not list:
        raise NotWire("not a list")
    return value


def map_of(value: Any) -> dict[str, Any]:
    """A map from codes to anything."""
    if type(value) is not dict:
        raise NotWire("not a map")
    return {text(key, CODE): one for key, one in value.items()}


def whole(value: Any, below: int = WHOLE) -> int:
    """A whole number from 0; `type` and not isinstance, because True is no number here."""
    if type(value) is not int or not 0 <= value < below:
        raise NotWire(f"not a whole number below {below}")
    return value


def whole_or_none(value: Any, below: int = WHOLE) -> int | None:
    """A whole number from 0, or nothing."""
    return None if value is None else whole(value, below)


def yes_no(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise NotWire("neither true nor false")
    return value


def text(value: Any, longest: int = LONGEST) -> str:
    """A text that is not too long."""
    if type(value) is not str or len(value) > longest:
        raise NotWire(f"not a text of up to {longest} characters")
    return value


def octets(value: Any, count: int) -> bytes:
    """Exactly so many bytes."""
    if type(value) is not bytes or len(value) != count:
        raise NotWire(f"not {count} bytes")
    return value


def millis(at: datetime) -> int:
    """A moment as it is sent."""
    return round(at.timestamp() * 1000)


def moment(value: Any) -> datetime:
    """A moment that was sent."""
    return datetime.fromtimestamp(whole(value, LAST_MOMENT) / 1000, UTC)


def moment_or_none(value: Any) -> datetime | None:
    """A moment that was sent, or nothing."""
    return None if value is None else moment(value)
