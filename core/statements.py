"""Statements written by hand: planned once per connection, then only run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model


def prepared_cursor() -> CursorWrapper:
    """A cursor whose statements the database plans once per connection and keeps; the ORM's own
    carry their values in the text. For the few that are long to plan and run all day: psycopg
    remembers texts up to 4,096 characters and 50 parameters."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    wrapped: CursorWrapper = make(cursor)
    return wrapped


def column_values(row: Model, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    """What a statement stores of a row, in the fields' order."""
    connection = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
