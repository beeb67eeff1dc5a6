"""The Django application `notify`."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.notify"
    label = "notify"
