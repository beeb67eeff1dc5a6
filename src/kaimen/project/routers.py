"""Which table stands in which file."""

from typing import Any

from django.db.models import Model


def _home(model: type[Model] | Model) -> str:
    """Tables named `events_…` stand in the events file. The name, for migrations know no other mark of a model."""
    return "events" if model._meta.db_table.startswith("events_") else "default"


class EventsRouter:
    """Sends each table to its own file."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Where to read `model`."""
        return _home(model)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Where to write `model`."""
        return _home(model)

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Rows of two files never point at each other."""
        return _home(obj1) == _home(obj2)  # not their types: request.user is a lazy stand-in for one

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A table is made in its own file only; a data migration, which names no model, runs in the default one."""
        model = hints.get("model")
        return db == ("default" if model is None else _home(model))
