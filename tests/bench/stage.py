"""A throwaway instance: the embedded database with production settings, gone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command
from django.db import connection

from config.runtime import lease


@contextmanager
def instance() -> Iterator[None]:
    """Services answer, Django is set up and migrated."""
    with lease.embedded_services():
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        try:
            yield
        finally:
            connection.close()
    lease.wait_until_stopped()
    lease.remove()


def empty(*tables: str) -> None:
    """Empty tables, and a checkpoint behind us: no measurement pays for another."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    settle_down()


def settle_down() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def run_sql(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
