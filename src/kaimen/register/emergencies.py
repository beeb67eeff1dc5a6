"""Which emergency is in force: a dated legal activation of the pack, for the strip under the staff bar."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from kaimen.kit import clock
from kaimen.register import packs_in_force
from kaimen.register.definitions import Head
from kaimen.ui import emergency


@emergency.told_by
def in_force(request: HttpRequest) -> emergency.Strip | None:
    """The activation that began last and has not ended; None on ordinary days and before a pack is installed."""
    try:
        head = packs_in_force.pack().one(Head)
    except packs_in_force.NoPack:
        return None
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    running = [one for one in head.emergencies if one.began <= today and (one.ended is None or today <= one.ended)]
    if not running:
        return None
    latest = max(running, key=lambda one: one.began)
    return emergency.Strip(
        name=latest.title.to(get_language() or "zh-hans"),
        day=(today - latest.began).days + 1,
        legal_basis=latest.basis.split("；")[0],  # the first law named; the pack names them all
        until=latest.ended,
    )
