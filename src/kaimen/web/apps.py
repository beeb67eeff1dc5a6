"""The Django application `web`."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the part: its place in the bar."""

    name = "kaimen.web"
    label = "web"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("kaimen.web.access")
