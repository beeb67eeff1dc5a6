"""The Django application `incidents`."""

from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers the part: its kind of definition, its permissions, its jobs."""

    name = "kaimen.incidents"
    label = "incidents"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "jobs"):
            import_module(f"kaimen.incidents.{module}")
