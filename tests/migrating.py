"""Back to the tables of an earlier version, and forward again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.companies.walls import build_walls


@contextmanager
def earlier(app: str, migration: str) -> Iterator[Any]:
    """The models as they were then; whatever happens, the next test finds today's tables."""
    try:
        yield _migrate([(app, migration)])
    finally:
        _migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def _migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    build_walls()  # as the command does when it is done
    return MigrationExecutor(connection).loader.project_state(targets).apps
