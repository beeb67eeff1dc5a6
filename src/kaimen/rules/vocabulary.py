"""What a rule may speak of: the fields of a row, and parameters with their dated values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kaimen.kit.words import Words
from kaimen.rules.limits import LONGEST_NAME
from kaimen.rules.sizes import Size, size_of_value, together
from kaimen.rules.tree import Absence, Type, Value
from kaimen.rules.values import ValueRefused, read_value
from kaimen.rules.wording import Part, say, shown

RESERVED = frozenset({"and", "or", "not", "in", "between", "is", "null", "true", "false", "as_of"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


class VocabularyRefused(ValueError):
    """Raised for names or parameters that no rule could use: what is wrong and what would be right."""

    def __init__(self, code: str, /, **parts: Part) -> None:
        self.message, self.remedy = say(code, **parts)
        super().__init__(f"{self.message.en}. {self.remedy.en}.")


@dataclass(frozen=True, slots=True)
class FieldType:
    """What a field holds, and what a row without it means (see `tree.Field`)."""

    type: Type
    absent: Absence = "unknown"


@dataclass(frozen=True, slots=True)
class ParameterValues:
    """A parameter: each value with the first day it holds and where that is written; the earliest first."""

    type: Type
    dated: tuple[tuple[date, Value, str], ...]

    def at(self, day: date) -> Value | None:
        """The value on `day`; None before the first."""
        return next((value for since, value, _ in reversed(self.dated) if since <= day), None)

    @property
    def size(self) -> Size:
        """How large its numbers or dates get, on any day."""
        numbers = [value for _, value, _ in self.dated if not isinstance(value, bool | str)]
        return together([Size(0, 0), *map(size_of_value, numbers)])

    def source_at(self, day: date) -> str:
        """Where the value on `day` is written; empty before the first."""
        return next((source for since, _, source in reversed(self.dated) if since <= day), "")


@dataclass(frozen=True)
class Vocabulary:
    """The names a rule may use. Raises VocabularyRefused when they cannot be used."""

    fields: Mapping[str, FieldType]
    parameters: Mapping[str, ParameterValues] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.fields, *self.parameters):
            _check_name(name)
        for name in self.fields.keys() & self.parameters.keys():
            raise VocabularyRefused("name-twice", name=name)
        for name, parameter in self.parameters.items():
            _check_parameter(name, parameter)

    @property
    def types(self) -> dict[str, Type]:
        """The type of every field, as `values.read_row` takes them."""
        return {name: one.type for name, one in self.fields.items()}


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or name.lower() in RESERVED:
        reserved = ", ".join(sorted(RESERVED))
        raise VocabularyRefused("wrong-name", name=shown(name) or Words("（空）", "(nothing)"), most=LONGEST_NAME,
                                reserved=reserved)  # fmt: skip


def _check_parameter(name: str, parameter: ParameterValues) -> None:
    days = [since for since, _, _ in parameter.dated]
    if days != sorted(set(days)):
        raise VocabularyRefused("dates-of-parameter", name=name)
    for _, value, _ in parameter.dated:
        if read_value(name, value, parameter.type) != value or isinstance(value, str) != (parameter.type == "string"):
            raise ValueRefused(name, value, parameter.type)
