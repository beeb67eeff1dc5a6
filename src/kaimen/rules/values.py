"""Values at the edge: what comes in a row, or stands for a parameter, is checked here once and trusted afterwards."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kaimen.kit.words import Words
from kaimen.rules.limits import LONGEST_VALUE
from kaimen.rules.sizes import DECIMAL_DIGITS, DECIMAL_PLACES, INTEGER_DIGITS
from kaimen.rules.tree import Type, Value
from kaimen.rules.wording import TYPES, say, shown

Row = Mapping[str, Value | None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
REMEDIES = {
    Type.BOOLEAN: Words("写 true 或 false", "Give true or false"),
    Type.INTEGER: Words(
        "写不带小数点和引号的整数，小于 10^16", "Give a whole number without a point or quotes, below 10^16"
    ),
    Type.DECIMAL: Words(
        "写数，例如 37.3，小于 10^12，小数点后最多 6 位",
        "Give a number like 37.3, below 10^12, with 6 places at most",
    ),
    Type.STRING: Words(
        f"写文字，最多 {LONGEST_VALUE} 个字符，不含控制字符",
        f"Give text, {LONGEST_VALUE} characters at most, without control characters",
    ),
    Type.DATE: Words("写日期，例如 2020-03-16", "Give a day like 2020-03-16"),
}


class ValueRefused(ValueError):
    """Raised for a value that is not what its field or parameter holds; names it."""

    def __init__(self, name: str, value: object, wanted: Type) -> None:
        self.name = name
        held = shown(_plain(value))
        self.message, self.remedy = say(
            "wrong-value", name=shown(name), value=held, type=TYPES[wanted], remedy=REMEDIES[wanted]
        )
        super().__init__(f"{self.message.en}. {self.remedy.en}.")


def _plain(value: object) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | Decimal | float):
        return str(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else "…"
    return type(value).__name__


def read_row(row: Mapping[str, object], fields: Mapping[str, Type]) -> dict[str, Value | None]:
    """The values of `fields` in a row, typed; a key that is not there, or None, is absent. Other keys are passed over.

    Decimals may come as text, whole numbers or `Decimal`, dates as text or `date`; a float never.
    Raises ValueRefused for the first value that is not of its field's type or out of its range.
    """
    return {name: read_value(name, row.get(name), wanted) for name, wanted in fields.items()}


def read_value(name: str, value: object, wanted: Type) -> Value | None:
    """One value of a row or a parameter; see `read_row`."""
    if value is None:
        return None
    found = _READ[wanted](value)
    if found is None:
        raise ValueRefused(name, value, wanted)
    return found


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _integer(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and isinstance(value, int) and abs(value) < 10**INTEGER_DIGITS else None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, str):
        value = Decimal(value) if _DECIMAL.fullmatch(value) else None
    elif isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value) if abs(value) < 10**DECIMAL_DIGITS else None
    return _in_range(value) if isinstance(value, Decimal) and value.is_finite() else None


def _in_range(value: Decimal) -> Decimal | None:
    """The value, written with 0 to 6 places; None when it cannot be. By its digits: arithmetic would round."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if value.is_zero():
        return value if -DECIMAL_PLACES <= exponent <= 0 else Decimal(0)
    if -DECIMAL_PLACES <= exponent <= 0:
        return value if len(digits) + exponent <= DECIMAL_DIGITS else None
    while digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    if exponent < -DECIMAL_PLACES or len(digits) + exponent > DECIMAL_DIGITS:
        return None
    return Decimal((sign, digits + (0,) * max(exponent, 0), min(exponent, 0)))


def _string(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        return None
    return None if any(one < " " or "\ud800" <= one <= "\udfff" or one == "\x7f" for one in value) else value


def _date(value: object) -> date | None:
    if isinstance(value, str):
        return day(value)
    return value if type(value) is date else None


def day(text: str) -> date | None:
    """The day written as 2020-03-16; None when there is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READ = {
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.STRING: _string,
    Type.DATE: _date,
}
