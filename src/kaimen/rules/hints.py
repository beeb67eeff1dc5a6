"""What was probably meant: the remedies that depend on what was written."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from kaimen.kit.words import Words
from kaimen.rules.limits import LONGEST_NAME
from kaimen.rules.tree import Literal, Node, Type
from kaimen.rules.values import day
from kaimen.rules.vocabulary import Vocabulary
from kaimen.rules.wording import TYPES, Part, shown

NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL})
NOTHING = Words("（没有）", "(none)")
_MOST_NAMES = 12


def names_of(vocabulary: Vocabulary) -> str:
    """The names of a vocabulary, the first of them when there are many."""
    names = [*vocabulary.fields, *vocabulary.parameters, "as_of"]
    return ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")


def meant(name: str, names: Iterable[str]) -> Part:
    """“Do you mean …?”, or nothing."""
    known = list(names)
    near = [one for one in known if one.lower() == name.lower()] or get_close_matches(name[:LONGEST_NAME], known, 1)
    return Words(f"是不是要写 {near[0]}？", f"Do you mean {near[0]}? ") if near else ""


def number_remedy(text: str) -> Part | None:
    """What to write for digits that are no number here; None when they are one."""
    if re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]+)?", text):
        return None
    if re.fullmatch(r"\.[0-9]+", text):
        return Words(f"写 0{text}", f"Write 0{text}")
    if re.fullmatch(r"[0-9]+\.", text):
        return Words(f"写 {text[:-1]}", f"Write {text[:-1]}")
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", text):
        plain = text.lstrip("0")
        plain = shown(plain if plain[:1].isdigit() else f"0{plain}")
        return Words(f"数写成 {plain}；代码加引号：'{shown(text)}'",
                     f"Write the number as {plain}, or a code in quotes: '{shown(text)}'")  # fmt: skip
    if re.fullmatch(r"[0-9.]+[eE][0-9]*", text):
        return Words("把数写全，例如 1000，不写 1e3", "Write the number in full, 1000 and not 1e3")
    return Words("数写成 14 或 37.3；代码加引号：'H1'", "Write a number as 14 or 37.3, and a code in quotes: 'H1'")


AS_CONDITION = {
    Type.INTEGER: Words("要比较，例如 n > 0", "Compare it, for example n > 0"),
    Type.DECIMAL: Words("要比较，例如 x >= 37.3", "Compare it, for example x >= 37.3"),
    Type.STRING: Words("要比较，例如 code = 'H1'", "Compare it, for example code = 'H1'"),
    Type.DATE: Words(
        "要比较，例如 d <= as_of；问有没有写 d is not null",
        "Compare it, for example d <= as_of; to ask whether there is one write d is not null",
    ),
}


def remedy_between(left: Node, right: Node) -> Part:
    """What would be right in place of two values of different types."""
    text, other = (left, right) if left.type is Type.STRING else (right, left)
    if isinstance(text, Literal) and isinstance(text.value, str):
        if other.type is Type.DATE:
            plain = text.value if day(text.value) else "2020-03-16"
            return Words(f"日期写成 DATE '{plain}'", f"Write DATE '{plain}'")
        if other.type in NUMBERS:
            return Words("数不加引号，例如 37.3", "Write the number without quotes, like 37.3")
        if other.type is Type.BOOLEAN:
            return Words("写 true 或 false，不加引号", "Write true or false, without quotes")
    if Type.BOOLEAN in {left.type, right.type}:
        return Words("是否值直接写 x 或 not x", "A yes or no is written x or not x")
    same = TYPES[left.type]
    return Words(f"{same.zh}只能与{same.zh}比较", f"Compare {same.en} with {same.en}")
