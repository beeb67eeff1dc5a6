"""Trying a rule: fields and a row as somebody types them, and what each part of the rule comes to. Nothing is kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaimen.colours.definitions import Rule, StatusDefinition
from kaimen.colours.rules_of import vocabulary_of
from kaimen.kit.words import Words
from kaimen.register import packs_in_force
from kaimen.rules import (
    Expression,
    FieldType,
    ParameterValues,
    Part,
    Refusal,
    Type,
    ValueRefused,
    Vocabulary,
    VocabularyRefused,
    explain,
    read_value,
)
from kaimen.rules.formatting import literal
from kaimen.rules.tree import Literal as WrittenValue
from kaimen.rules.tree import Value

MOST_LINES = 200
Row = dict[str, Value | None]
Kind = Literal["go", "stop", "none"]
_FIELD = re.compile(r"([^:：=\s]+)\s*[:：]\s*([a-z]+)(?:\s+([a-z]+))?(?:\s*=\s*(.*))?")
_GIVEN = re.compile(r"([^:：=\s]+)\s*[=:：]\s*(.*)")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


class LineWrong(ValueError):
    """Raised for a line that says nothing this page understands: which, and what would be right, for the reader."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(_("Line {line}: {said}").format(line=line, said=said))


@dataclass(frozen=True)
class Example:
    """What the form is filled with."""

    rule: str
    fields: str
    row: str


@dataclass(frozen=True)
class Told:
    """A condition of the rule: its answer, whether the whole rests on it, the values it read, the conditions below."""

    kind: Kind
    word: str
    text: str
    decides: bool
    absent: bool
    values: tuple[tuple[str, str], ...]
    parts: tuple["Told", ...]


@dataclass(frozen=True)
class Marked:
    """A piece of the rule's text, with the number of the refusal that is about it; 0 when none is."""

    text: str
    number: int


FIRST = Example(
    "temperature >= fever_line or (symptoms and days_between(onset, as_of) <= 14)",
    "temperature: decimal unknown\nsymptoms: boolean false\nonset: date unknown\nfever_line: decimal = 37.3",
    "temperature = 36.8\nsymptoms = true\nonset = 2020-03-05",
)


# What was typed


def read_vocabulary(text: str) -> Vocabulary:
    """Fields, `name: type absent` a line, and parameters, `name: type = value`. Raises LineWrong."""
    fields: dict[str, FieldType] = {}
    parameters: dict[str, ParameterValues] = {}
    for number, line in _lines(text):
        found = _FIELD.fullmatch(line)
        if found is None or found[2] not in set(Type) or found[3] not in {None, "unknown", "false"}:
            raise LineWrong(number, _("write “name: type absent”; types: {types}; absent: unknown, false").format(
                types=", ".join(Type)))  # fmt: skip
        name, kind = found[1], Type(found[2])
        if name in fields or name in parameters:
            raise LineWrong(number, _("{name} is there twice; take one out").format(name=name))
        if found[4] is None:
            fields[name] = FieldType(kind, "false" if found[3] == "false" else "unknown")
        else:
            value = _read(number, name, kind, found[4])
            parameters[name] = ParameterValues(kind, () if value is None else ((date.min, value, ""),))
        _try_names(number, name, kind)
    return Vocabulary(fields, parameters)


def read_row(text: str, vocabulary: Vocabulary) -> Row:
    """The row, `name = value` a line; a field without a line, or without a value, is absent. Raises LineWrong."""
    row: Row = {}
    for number, line in _lines(text):
        found = _GIVEN.fullmatch(line)
        if found is None:
            raise LineWrong(number, _("write “name = value”"))
        if found[1] not in vocabulary.fields:
            names = ", ".join(vocabulary.fields) or "–"
            raise LineWrong(number, _("{name} is no field; there are {names}").format(name=found[1], names=names))
        row[found[1]] = _read(number, found[1], vocabulary.fields[found[1]].type, found[2])
    return row


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise LineWrong(MOST_LINES + 1, _("{most} lines are enough; take some out").format(most=MOST_LINES))
    return ((number, line.strip()) for number, line in enumerate(lines, 1) if line.strip())


def _read(number: int, name: str, kind: Type, written: str) -> Value | None:
    written = written.strip()
    if written in {"", "null"}:
        return None
    value: object = written
    if kind is Type.BOOLEAN:
        value = _YES_NO.get(written.lower(), written)
    elif kind is Type.INTEGER and _WHOLE.fullmatch(written):
        value = int(written)
    elif kind is Type.STRING and len(written) > 1 and written[0] == written[-1] == "'":
        value = written[1:-1].replace("''", "'")
    try:
        return read_value(name, value, kind)
    except ValueRefused as refused:
        raise LineWrong(number, _sentence(refused.message, refused.remedy)) from refused


def _try_names(number: int, name: str, kind: Type) -> None:
    try:
        Vocabulary({name: FieldType(kind)})
    except VocabularyRefused as refused:
        raise LineWrong(number, _sentence(refused.message, refused.remedy)) from refused


def _sentence(message: Words, remedy: Words) -> str:
    return "{} · {}".format(*(one.to(_language()) for one in (message, remedy)))


def _language() -> str:
    return get_language() or "zh-hans"


# What it comes to


def told(expression: Expression, row: Row, as_of: date) -> Told:
    """The rule, condition by condition, for one row on one day."""
    return _told(explain(expression, row, as_of))


def _told(part: Part) -> Told:
    kind, word = _answer(part.value)
    conditions = [one for one in part.parts if one.node.type is Type.BOOLEAN and not isinstance(one.node, WrittenValue)]
    values = {one.text: _shown(one) for one in _values(part)}
    below = tuple(map(_told, conditions))
    return Told(kind, word, part.text, part.decides, part.absent, tuple(values.items()), below)


def _answer(value: object) -> tuple[Kind, str]:
    if value is None:
        return "none", _("unknown")
    return ("go", _("yes")) if value else ("stop", _("no"))


def _values(part: Part) -> Iterator[Part]:
    """What a condition read and worked out, left to right: not what is written in it, nor other conditions."""
    for below in part.parts:
        if below.node.type is not Type.BOOLEAN and not isinstance(below.node, WrittenValue):
            yield below
            yield from _values(below)


def _shown(part: Part) -> str:
    if part.absent:
        return _("absent")
    return _("unknown") if part.value is None else literal(part.value).removeprefix("DATE ").strip("'")


def marked(text: str, refusals: Sequence[Refusal]) -> list[Marked]:
    """The text in pieces: each place that was refused with the number of its first refusal."""
    numbers = [0] * (len(text) + 1)
    for number, refusal in reversed(list(enumerate(refusals, 1))):
        end = max(refusal.span.end, refusal.span.start + 1)  # what is missing at the end has a place too
        for place in range(refusal.span.start, min(end, len(numbers))):
            numbers[place] = number
    pieces: list[Marked] = []
    for letter, number in zip([*text, ""], numbers, strict=True):
        if pieces and pieces[-1].number == number:
            pieces[-1] = Marked(pieces[-1].text + letter, number)
        else:
            pieces.append(Marked(letter, number))
    return [piece for piece in pieces if piece.text or piece.number]


# What the pack has


def of_the_pack() -> list[tuple[StatusDefinition, list[Rule]]]:
    """The rules in force that ask anything, by status; none before a pack is installed."""
    try:
        pack = packs_in_force.pack()
    except packs_in_force.NoPack:
        return []
    return [(one, [rule for rule in one.rules if rule.when]) for one in pack.all(StatusDefinition)]


def example(named: str, as_of: date) -> Example:
    """The rule `status/rule` of the pack with its fields; the one we made up when there is no such rule."""
    for definition, rules in of_the_pack():
        for rule in rules:
            if f"{definition.slug}/{rule.slug}" == named:
                return Example(rule.when or "", _written(vocabulary_of(definition), as_of), "")
    return FIRST


def _written(vocabulary: Vocabulary, as_of: date) -> str:
    fields = [f"{name}: {one.type} {one.absent}" for name, one in vocabulary.fields.items()]
    values = [(name, one, one.at(as_of)) for name, one in vocabulary.parameters.items()]
    parameters = [f"{name}: {one.type} = {'' if value is None else _plain(value)}" for name, one, value in values]
    return "\n".join([*fields, *parameters])


def _plain(value: Value) -> str:
    return literal(value).removeprefix("DATE ").strip("'") if isinstance(value, date) else literal(value)
