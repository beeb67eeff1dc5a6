"""A new key follows the one that signs passes: told to every gate first, and to the log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kaimen.gate import actions
from kaimen.gate.actions import NotPossible
from kaimen.gate.issuing import key_path
from kaimen.gate.models import Pass
from kaimen.gate.phone_models import IssuingKey
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen.ledger.actions import record
from kaimen.status.lists import centre_key

NOTICE = timedelta(days=1)  # how long gates know a key before it signs: a node that was cut off for a day has it


@transaction.atomic
def rotate(begins: datetime | None = None, *, stolen: bool = False) -> IssuingKey:
    """Let a new key follow the one that signs now, at `begins` (NOTICE from now, unless told).

    The old one's passes go on counting until the last of them ends. `stolen`: the new one begins and every other ends
    at once, so every card has to be printed again. Raises NotPossible.
    """
    now = clock.now()
    begins = now if stolen else begins or now + NOTICE
    if begins < now:
        raise NotPossible(_("A key cannot begin in the past."), _("Choose a later time, or leave it to the program."))
    _note_the_first()
    waiting = IssuingKey.objects.filter(begins__gt=now).first()
    if waiting is not None and not stolen:
        raise NotPossible(
            _("A new key waits already; it begins at %(at)s.") % {"at": f"{waiting.begins:%Y-%m-%d %H:%M} UTC"},
            _("Let it begin first. If a key was stolen, say so."),
        )
    key = SigningKey.generate()
    made = SigningKey.kept_at(key_path(key.public, key))
    ends = now if stolen else _last_pass_ends(now, begins)
    for old in IssuingKey.objects.all():
        if old.ends is None or old.ends > ends:
            old.ends = ends
            old.save(update_fields=["ends"])
    row = IssuingKey.objects.create(public_key=made.public.raw, begins=begins)
    record("issuing-key", {"key": made.public.raw, "begins": int(begins.timestamp() * 1000), "stolen": stolen})
    actions.lists_changed()
    return row


def _last_pass_ends(now: datetime, begins: datetime) -> datetime:
    """When nothing of the keys so far can count any more: households' cards may last longer than a person's pass.

    Until the new key begins, the old one may sign once more what lasts as long as the longest there is.
    """
    longest = Pass.objects.aggregate(Max("expires"))["expires__max"] or now
    return max(begins + actions.pass_validity(), longest + (begins - now))


def _note_the_first() -> None:
    """Before another follows, the centre's own key gets its row and its file among the others."""
    if IssuingKey.objects.exists():
        return
    first = centre_key()
    key_path(first.public, first)
    IssuingKey.objects.create(public_key=first.public.raw)
