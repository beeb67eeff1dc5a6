"""The Django application `project`: what only the place that knows every part can put together."""

from importlib import import_module

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the upkeep of the house."""

    name = "kaimen.project"
    label = "project"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("kaimen.project.upkeep")
