"""Numbers of people, sealed into their rows, and the blind indexes that find them again.

A sealed number opens in its own row only. The index answers "is it this one?" and nothing else.
"""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kaimen.kit.seal import Sealer
from kaimen.register.models import Person

_NATIONAL_ID = "register_person.national_id"
_PHONE = "register_person.phone"


@lru_cache(maxsize=2)
def _kept(keys: Path) -> Sealer:
    return Sealer.kept_at(keys / "sealing")


def sealer() -> Sealer:
    """The keys of this installation, made when first asked for."""
    return _kept(settings.KEYS)


def seal_national_id(person_id: UUID, number: str) -> bytes:
    """`number` (normalised), for that person's row only."""
    return sealer().seal(number, column=_NATIONAL_ID, row=person_id.hex)


def blind_national_id(number: str) -> bytes:
    """What a normalised national ID is found by."""
    return sealer().blind(number, column=_NATIONAL_ID)


def seal_phone(person_id: UUID, number: str) -> bytes:
    """`number` (normalised), for that person's row only."""
    return sealer().seal(number, column=_PHONE, row=person_id.hex)


def blind_phone(number: str) -> bytes:
    """What a normalised telephone number is found by."""
    return sealer().blind(number, column=_PHONE)


def national_id_columns(person_id: UUID, number: str | None) -> dict[str, bytes | str | None]:
    """The columns that hold a national ID, for a normalised number or none."""
    if number is None:
        return {"national_id": None, "national_id_index": None, "id_tail": ""}
    return {
        "national_id": seal_national_id(person_id, number),
        "national_id_index": blind_national_id(number),
        "id_tail": number[-4:],
    }


def phone_columns(person_id: UUID, number: str | None) -> dict[str, bytes | str | None]:
    """The columns that hold a telephone number, for a normalised number or none."""
    if number is None:
        return {"phone": None, "phone_index": None, "phone_tail": ""}
    return {
        "phone": seal_phone(person_id, number),
        "phone_index": blind_phone(number),
        "phone_tail": number[-4:],
    }


def open_national_id(person: Person) -> str | None:
    """The national ID of a person; None where none is known."""
    return None if person.national_id is None else opened_national_id(person.pk, bytes(person.national_id))


def opened_national_id(person_id: UUID, sealed: bytes) -> str:
    """The same from the column of a row, for many at once."""
    return sealer().open(sealed, column=_NATIONAL_ID, row=person_id.hex)


def open_phone(person: Person) -> str | None:
    """The telephone number of a person; None where none is known."""
    if person.phone is None:
        return None
    return sealer().open(bytes(person.phone), column=_PHONE, row=person.pk.hex)
