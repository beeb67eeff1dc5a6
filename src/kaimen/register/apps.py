"""The Django application `register`."""

from importlib import import_module

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Registers the part: its kinds of definition, its permissions."""

    name = "kaimen.register"
    label = "register"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("definitions", "access", "emergencies"):
            import_module(f"kaimen.register.{module}")
