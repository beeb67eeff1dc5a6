"""The Django application `board`."""

from importlib import import_module

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.board"
    label = "board"

    def ready(self) -> None:
        """Name the permissions and the place in the bar."""
        import_module("kaimen.board.access")
