"""The backstop: row-level security shows a request the rows of its own workspace alone.

Reads go through core.companies.access; where one forgot its workspace, the database answers with
nothing. Jobs and sweeps, which work for many workspaces and by COPY, keep the owner's rights.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection
from psycopg.pq import TransactionStatus

from core.companies.models import Workspace

ROLE = "jeongsan_workspace"
SETTING = "jeongsan.workspace"
POLICY = "of_one_workspace"

SWITCH = f"SELECT set_config('role', %s, false), set_config('{SETTING}', %s, false)"

OPEN_TABLES = f"""
    SELECT quote_ident(columns.table_name)
    FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema AND column_name = 'workspace_id'
      AND table_type = 'BASE TABLE'
      AND NOT EXISTS (
        SELECT FROM pg_policies
        WHERE schemaname = table_schema AND tablename = table_name AND policyname = '{POLICY}')
    ORDER BY table_name
"""
WALL = f"""
    ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY {POLICY} ON {{table}} TO {ROLE}
        USING (workspace_id = current_setting('{SETTING}')::bigint)
"""


def confine(workspace: Workspace) -> None:
    """Until the end of the request this connection knows one workspace."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    wrapper.connection.execute(SWITCH, [ROLE, str(workspace.pk)])
    wrapper.is_confined = True


def release(**_: Any) -> None:
    """The end of a request: its connection may serve another workspace next."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    connection: Connection | None = wrapper.connection
    if connection is None or connection.closed or not getattr(wrapper, "is_confined", False):
        return
    if connection.info.transaction_status != TransactionStatus.INERROR:  # its end undoes it too
        connection.execute(SWITCH, ["none", ""])
        wrapper.is_confined = False


def wall_in(**_: Any) -> None:
    """Every table whose rows belong to a workspace gets the policy; runs after migrations."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(OPEN_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(WALL.format(table=table))
