"""The Django application `register`."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.register"
    label = "register"
