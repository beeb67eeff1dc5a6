"""The lock before everything in this part: only where every person is made up."""

from django.conf import settings
from django.core.exceptions import PermissionDenied

from kaimen.register.models import InstalledPack


class NotSynthetic(PermissionDenied):
    """This installation may hold real people: no one-click sign-in, no sample, no drill."""


def require_synthetic() -> None:
    """Raise NotSynthetic unless both the settings and the pack in force say that people are made up."""
    if not settings.SYNTHETIC:
        raise NotSynthetic("these settings are not the demonstration's (SYNTHETIC is False)")
    newest = InstalledPack.objects.only("synthetic", "slug").first()
    if newest is None:
        raise NotSynthetic("no pack is installed; install one whose pack.yaml says synthetic: true")
    if not newest.synthetic:
        raise NotSynthetic(f"the pack {newest.slug} is not marked synthetic: true, so its people may be real")
