"""The Django application `ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the part."""

    name = "kaimen.ledger"
    label = "ledger"
