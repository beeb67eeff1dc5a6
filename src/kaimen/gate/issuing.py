"""The keys that sign passes: several, one after another, each with the time its passes count.

The first is the centre's own key, which also signs name lists and which nodes hold since they enrolled; it stays for
those. A new one is told to every gate, in its name lists, before it signs anything; an old one ends when the last pass
it signed has.
"""

import logging
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kaimen.gate.phone_models import IssuingKey
from kaimen.kit import clock
from kaimen.kit.keys import PublicKey, SigningKey
from kaimen.kit.secret_file import kept
from kaimen.passes import IssuerKey
from kaimen.status.lists import centre_key

_LOG = logging.getLogger(__name__)


class KeyMissing(RuntimeError):
    """No key that may sign passes now is on this machine's disk; the message says what to do."""


def issuers() -> list[IssuerKey]:
    """Every key whose passes count now or will, with its dates: what gates are told."""
    rows = IssuingKey.objects.all()
    if not rows:
        return [IssuerKey(centre_key().public)]
    now = clock.now()
    known = [IssuerKey(PublicKey.from_raw(bytes(row.public_key)), row.begins, row.ends) for row in rows]
    return [key for key in known if key.ends is None or key.ends > now]


def signing_key() -> SigningKey:
    """The key that signs passes now: the last one that has begun and whose secret half is here. Raises KeyMissing."""
    rows = [row for row in IssuingKey.objects.order_by("-made_at", "-id") if row.signs_at(clock.now())]
    for row in rows:
        path = key_path(PublicKey.from_raw(bytes(row.public_key)))
        if path.exists():
            return SigningKey.kept_at(path)
        _LOG.error("issuing key missing: %s", path.name)
    if rows:
        raise KeyMissing(_("No key that signs passes is left. Bring keys/issuing/ back from the backup."))
    return centre_key()


def key_path(public: PublicKey, key: SigningKey | None = None) -> Path:
    """Where the secret half of `public` lies; written there when `key` is given and it is not there yet."""
    path = Path(settings.KEYS) / "issuing" / public.key_id.hex()
    if key is not None:
        kept(path, key.pem)
    return path
