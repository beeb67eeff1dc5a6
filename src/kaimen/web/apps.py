"""The Django application `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.web"
    label = "web"
