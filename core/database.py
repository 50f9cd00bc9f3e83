"""What Django lacks: composite foreign keys, guarded tables, triggers, named locks."""

from typing import Any

import psycopg
from django.db import connection, migrations

Connection = psycopg.Connection[tuple[Any, ...]]


def composite_foreign_key(
    table: str, column: str, parent: str, parent_column: str = "id"
) -> migrations.RunSQL:
    """Keep rows of two workspaces apart: (workspace_id, column) must exist in the parent."""
    name = f"{table}_{column}_same_workspace"
    return migrations.RunSQL(
        f"""ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (workspace_id, {column}) REFERENCES {parent} (workspace_id, {parent_column})
            DEFERRABLE INITIALLY IMMEDIATE""",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def append_only(table: str, *, allow_delete: bool = False) -> migrations.RunSQL:
    """Refuse UPDATE (and DELETE) on a table whose past must not change."""
    forbidden = "UPDATE" if allow_delete else "UPDATE OR DELETE"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$;
        CREATE TRIGGER {table}_append_only BEFORE {forbidden} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
        """,
        f"""
        DROP TRIGGER {table}_append_only ON {table};
        DROP FUNCTION {table}_is_append_only();
        """,
    )


def judges_for_everyone(function: str) -> migrations.RunSQL:
    """A trigger that adds up rows must see them all, whoever writes: it runs as the tables' owner.

    Otherwise row-level security (core.companies.isolation) would choose what it adds up.
    """
    return migrations.RunSQL(
        f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path FROM CURRENT",
        f"ALTER FUNCTION {function}() SECURITY INVOKER RESET search_path",
    )


def connect() -> Connection:
    """A connection beside Django's: the heartbeat of a job must not wait for its transaction."""
    known = connection.get_connection_params()
    for django_only in ("context", "cursor_factory", "pool"):
        known.pop(django_only, None)
    return psycopg.connect(**known, autocommit=True)


def wait_for_lock(name: str) -> None:
    """Be the only transaction holding this name until it ends; OperationalError when too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
