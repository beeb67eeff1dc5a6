"""Numbers that cannot be anybody's, with the right check characters.

ID numbers and credit codes begin with the division 370299, which GB/T 2260 never assigned; telephone numbers begin
with 154, a range no operator was ever given. Each is drawn once only.
"""

from datetime import date, timedelta

from kaimen.register import identifiers

_BORN_FROM = date(1962, 1, 1)
_DAYS = 14_000  # to the spring of 2000: everybody is of working age
_ORDER = 998  # numbers of one day and place, by two: odd for men, even for women
ID_ROOM = _DAYS * _ORDER // 2  # per sex
PHONE_ROOM = 10**8
USCC_ROOM = 31**5


def national_id(division: str, drawn: int, *, man: bool) -> str:
    """The ID number that the drawn number (0 … ID_ROOM - 1) stands for."""
    days, order = divmod(drawn, _ORDER // 2)
    born = _BORN_FROM + timedelta(days=days)
    body = f"{division}{born:%Y%m%d}{2 * order + (1 if man else 2):03}"
    return body + identifiers.national_id_check(body)


def phone(prefix: str, drawn: int) -> str:
    """The mobile number that the drawn number (0 … PHONE_ROOM - 1) stands for."""
    return f"{prefix}{drawn:08}"


def uscc(division: str, drawn: int) -> str:
    """The credit code of a firm (91) that the drawn number (0 … USCC_ROOM - 1) stands for."""
    letters = ""
    for _ in range(5):
        drawn, letter = divmod(drawn, 31)
        letters = identifiers.USCC_ALPHABET[letter] + letters
    body = f"91{division}MA3{letters}X"
    return body + identifiers.uscc_check(body)
