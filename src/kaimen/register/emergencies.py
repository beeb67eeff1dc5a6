"""Which emergency is in force: a dated legal activation of the pack, for the strip under the staff bar and the log."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from kaimen.kit import clock
from kaimen.ledger import openings
from kaimen.register import packs_in_force
from kaimen.register.definitions import Emergency, Head
from kaimen.ui import emergency


@emergency.told_by
def in_force(request: HttpRequest) -> emergency.Strip | None:
    """The activation that began last and has not ended; None on ordinary days and before a pack is installed."""
    latest = _latest()
    if latest is None:
        return None
    return emergency.Strip(
        name=latest.title.to(get_language() or "zh-hans"),
        day=(clock.today(ZoneInfo(settings.TIME_ZONE)) - latest.began).days + 1,
        legal_basis=latest.basis.split("；")[0],  # the first law named; the pack names them all
        until=latest.ended,
    )


@openings.emergency_told_by
def slug_in_force() -> str | None:
    """The slug of that activation: under its key the log seals what its commitments hide."""
    latest = _latest()
    return latest.slug if latest is not None else None


def _latest() -> Emergency | None:
    try:
        head = packs_in_force.pack().one(Head)
    except packs_in_force.NoPack:
        return None
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    running = [one for one in head.emergencies if one.began <= today and (one.ended is None or today <= one.ended)]
    return max(running, key=lambda one: one.began) if running else None
