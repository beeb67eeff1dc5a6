# ruff: noqa: S608 — names are quoted, ranges are our own
"""The edge of a screening: whether the columns of the input hold what the rules take them for."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from kaimen.kit.words import Words
from kaimen.rules.sizes import DECIMAL_DIGITS, DECIMAL_PLACES, INTEGER_DIGITS
from kaimen.rules.sql import COLUMNS, name_sql
from kaimen.rules.tree import Type

_WHOLE = r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?"
_TAKEN = {
    Type.BOOLEAN: re.compile("BOOLEAN"),
    Type.INTEGER: re.compile(_WHOLE),
    Type.DECIMAL: re.compile(rf"{_WHOLE}|DECIMAL\(\d+,[0-{DECIMAL_PLACES}]\)"),
    Type.STRING: re.compile(r"VARCHAR|ENUM\(.*\)", re.DOTALL),
    Type.DATE: re.compile("DATE"),
}
_RANGES = {
    Type.INTEGER: (f"{1 - 10**INTEGER_DIGITS}", f"{10**INTEGER_DIGITS - 1}"),
    Type.DECIMAL: (f"-{10**DECIMAL_DIGITS - 1}.999999", f"{10**DECIMAL_DIGITS - 1}.999999"),
    Type.DATE: ("DATE '0001-01-01'", "DATE '9999-12-31'"),
}


class CannotScreen(ValueError):
    """Raised for a plan or an input that cannot be screened: what is wrong and what would be right."""

    def __init__(self, message: Words) -> None:
        super().__init__(message.en)
        self.message = message


def check_columns(described: Sequence[tuple[Any, ...]], fields: Mapping[str, Type], others: Sequence[str]) -> None:
    """Raises CannotScreen unless the input, as DESCRIBE shows it, has every field with a type that holds it exactly."""
    types = {row[0]: row[1] for row in described}
    for name in [*fields, *others]:
        if name not in types:
            raise CannotScreen(_missing(name, types))
    for name, kind in fields.items():
        if not _TAKEN[kind].fullmatch(types[name]):
            zh = f"{name} 列是 {types[name]}，规则要的是 {COLUMNS[kind]}；请在生成数据时转换"
            en = f"The column {name} is {types[name]}; the rule wants {COLUMNS[kind]}: convert it where it is made"
            raise CannotScreen(Words(zh, en))


def _missing(name: str, types: Iterable[str]) -> Words:
    near = get_close_matches(name, list(types), 1)
    zh, en = (f"；是不是 {near[0]}？", f"; is it {near[0]}?") if near else ("", "")
    return Words(f"数据里没有 {name} 列{zh}", f"The data have no column {name}{en}")


def check_ranges(ask: Callable[[str], list[tuple[Any, ...]]], table: str, fields: Mapping[str, Type]) -> None:
    """Raises CannotScreen for a number or date that is beyond what a rule may read."""
    ranged = {name: _RANGES[kind] for name, kind in fields.items() if kind in _RANGES}
    if not ranged:
        return
    beyond = ", ".join(_ends(name, *ends) for name, ends in ranged.items())
    [found] = ask(f"SELECT {beyond} FROM {table}")
    for name, is_beyond in zip(ranged, found, strict=True):
        if is_beyond:
            low, high = ranged[name]
            raise CannotScreen(
                Words(f"{name} 列有超出 {low} 至 {high} 的值", f"The column {name} goes beyond {low} to {high}")
            )


def _ends(name: str, low: str, high: str) -> str:
    column = name_sql(name)
    return f"min({column}) < {low} OR max({column}) > {high}"
