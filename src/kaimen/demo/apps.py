"""The Django application `demo`."""

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the part: its kind of definition, and who signs for visitors."""

    name = "kaimen.demo"
    label = "demo"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("kaimen.demo.definitions")
        import_module("kaimen.demo.keepers")
