"""The Django application `residence`."""

from importlib import import_module

from django.apps import AppConfig


class ResidenceConfig(AppConfig):
    """Registers the part: its kind of definition, its permissions, its way into name lists."""

    name = "kaimen.residence"
    label = "residence"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "expected", "firm_passes"):
            import_module(f"kaimen.residence.{module}")
