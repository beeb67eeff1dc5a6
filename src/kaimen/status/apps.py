"""The Django application `status`."""

from importlib import import_module

from django.apps import AppConfig


class StatusConfig(AppConfig):
    """Registers the part: its kinds of definition, its permissions, its effects, its jobs."""

    name = "kaimen.status"
    label = "status"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "effects", "jobs", "trying_people"):
            import_module(f"kaimen.status.{module}")
