"""The Django application `board`."""

from importlib import import_module

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.board"
    label = "board"

    def ready(self) -> None:
        """Name the permissions and the place in the bar; register the facts, the jobs, who tries rules."""
        for module in ("access", "providers", "jobs", "trying"):
            import_module(f"kaimen.board.{module}")
