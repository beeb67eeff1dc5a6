"""The end of an emergency: its openings are destroyed, the log stays whole and says nothing about anybody any more.

First the key, so that every copy of a row, also in a backup, is worth nothing; then the rows; then the database file
is written anew, because what SQLite deletes it only marks as free.
"""

import time

from django.db import connection, transaction

from kaimen.ledger.actions import record
from kaimen.ledger.models import Opening, OpeningsDestroyed
from kaimen.ledger.openings import STANDING, destroy_key, emergency_now, key_path

_TRIES, _PAUSE = 50, 0.1  # somebody may be reading for a moment


class NoOpenings(LookupError):
    """Nothing was ever sealed for an emergency of this name."""


class StillUsed(RuntimeError):
    """What happens now is sealed under this key: without it nothing that hides something could be recorded."""


class StillRead(RuntimeError):
    """Key and rows are gone, but somebody reads the database without end, and its files could not be emptied."""


def destroy_openings(emergency: str) -> OpeningsDestroyed:
    """Destroy key and openings of an emergency, record how many, and write the database anew. Not in a transaction.

    Again, it finishes what a crash left undone. Raises NoOpenings, StillUsed, StillRead.
    """
    if emergency in (STANDING, emergency_now()):
        raise StillUsed(f"{emergency} is in force: what is recorded now is sealed under its key; its end comes first")
    if not key_path(emergency).exists() and not Opening.objects.filter(emergency=emergency).exists():
        raise NoOpenings(f"there are no openings of {emergency}")
    with transaction.atomic(durable=True):
        count, _ = Opening.objects.filter(emergency=emergency).delete()
        destroy_key(emergency)
        done = OpeningsDestroyed.objects.filter(emergency=emergency).first()
        if done is None or count:
            leaf = record("openings-destroyed", {"emergency": emergency, "openings": count})
            done = OpeningsDestroyed.objects.create(emergency=emergency, openings=count, leaf=leaf)
    write_anew()
    return done


def write_anew() -> None:
    """Leave nothing of deleted rows in the files of the database. Raises StillRead."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("VACUUM FULL ledger_opening")
            return
        cursor.execute("PRAGMA temp_store=FILE")  # the whole database passes through: not in memory
        try:
            cursor.execute("VACUUM")
        finally:
            cursor.execute("PRAGMA temp_store=MEMORY")
        for _ in range(_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(_PAUSE)
    raise StillRead("somebody reads the database without end: stop the processes and run this again")
