"""The backstop: row-level security shows a request the rows of its own workspace alone.

Reads go through core.companies.access; where one forgot its workspace, the database answers with
nothing. Jobs and sweeps, which work for many workspaces and by COPY, keep the owner's rights.
The policies are made by core.companies.walls.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from psycopg.pq import ExecStatus, TransactionStatus

from core.companies.models import Workspace

SETTING = "jeongsan.workspace"
FREED = f"SET ROLE NONE; SET {SETTING} = ''"


def role() -> str:
    """One for each database: roles belong to the whole server."""
    name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
    return f"{name}_workspace"[-63:]


def confine(workspace: Workspace) -> None:
    """Until the end of the request this connection knows one workspace."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.confined_to = workspace.pk
    _switch(connection)


def release(**_: Any) -> None:
    """The end of a request: its connection may serve another workspace next."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if _confined_to(connection) is not None:
        connection.confined_to = None
        _switch(connection)


@contextmanager
def within(workspace: Workspace) -> Iterator[None]:
    """A confined request writes down something elsewhere: company affairs are kept in live."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    before = _confined_to(connection)
    if before is None:
        yield
        return
    try:
        connection.confined_to = workspace.pk
        _switch(connection)
        yield
    finally:
        connection.confined_to = before
        _switch(connection)


def confine_again(connection: Any, **_: Any) -> None:
    """A connection that broke in the middle of a request is confined as the one before."""
    if _confined_to(connection) is not None:
        _switch(connection)


def _confined_to(connection: Any) -> int | None:
    return getattr(connection, "confined_to", None)


def _switch(connection: Any) -> None:
    """Past the ORM and its cursors, for every request pays for it twice; no query of the page."""
    raw, workspace = connection.connection, _confined_to(connection)
    if raw is None or raw.closed:
        return
    status = raw.info.transaction_status
    if status == TransactionStatus.INERROR:
        return  # its end brings back what was before it
    wanted = FREED if workspace is None else _confined(connection.ops.quote_name(role()), workspace)
    if status == TransactionStatus.IDLE and not raw.autocommit:
        wanted = f"BEGIN; {wanted}"  # a cursor would begin it; its end must undo this too
    result = raw.pgconn.exec_(wanted.encode())
    if result.status != ExecStatus.COMMAND_OK:
        raise OperationalError(result.error_message.decode())


def _confined(quoted_role: str, workspace: int) -> str:
    return f"SET ROLE {quoted_role}; SET {SETTING} = '{workspace:d}'"
