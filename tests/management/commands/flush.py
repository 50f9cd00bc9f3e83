"""What a test that commits leaves behind goes row by row.

Django truncates every table and prepares the database anew (permissions, roles, policies): for the
few rows of a test that takes longer than the test.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.management.commands import flush
from django.db import connections, transaction

PREPARED = {"django_content_type", "auth_permission"}
"""Filled by `migrate`, not by tests."""


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        database = options["database"]
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            cursor.execute(_emptying(database))


@cache
def _emptying(database: str) -> str:
    """As a replica does it: no trigger asks whether a row may go, no key whether it is needed."""
    tables = connections[database].introspection.django_table_names(only_existing=True)
    deletions = (f'DELETE FROM "{table}";' for table in sorted({*tables} - PREPARED))
    return "\n".join(("SET LOCAL session_replication_role = replica;", *deletions))
