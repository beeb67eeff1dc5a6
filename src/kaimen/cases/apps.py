"""The Django application `cases`."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the part: its kinds of definition."""

    name = "kaimen.cases"
    label = "cases"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("kaimen.cases.definitions")
