"""What the statements that ask for everything at once are made of, and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, JSONField, Model

from core.clock import Calendar
from core.companies.models import Workspace
from partners.models import Contract, Partner

Row = TypeVar("Row", bound=Model)
Fields = Sequence["Field[Any, Any]"]

PARTNER_FIELDS: Fields = Partner._meta.concrete_fields

HOLIDAYS = """(
    SELECT coalesce(jsonb_agg(jsonb_build_array(day, is_holiday)), '[]')
    FROM companies_holidayoverride WHERE company_id = %(company)s
)"""
PROPERTY_KEYS = """(
    SELECT coalesce(array_agg(key), '{}') FROM partners_propertydefinition
    WHERE workspace_id = %(ws)s AND object_type = 'TRANSFER'
)"""


def columns_of(fields: Fields, table: str) -> str:
    return ", ".join(f"{table}.{field.column}" for field in fields)


def row_of(model: type[Row], fields: Fields, values: Sequence[Any]) -> Row:
    """The row as the ORM would make it; what was not asked for is read when it is needed."""
    names = [field.attname for field in fields]
    read = [_read(field, value) for field, value in zip(fields, values, strict=True)]
    return model.from_db(connection.alias, names, read)


def _read(field: Field[Any, Any], value: Any) -> Any:
    is_json = isinstance(field, JSONField) and value is not None
    return json.loads(value) if is_json else value


def partner_of(values: Sequence[Any], workspace: Workspace, default_contract: str) -> Partner:
    """With what answers show: of its contract only the public id."""
    partner = row_of(Partner, PARTNER_FIELDS, values)
    partner.workspace = workspace
    partner.default_contract = Contract(
        id=partner.default_contract_id, workspace=workspace, public_id=default_contract
    )
    return partner


def calendar_with(overrides: str) -> Calendar:
    """From what `HOLIDAYS` answers."""
    days = [(date.fromisoformat(day), is_holiday) for day, is_holiday in json.loads(overrides)]
    return Calendar.with_overrides(
        added=(day for day, is_holiday in days if is_holiday),
        removed=(day for day, is_holiday in days if not is_holiday),
    )
