"""The Django application `notify`."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Registers the part: its kind of definition, its permissions, its effect."""

    name = "kaimen.notify"
    label = "notify"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "effects"):
            import_module(f"kaimen.notify.{module}")
