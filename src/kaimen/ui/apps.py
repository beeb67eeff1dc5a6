"""The Django application `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.ui"
    label = "ui"
