"""Everything an order needs to know before it is calculated, in one round trip."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from core import clock
from core.clock import Calendar
from core.companies.models import Workspace
from core.statements import prepared_cursor
from partners.models import Partner
from partners.services.kinds import KINDS
from settlements.queries.facts import (
    HOLIDAYS,
    PARTNER_FIELDS,
    PROPERTY_KEYS,
    calendar_with,
    columns_of,
    partner_of,
)

VERSION_IN_FORCE = """(
    SELECT {fact} FROM {table} WHERE subject_id = {subject} AND status = 'APPLIED'
    ORDER BY applied_at < %(until)s DESC,
             CASE WHEN applied_at < %(until)s THEN -number ELSE number END
    LIMIT 1
)"""
"""The newest version applied by then; the first one for days before there was any. Names are
short here: only texts up to 4,096 characters stay prepared (core.statements)."""

PLAN_IS_DUE = """EXISTS (
    SELECT FROM {table}
    WHERE workspace_id = %(ws)s AND status = 'SCHEDULED' AND applied_at <= %(now)s
)"""
VERSIONS = [kind.version._meta.db_table for kind in KINDS]

CALCULATOR_IN_FORCE = """(
    SELECT id FROM settlements_calculatorversion
    WHERE workspace_id = %(ws)s AND status <> 'CANCELLED'
      AND applied_at < %(until)s AND applied_at <= %(now)s
    ORDER BY applied_at DESC, id DESC LIMIT 1
)"""

POLICY_VERSIONS = """(
    SELECT coalesce(jsonb_object_agg(policy.public_id, {version}), '{{}}')
    FROM {table} policy
    WHERE policy.workspace_id = %(ws)s AND policy.public_id = ANY(%({ids})s)
)"""

ORDER_FACTS = """
    SELECT {partner}, standard.public_id, {plans},
           contract.id, contract.public_id, {contract_version}, {calculator}, {discounts}, {fees},
           coalesce(s.supports_multiple_orders_per_partner, false),
           coalesce(s.adjusts_date_after_holiday_if_earlier, true),
           (SELECT coalesce(jsonb_agg(jsonb_build_array(key, default_decimal, default_scale)
                                      ORDER BY key), '[]')
            FROM settlements_settlementparameter WHERE workspace_id = %(ws)s),
           {holidays}, {property_keys},
           EXISTS (SELECT FROM settlements_transfer
                   WHERE workspace_id = %(ws)s AND public_id = %(id)s),
           latest.public_id, latest.order_number
    FROM partners_partner p
    JOIN partners_contract standard ON standard.id = p.default_contract_id
    LEFT JOIN partners_contract contract ON {contract}
    LEFT JOIN partners_platformsetting s ON s.workspace_id = p.workspace_id
    LEFT JOIN LATERAL (
        SELECT public_id, order_number FROM settlements_transfer
        WHERE workspace_id = %(ws)s AND payment_id = %(payment)s
          AND partner_id = p.id AND cancellation_id = ''
        ORDER BY order_number DESC LIMIT 1
    ) latest ON true
    WHERE p.workspace_id = %(ws)s AND p.public_id = %(partner)s
"""


NO_POLICIES = "'{}'"
"""Planning costs more than running here: what an order does not name is not asked for."""

CONTRACT_WITH_ID = "contract.workspace_id = p.workspace_id AND contract.public_id = {}"


@cache
def _statement(*, names_contract: bool, has_discounts: bool, has_fees: bool) -> str:
    sql = ORDER_FACTS.format(
        partner=columns_of(PARTNER_FIELDS, "p"),
        holidays=HOLIDAYS,
        property_keys=PROPERTY_KEYS,
        plans=" OR ".join(PLAN_IS_DUE.format(table=table) for table in VERSIONS),
        contract_version=_in_force("partners_contractversion", "contract.id"),
        calculator=CALCULATOR_IN_FORCE,
        discounts=_policies("discountsharepolicy", "discounts") if has_discounts else NO_POLICIES,
        fees=_policies("additionalfeepolicy", "fees") if has_fees else NO_POLICIES,
        contract=CONTRACT_WITH_ID.format("%(contract)s" if names_contract else _default_contract()),
    )
    return " ".join(sql.split())


def _policies(model: str, ids: str) -> str:
    version = _in_force(f"partners_{model}version", "policy.id")
    return POLICY_VERSIONS.format(table=f"partners_{model}", ids=ids, version=version)


def _default_contract() -> str:
    fact = "content ->> 'defaultContractId'"
    return _in_force("partners_partnerversion", "p.id", fact)


def _in_force(table: str, subject: str, fact: str = "id") -> str:
    return VERSION_IN_FORCE.format(table=table, subject=subject, fact=fact)


@dataclass(frozen=True)
class OrderFacts:
    """Version ids are primary keys of what was in force at the settlement start date.

    `plan_is_due`: a planned change whose moment has come is not applied yet; ask again then.
    """

    plan_is_due: bool
    contract_id: int | None
    contract_public_id: str | None
    contract_version_id: int | None
    calculator_version_id: int | None
    discount_versions: Mapping[str, int]
    fee_versions: Mapping[str, int]
    allows_several_orders: bool
    adjusts_date_after_holiday: bool
    parameters: tuple[tuple[str, int, int], ...]
    """Key, default value and scale of every settlement parameter."""
    calendar: Calendar
    property_keys: Sequence[str]
    id_is_used: bool
    latest_order_id: str | None
    """Public id of the newest order of the same payment and partner."""
    latest_order_number: int | None


@dataclass(frozen=True, kw_only=True)
class OrderQuestion:
    partner_id: str
    payment_id: str
    contract_id: str | None
    transfer_id: str
    start: date
    discount_policy_ids: Sequence[str]
    fee_policy_ids: Sequence[str]


def in_force_until(start: date) -> datetime:
    """Terms changed during the start day count for it (contract.md e.2, g)."""
    return clock.kst_midnight(start + timedelta(days=1))


def order_facts(workspace: Workspace, question: OrderQuestion) -> tuple[Partner, OrderFacts] | None:
    """The order's partner, and what is stored about its terms and siblings; None without it."""
    sql = _statement(
        names_contract=question.contract_id is not None,
        has_discounts=bool(question.discount_policy_ids),
        has_fees=bool(question.fee_policy_ids),
    )
    values: dict[str, Any] = {
        "ws": workspace.pk,
        "company": workspace.company_id,
        "partner": question.partner_id,
        "payment": question.payment_id,
        "contract": question.contract_id,
        "id": question.transfer_id,
        "until": in_force_until(question.start),
        "now": clock.now(),
        "discounts": list(question.discount_policy_ids),
        "fees": list(question.fee_policy_ids),
    }
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        return None
    default_contract, *facts = row[len(PARTNER_FIELDS) :]
    return partner_of(row[: len(PARTNER_FIELDS)], workspace, default_contract), _facts(facts)


NAMES = tuple(field.name for field in fields(OrderFacts))


def _facts(values: Sequence[Any]) -> OrderFacts:
    facts = dict(zip(NAMES, values, strict=True))
    for name in ("discount_versions", "fee_versions", "parameters"):
        facts[name] = json.loads(facts[name])
    facts["parameters"] = tuple(map(tuple, facts["parameters"]))
    facts["calendar"] = calendar_with(facts["calendar"])
    return OrderFacts(**facts)
