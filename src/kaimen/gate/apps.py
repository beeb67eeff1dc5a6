"""The Django application `gate`."""

from importlib import import_module

from django.apps import AppConfig


class GateConfig(AppConfig):
    """Registers the part: its kind of definition, its permissions, its effects, its passes."""

    name = "kaimen.gate"
    label = "gate"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "effects", "chain_leaves", "list_places"):
            import_module(f"kaimen.gate.{module}")
