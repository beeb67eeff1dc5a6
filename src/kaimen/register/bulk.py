"""Many rows at once, by raw SQL: ten times faster than a model for each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Adapt = Callable[[Any], Any]


def insert(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, keeps_existing: bool = True
) -> None:
    """Insert `rows` (values in the order of the field names `columns`).

    A row that is there already stays as it is; without `keeps_existing` it raises IntegrityError.
    """
    connection, table, names = _named(model, columns)
    places = ", ".join(["%s"] * len(columns))
    conflict = " ON CONFLICT DO NOTHING" if keeps_existing else ""
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}){conflict}"  # noqa: S608 — names of our own models
    _execute(connection, sql, rows)


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the fields `columns` of many rows: each of `rows` is their values, and then the primary key."""
    connection, table, names = _named(model, [*columns, model._meta.pk.name])
    *sets, key = (f"{name} = %s" for name in names)
    _execute(connection, f"UPDATE {table} SET {', '.join(sets)} WHERE {key}", rows)  # noqa: S608 — names of our own models


def _named(model: type[Model], columns: Sequence[str]) -> tuple[BaseDatabaseWrapper, str, list[str]]:
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields = {field.name: str(field.column) for field in model._meta.concrete_fields}
    return connection, quote(model._meta.db_table), [quote(fields[column]) for column in columns]


def _execute(connection: BaseDatabaseWrapper, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    adapters: dict[type, Adapt] = {
        # many rows share few moments
        datetime: lru_cache(maxsize=256)(connection.ops.adapt_datetimefield_value),
        date: lru_cache(maxsize=256)(connection.ops.adapt_datefield_value),
    }
    if not connection.features.has_native_uuid_field:
        adapters[UUID] = _hex
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[_adapted(value, adapters) for value in row] for row in rows])


def _adapted(value: Any, adapters: dict[type, Adapt]) -> Any:
    adapt = adapters.get(type(value))
    return adapt(value) if adapt else value


def _hex(value: UUID) -> str:
    return value.hex
