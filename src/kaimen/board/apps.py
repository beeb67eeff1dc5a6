"""The Django application `board`."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.board"
    label = "board"
