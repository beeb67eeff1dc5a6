"""The Django application `gate`."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.gate"
    label = "gate"
