"""Health data in rows, sealed under the key of the legal activation they rest on.

It is the key under which the log seals its openings: when an activation ends and that file is destroyed, what stands
here is destroyed with it, in every copy and backup.
"""

import base64
from uuid import UUID

from kaimen.kit.seal import Sealer
from kaimen.ledger.openings import OpeningKey


def seal(emergency: str, data: bytes, *, column: str, row: UUID) -> bytes:
    """Encrypt `data` for `column` ("evidence.sealed") of one row. Raises OpeningsGone when the activation has ended."""
    return _sealer(emergency).seal(base64.b64encode(data).decode(), column=f"status_{column}", row=row.hex)


def opened(emergency: str, sealed: bytes, *, column: str, row: UUID) -> bytes:
    """What `seal` was given for the same place. Raises OpeningsGone; NotOpened for bytes altered or moved."""
    return base64.b64decode(_sealer(emergency).open(sealed, column=f"status_{column}", row=row.hex))


def _sealer(emergency: str) -> Sealer:
    return Sealer(OpeningKey.of(emergency).key, b"")  # nothing here is looked up by value
