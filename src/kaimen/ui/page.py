"""What every page knows without asking its view."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kaimen.ui import emergency


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for every template: language, post, navigation, the emergency in force, whether people are made up."""
    return {
        "synthetic": settings.SYNTHETIC,
        "page_language": "en" if (get_language() or "").startswith("en") else "zh-Hans",
        "post_held": getattr(request, "post_held", None),
        "navigation": getattr(request, "navigation", []),
        "emergency": SimpleLazyObject(lambda: emergency.strip(request)),
    }
