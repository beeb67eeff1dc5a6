"""The pack in force: read once from the database, asked by everybody.

Definitions are read from the bytes that were installed, never from a folder on disk: a server and its workers
always agree, and a past decision can be replayed with the definitions of its day.
"""

import threading
from functools import lru_cache

from kaimen.packs import Pack, from_bytes
from kaimen.register.definitions import Role
from kaimen.register.models import InstalledPack

_lock = threading.Lock()


class NoPack(LookupError):
    """No pack is installed yet: `kaimen pack load packs/qingdao-2020` installs one."""


@lru_cache(maxsize=4)
def _parsed(digest: str) -> Pack:
    row = InstalledPack.objects.filter(digest=digest).first()
    assert row is not None
    return from_bytes(bytes(row.content))


def pack() -> Pack:
    """The pack in force. Raises NoPack."""
    digest = InstalledPack.objects.values_list("digest", flat=True).first()
    if digest is None:
        raise NoPack("no pack is installed; install one with: kaimen pack load packs/qingdao-2020")
    with _lock:
        return _parsed(digest)


def roles() -> dict[str, Role]:
    """The roles of the pack in force, by slug; none before a pack is installed."""
    try:
        return {role.slug: role for role in pack().all(Role)}
    except NoPack:
        return {}
