"""Numbers that name somebody: national ID, unified social credit code, telephone. And names themselves. Pure.

A checksum that fails is an error. An area code nobody knows is a warning only: divisions are renamed every year,
and every published table lacks some that people carry on their cards today.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kaimen.kit import clock

Text = str | Promise

_CHINA = ZoneInfo("Asia/Shanghai")  # the dates of a national ID are Chinese dates, wherever the server stands
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"  # ISO 7064 MOD 11-2
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PROVINCES = frozenset(re.findall("..", "1112131415212223313233343536374142434445465051525354616263646571818283"))
_UNLIKELY_AGE = 120
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_LONGEST_NAME = 60
_TWO_CHARACTER_FAMILY_NAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛夏侯皇甫尉迟公孙慕容令狐宇文长孙司徒东方南宫独孤端木申屠轩辕太史公羊澹台淳于百里")
)
_BETWEEN_NAMES = " ·-.'’"


class NotAnIdentifier(ValueError):
    """The text names nobody: what is wrong with it, and what would be right. Both are shown to the reader."""

    def __init__(self, reason: str, message: Text, remedy: Text) -> None:
        super().__init__(reason)
        self.reason, self.message, self.remedy = reason, message, remedy

    def __str__(self) -> str:
        message = str(self.message)
        return f"{message}{'' if message.endswith('。') else ' '}{self.remedy}"


@dataclass(frozen=True)
class NationalId:
    """An 18-character national ID number whose checksum holds."""

    number: str
    birth_date: date
    warnings: tuple[Text, ...] = ()


def normalise(text: str) -> str:
    """`text` as it was meant: full-width characters narrowed, spaces and invisible characters gone, capitals."""
    if text.isascii() and text.isalnum():
        return text.upper()  # most are; a list of 20,000 notices
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")).upper()


def national_id(text: str, today: date | None = None) -> NationalId:
    """Read a national ID number (GB 11643). Raises NotAnIdentifier."""
    number = normalise(text)
    _check_form(number)
    if national_id_check(number[:17]) != number[17]:
        raise NotAnIdentifier(
            "checksum",
            _("The check character of this ID number does not fit: at least one character is wrong."),
            _("Compare it with the card, character by character."),
        )
    today = today or clock.today(_CHINA)
    born = _birth_date(number, today)
    return NationalId(number, born, tuple(_doubts(number, born, today)))


def national_id_check(body: str) -> str:
    """The check character of the 17 digits of a national ID before it (GB 11643)."""
    return _ID_CHECKS[sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def _check_form(number: str) -> None:
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", number):
        raise NotAnIdentifier(
            "lost-digits",
            _("A spreadsheet turned this ID number into a number and lost its last digits."),
            _("Set the column to text and type the ID number again."),
        )
    if re.fullmatch(r"[0-9]{15}", number):
        raise NotAnIdentifier(
            "old-form",
            _("This is an old ID number of 15 digits; it has not been valid since 2013."),
            _("Enter the 18 characters on the present card."),
        )
    strange = re.sub(r"[0-9]", "", number[:17]) + re.sub(r"[0-9X]", "", number[17:])
    if strange:
        raise NotAnIdentifier(
            "characters",
            format_lazy(_("An ID number has no “{character}” there."), character=strange[0]),
            _("It is 17 digits and then a digit or X, for example 370299199001011236."),
        )
    if len(number) != 18:
        raise NotAnIdentifier(
            "length",
            format_lazy(_("This ID number has {count} characters; it should have 18."), count=len(number)),
            _("Enter all 18 characters of the card, with the X if there is one."),
        )


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise NotAnIdentifier(
            "birth-date",
            format_lazy(_("The birth date in this ID number, {digits}, is no date."), digits=number[6:14]),
            _("Characters 7 to 14 are year, month and day. Compare them with the card."),
        ) from error
    if born > today:
        raise NotAnIdentifier(
            "birth-date",
            format_lazy(_("The birth date in this ID number, {day}, is in the future."), day=born.isoformat()),
            _("Characters 7 to 14 are year, month and day. Compare them with the card."),
        )
    return born


def _doubts(number: str, born: date, today: date) -> list[Text]:
    doubts: list[Text] = []
    if number[:2] not in _PROVINCES:
        doubts.append(format_lazy(_("No province has the area code {code}. Check it."), code=number[:6]))
    if today.year - born.year > _UNLIKELY_AGE:
        doubts.append(format_lazy(_("Born in {year}: more than 120 years ago. Check it."), year=born.year))
    return doubts


def uscc(text: str) -> str:
    """Read a unified social credit code (GB 32100). Raises NotAnIdentifier."""
    code = normalise(text)
    remedy = _("It is on the business licence: 18 digits and capitals, for example 91350100M000100Y43.")
    strange = next((c for c in code if c not in USCC_ALPHABET), None)
    if strange is not None:
        raise NotAnIdentifier(
            "characters",
            format_lazy(
                _("“{character}” never occurs in a unified social credit code (nor do I, O, S, V, Z)."),
                character=strange,
            ),
            remedy,
        )
    if len(code) != 18:
        message = format_lazy(
            _("This unified social credit code has {count} characters; it should have 18."), count=len(code)
        )
        raise NotAnIdentifier("length", message, remedy)
    if uscc_check(code[:17]) != code[17]:
        message = _("The check character of this unified social credit code does not fit.")
        raise NotAnIdentifier("checksum", message, _("Compare it with the licence, character by character."))
    return code


def uscc_check(body: str) -> str:
    """The check character of the 17 characters of a unified social credit code before it (GB 32100)."""
    values = (USCC_ALPHABET.index(c) for c in body)
    return USCC_ALPHABET[-sum(v * w for v, w in zip(values, _USCC_WEIGHTS, strict=True)) % 31]


def phone(text: str, *, mobile_only: bool = False) -> str:
    """Read a mainland Chinese telephone number: a mobile one, or a landline with its area code.

    Returns digits only. `mobile_only` where a text message must reach it. Raises NotAnIdentifier.
    """
    number = re.sub(r"[-‐-―−().]", "", normalise(text))
    number = re.sub(r"^(?:\+|00)86", "", number)
    if _MOBILE.fullmatch(number):
        return number
    if _LANDLINE.fullmatch(number):
        if not mobile_only:
            return number
        message: Text = _("This is a landline; a text message does not reach it.")
        raise NotAnIdentifier("landline", message, _("Enter a mobile number: 11 digits that begin with 1."))
    if re.fullmatch(r"1[0-9]{1,20}", number) and len(number) != 11:
        message = format_lazy(_("This mobile number has {count} digits; it should have 11."), count=len(number))
        raise NotAnIdentifier("length", message, _("Enter all 11 digits, for example 13800000000."))
    raise NotAnIdentifier(
        "phone",
        _("This is no telephone number of mainland China."),
        _("Enter a mobile number (11 digits that begin with 1)")
        if mobile_only
        else _("Enter 11 digits of a mobile, or a landline with its area code, for example 0532-88880000."),
    )


def person_name(text: str) -> str:
    """Read a person's name, Chinese or foreign: letters; between them · - ' . or one space. Raises NotAnIdentifier."""
    composed = unicodedata.normalize("NFC", text).replace("•", "·").replace("・", "·").replace("．", "·")
    visible = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    name = " ".join(visible.split())
    remedy = _("Write it as it stands on the document, without numbers, titles or signs.")
    strange = next((c for c in name if not _belongs_in_name(c)), None)
    if strange is not None:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        raise NotAnIdentifier(
            "characters", format_lazy(_("“{character}” does not belong in a name."), character=shown), remedy
        )
    if not any(c.isalpha() or c == "〇" for c in name):
        raise NotAnIdentifier("empty", _("There is no name here."), remedy)
    if len(name) > _LONGEST_NAME:
        message = format_lazy(
            _("This name has {count} characters; {most} are the most."), count=len(name), most=_LONGEST_NAME
        )
        raise NotAnIdentifier("length", message, remedy)
    return name


def _belongs_in_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in _BETWEEN_NAMES or character == "〇"


def given_name(name: str) -> str:
    """What follows the family name, so that people are found by it: 芳 of 王芳, 震华 of 欧阳震华, Fang of Wang Fang."""
    if " " in name:
        return name.split(" ", 1)[1]
    return name[2:] if name[:2] in _TWO_CHARACTER_FAMILY_NAMES and len(name) > 2 else name[1:]
