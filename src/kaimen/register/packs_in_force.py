"""The pack in force: read once from the database, asked by everybody.

Definitions are read from the bytes that were installed, never from a folder on disk: a server and its workers
always agree, and a past decision can be replayed with the definitions of its day.
"""

import threading
from functools import lru_cache
from uuid import UUID

from kaimen.packs import Pack, from_bytes
from kaimen.register.definitions import Role
from kaimen.register.models import InstalledPack

_lock = threading.Lock()


class NoPack(LookupError):
    """No pack is installed yet: `kaimen pack load packs/qingdao-2020` installs one."""


def pack() -> Pack:
    """The pack in force. Raises NoPack."""
    return _parsed(_digest())


def installation() -> UUID | None:
    """Which loading of a pack is in force: what is kept from its areas and places is kept under this."""
    return InstalledPack.objects.values_list("pk", flat=True).first()


def roles() -> dict[str, Role]:
    """The roles of the pack in force, by slug; none before a pack is installed."""
    try:
        return _roles(_digest())
    except NoPack:
        return {}


def _digest() -> str:
    """Asked each time, so that every process follows a loading at once; the rest is kept."""
    digest = InstalledPack.objects.values_list("digest", flat=True).first()
    if digest is None:
        raise NoPack("no pack is installed; install one with: kaimen pack load packs/qingdao-2020")
    return digest


def _parsed(digest: str) -> Pack:
    with _lock:  # threads that arrive together parse once
        return _kept(digest)


@lru_cache(maxsize=4)
def _kept(digest: str) -> Pack:
    row = InstalledPack.objects.filter(digest=digest).first()
    assert row is not None
    return from_bytes(bytes(row.content))


@lru_cache(maxsize=4)
def _roles(digest: str) -> dict[str, Role]:
    return {role.slug: role for role in _parsed(digest).all(Role)}
