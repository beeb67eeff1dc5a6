"""The Django application `status`."""

from django.apps import AppConfig


class StatusConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.status"
    label = "status"
