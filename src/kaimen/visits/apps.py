"""The Django application `visits`."""

from importlib import import_module

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Registers the part: its kind of definition, its permissions, its jobs, its way into name lists."""

    name = "kaimen.visits"
    label = "visits"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "jobs", "expected"):
            import_module(f"kaimen.visits.{module}")
