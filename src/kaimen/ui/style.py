"""The page of components: everything pages are made of, in both themes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def components(request: HttpRequest) -> HttpResponse:
    """Show every component once."""
    return render(request, "ui/style.html", {"kinds": []})


components.access = "public"  # type: ignore[attr-defined]
