"""Many rows at once, by raw SQL: ten times faster than a model for each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.models import Model

Adapt = Callable[[Any], Any]


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows` (values in the order of the field names `columns`); a row that is there already stays as it is."""
    connection = connections[router.db_for_write(model)]
    fields = {field.name: str(field.column) for field in model._meta.concrete_fields}
    names = ", ".join(connection.ops.quote_name(fields[name]) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    adapters: dict[type, Adapt] = {
        datetime: connection.ops.adapt_datetimefield_value,
        date: connection.ops.adapt_datefield_value,
    }
    if not connection.features.has_native_uuid_field:
        adapters[UUID] = _hex
    sql = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 — names of our own models
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[_adapted(value, adapters) for value in row] for row in rows])


def _adapted(value: Any, adapters: dict[type, Adapt]) -> Any:
    adapt = adapters.get(type(value))
    return adapt(value) if adapt else value


def _hex(value: UUID) -> str:
    return value.hex
