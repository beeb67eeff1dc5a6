"""The Django application `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.demo"
    label = "demo"
