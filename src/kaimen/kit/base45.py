"""Base45 (RFC 9285): bytes as the 45 characters that a QR code packs tightest."""

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NO_DIGIT = 255
_DIGIT = bytes(_ALPHABET.find(c) % 256 for c in range(256))  # -1, not found, is 255


class NotBase45(ValueError):
    """Text that encodes no bytes."""


def encode(data: bytes) -> str:
    """Two bytes become three characters, least significant first; a last odd byte becomes two."""
    text = bytearray()
    for at in range(0, len(data) - 1, 2):
        rest, a = divmod(data[at] << 8 | data[at + 1], 45)
        c, b = divmod(rest, 45)
        text += bytes((_ALPHABET[a], _ALPHABET[b], _ALPHABET[c]))
    if len(data) % 2:
        b, a = divmod(data[-1], 45)
        text += bytes((_ALPHABET[a], _ALPHABET[b]))
    return text.decode()


def decode(text: str) -> bytes:
    """The bytes `text` encodes. Raises NotBase45.

    All groups of three are worked out at once, as one long number with 32 bits for each group: a + 45·b + 2025·c
    never spills into the next. That is half the time of a loop, and this stands before every signature check.
    """
    try:
        digits = text.encode("ascii").translate(_DIGIT)
    except UnicodeEncodeError as error:
        raise NotBase45("a character outside the alphabet") from error
    groups, odd = divmod(len(digits), 3)
    if _NO_DIGIT in digits or odd == 1:
        raise NotBase45("a character outside the alphabet, or one too many or too few")
    lanes = (_lane(digits, 0) + 45 * _lane(digits, 1) + 2025 * _lane(digits, 2)).to_bytes(4 * groups)
    data = bytearray(2 * groups)
    data[0::2], data[1::2] = lanes[2::4], lanes[3::4]
    last = digits[-2] + 45 * digits[-1] if odd else 0
    if any(lanes[1::4]) or last > 255:
        raise NotBase45("a group of characters that stands for more than its bytes can hold")
    return bytes(data) + bytes((last,)) if odd else bytes(data)


def _lane(digits: bytes, which: int) -> int:
    groups = len(digits) // 3
    lane = bytearray(4 * groups)
    lane[3::4] = digits[which : 3 * groups : 3]
    return int.from_bytes(lane)
