"""The lock before everything in this part: only where every person is made up."""

from django.conf import settings
from django.core.exceptions import PermissionDenied

from kaimen.register.models import InstalledPack


class NotSynthetic(PermissionDenied):
    """This installation may hold real people: no one-click sign-in, no sample, no drill."""


def require_synthetic() -> None:
    """Raise NotSynthetic unless the settings and every pack there ever was here say that people are made up."""
    if not settings.SYNTHETIC:
        raise NotSynthetic("these settings are not the demonstration's (SYNTHETIC is False)")
    packs = InstalledPack.objects.only("synthetic", "slug")
    if not packs.exists():
        raise NotSynthetic("no pack is installed; install one whose pack.yaml says synthetic: true")
    real = packs.filter(synthetic=False).first()  # another pack loaded over it makes nobody up
    if real is not None:
        raise NotSynthetic(f"the pack {real.slug} is not marked synthetic: true, so its people may be real")
