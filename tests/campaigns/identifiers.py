"""One wrong character in an identifier is always found, and no text at all breaks its reading."""

import random
from collections.abc import Callable

from kaimen.register import identifiers

PART = "register"
ROUNDS = 200
_EACH = 2_000
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_STRANGE = "０１９Ｘx XIOSVZ·一‎\u3000\n\x00é😀.-+E"


def prove(seed: int) -> int:
    """One round."""
    chance = random.Random(seed)
    for _ in range(_EACH):
        _a_changed_digit_is_found(chance)
        _a_changed_character_of_a_credit_code_is_found(chance)
        _any_text_is_answered(chance)
    return 3 * _EACH


def _a_changed_digit_is_found(chance: random.Random) -> None:
    born = f"{chance.randint(1930, 2015)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body = f"370299{born}{chance.randint(0, 999):03}"
    number = body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]
    assert identifiers.national_id(number).number == number
    place = chance.randrange(17)
    other = chance.choice([digit for digit in "0123456789" if digit != number[place]])
    _refused(identifiers.national_id, number[:place] + other + number[place + 1 :])


def _a_changed_character_of_a_credit_code_is_found(chance: random.Random) -> None:
    body = "91370299" + "".join(chance.choice(_ALPHABET) for _ in range(9))
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    code = body + _ALPHABET[-total % 31]
    assert identifiers.uscc(code.lower()) == code
    place = chance.randrange(18)
    other = chance.choice([one for one in _ALPHABET if one != code[place]])
    _refused(identifiers.uscc, code[:place] + other + code[place + 1 :])


def _any_text_is_answered(chance: random.Random) -> None:
    text = "".join(chance.choice("0123456789" + _STRANGE) for _ in range(chance.randint(0, 24)))
    for read in (identifiers.national_id, identifiers.uscc, identifiers.phone):
        refusal = _refusal(read, text)
        assert refusal is None or (str(refusal.message) and str(refusal.remedy))


def _refused(read: Callable[[str], object], text: str) -> None:
    assert _refusal(read, text) is not None, f"{text} was accepted with one wrong character"


def _refusal(read: Callable[[str], object], text: str) -> identifiers.NotAnIdentifier | None:
    try:
        read(text)
    except identifiers.NotAnIdentifier as refusal:
        return refusal
    return None
