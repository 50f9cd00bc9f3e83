"""The policies behind core.companies.isolation, built after every `migrate`.

Each run mends what is missing: new tables, a role that a restored dump did not bring.
"""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections

from core.companies.isolation import SETTING, role

POLICY = "of_one_workspace"

COLUMNS = """
    WITH ours AS (SELECT oid, relname FROM pg_class
                  WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace),
         workspaces AS (SELECT attrelid AS oid FROM pg_attribute
                        WHERE attname = 'workspace_id' AND NOT attisdropped),
         parts AS (
            SELECT conrelid AS oid, attname, confrelid::regclass::text AS parent
            FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND confrelid IN (SELECT oid FROM workspaces)
              AND conrelid NOT IN (SELECT oid FROM workspaces))
"""
OPEN_TABLES = f"""{COLUMNS}
    SELECT quote_ident(relname), quote_ident(parts.attname), parts.parent
    FROM ours LEFT JOIN parts USING (oid)
    WHERE (parts.oid IS NOT NULL OR oid IN (SELECT oid FROM workspaces))
      AND oid NOT IN (SELECT polrelid FROM pg_policy WHERE polname = '{POLICY}')
    ORDER BY relname
"""
"""Tables of a workspace, and parts of their rows (failures of a job), that have no policy."""

IS_WITHOUT_GRANTS = """
    SELECT to_regrole(quote_ident(%(role)s)) IS NULL OR EXISTS (
        SELECT FROM pg_tables
        WHERE schemaname = current_schema AND NOT has_table_privilege(
            (SELECT oid FROM pg_roles WHERE rolname = %(role)s),
            (quote_ident(schemaname) || '.' || quote_ident(tablename))::regclass, 'DELETE'))
"""
GRANTS = """
    DO $$ BEGIN
        IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- someone was faster
    END $$;
    DO $$ BEGIN
        IF NOT pg_has_role(current_user, to_regrole('{role}'), '{membership}') THEN
            GRANT {role} TO CURRENT_USER;
        END IF;
    END $$;
    GRANT TEMPORARY ON DATABASE {database} TO {role};
    GRANT USAGE ON SCHEMA {schema} TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
"""
WALL = f"""
    ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY {POLICY} ON {{table}} TO {{role}} USING ({{condition}})
"""
OF_A_WORKSPACE = f"workspace_id = current_setting('{SETTING}')::bigint"
PART_OF_ONE = "EXISTS (SELECT FROM {parent} WHERE {parent}.id = {table}.{column})"
"""The parent's own policy answers for the part."""

IS_SOUND = """
    SELECT pg_has_role(current_user, %(role)s, %(membership)s)
       AND NOT row_security_active('jobs_job')
"""


def build_walls(**_: Any) -> None:
    """Role, grants and policies, as far as they are missing. Errors: CommandError."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(IS_WITHOUT_GRANTS, {"role": role()})
        (is_without_grants,) = cursor.fetchone()
        if is_without_grants:
            _grant(cursor)
        cursor.execute(OPEN_TABLES)
        busy = [table for table, *part in cursor.fetchall() if not _wall(cursor, table, *part)]
    if busy:
        raise CommandError(
            f"Still open to other workspaces, because they were in use: {', '.join(busy)}. "
            "Stop the workers and run migrate again."
        )


def stand() -> bool:
    """Whether requests can be confined, and the server's own user sees everything.

    False without the role, and for a user who does not own the tables: jobs would see nothing.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT to_regrole(quote_ident(%s)) IS NOT NULL", [role()])
        if cursor.fetchone() != (True,):
            return False
        cursor.execute(IS_SOUND, {"role": role(), "membership": _membership()})
        (is_sound,) = cursor.fetchone()
    return bool(is_sound)


def _membership() -> str:
    """What allows SET ROLE: a privilege of its own since PostgreSQL 16."""
    return "SET" if connections[DEFAULT_DB_ALIAS].pg_version >= 160000 else "MEMBER"  # type: ignore[attr-defined]


def _grant(cursor: Any) -> None:
    cursor.execute("SELECT current_database(), current_schema, current_user")
    database, schema, user = map(_quoted, cursor.fetchone())
    name = _quoted(role())
    try:
        cursor.execute(
            GRANTS.format(role=name, database=database, schema=schema, membership=_membership())
        )
    except ProgrammingError as error:
        raise CommandError(
            f"{error}\nAs a superuser: CREATE ROLE {name} NOLOGIN; GRANT {name} TO {user}; "
            "then run migrate again."
        ) from error


def _wall(cursor: Any, table: str, column: str | None, parent: str | None) -> bool:
    """One table in one transaction. False when it stayed locked for as long as we wait."""
    condition = OF_A_WORKSPACE
    if column and parent:
        condition = PART_OF_ONE.format(table=table, column=column, parent=parent)
    try:
        cursor.execute(WALL.format(table=table, role=_quoted(role()), condition=condition))
    except OperationalError:
        return False
    return True


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)
