"""Partner settlements as the contract shows them (c.6)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from core.api.listing import present
from core.companies.models import Workspace
from core.events.actors import Actor
from partners.models import Partner
from partners.queries import Properties, hidden_properties
from partners.snapshots import (
    PARTNER,
    TRANSFER,
    contract_snapshot,
    graphql_id,
    shown_partner,
)
from settlements.models import OrderAmounts, PartnerSettlement, Transfer, TransferType
from settlements.queries.formula_totals import formula_totals

PARTNER_SETTLEMENT = 11
"""Kind in a graphqlId beyond those the contract lists; opaque to callers."""

COUNT_NAMES = {
    "PAYOUT_SCHEDULED": "payoutScheduled",
    "PAYOUT_PREPARED": "payoutPrepared",
    "PAYOUT_WITHHELD": "payoutWithheld",
    "PAYOUT_EXCLUDED": "payoutExcluded",
    "PAYOUT_FAILED": "payoutFailed",
    "CANCELLED": "payoutCancelled",
    "CONFIRMED": "payoutConfirmed",
    "IN_PAYOUT": "inPayout",
    "PAID_OUT": "paidOut",
}


def order_amounts(row: OrderAmounts, formulas: dict[str, int] | None = None) -> dict[str, Any]:
    """PlatformOrderSettlementAmount: every amount not negative, cancels too (c.5)."""
    return {
        "settlement": row.settlement_amount,
        "settlementTaxFree": row.settlement_tax_free_amount,
        "payment": row.payment_amount,
        "paymentVat": row.payment_vat_amount,
        "paymentVatBurden": row.payment_vat_burden_amount,
        "paymentTaxFree": row.payment_tax_free_amount,
        "paymentSupply": row.payment_supply_amount,
        "order": row.order_amount,
        "orderTaxFree": row.order_tax_free_amount,
        "platformFee": row.platform_fee_amount,
        "platformFeeVat": row.platform_fee_vat_amount,
        "additionalFee": row.additional_fee_amount,
        "additionalFeeVat": row.additional_fee_vat_amount,
        "discount": row.discount_amount,
        "discountTaxFree": row.discount_tax_free_amount,
        "discountShare": row.discount_share_amount,
        "discountShareTaxFree": row.discount_share_tax_free_amount,
        "userDefinedFormulas": formulas or {},
    }


def settlements_to_wire(
    workspace: Workspace, settlements: Sequence[PartnerSettlement], actor: Actor
) -> list[dict[str, Any]]:
    hidden = hidden_properties(workspace, actor).partner
    formulas = formula_totals(workspace, settlements)
    return [_settlement(row, formulas.get(row.pk), hidden) for row in settlements]


def _settlement(
    row: PartnerSettlement, formulas: dict[str, int] | None, hidden: Container[str]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "type": row.type,
        "id": row.public_id,
        "graphqlId": graphql_id(PARTNER_SETTLEMENT, row.public_id),
        "partner": shown_partner(row.partner, hidden),
        "settlementDate": row.settlement_date,
        "settlementCurrency": row.settlement_currency,
        "status": row.status,
        "statusUpdatedAt": row.status_updated_at,
        "isForTest": row.workspace.is_test,
        **present(memo=row.memo),
    }
    if row.type == TransferType.MANUAL:
        return facts | {
            "amount": row.settlement_amount,
            "taxFreeAmount": row.settlement_tax_free_amount,
        }
    assert row.contract is not None
    return facts | {
        "contract": contract_snapshot(row.contract),
        "settlementStartDateRange": {"from": row.start_date_from, "until": row.start_date_until},
        "amount": order_amounts(row, formulas),
    }


def summary_to_wire(row: Transfer, hidden: Properties) -> dict[str, Any]:
    """PlatformTransferSummary: the flat view of a transfer in lists (c.5)."""
    facts: dict[str, Any] = {
        "type": row.type,
        "id": row.public_id,
        "graphqlId": graphql_id(TRANSFER, row.public_id),
        "partner": _summary_partner(row.partner, hidden.partner),
        "status": row.status,
        "settlementDate": row.settlement_date,
        "settlementCurrency": row.settlement_currency,
        "isForTest": row.workspace.is_test,
        "partnerUserDefinedProperties": property_list(row.partner.properties, hidden.partner),
        "userDefinedProperties": property_list(row.properties, hidden.transfer),
        **present(memo=row.memo),
    }
    if row.type == TransferType.MANUAL:
        return facts | {
            "settlementAmount": row.settlement_amount,
            "settlementTaxFreeAmount": row.settlement_tax_free_amount,
        }
    assert row.contract is not None
    return facts | {
        "storeId": row.workspace.company.store_id,
        "contract": contract_snapshot(row.contract),
        "amount": order_amounts(row, row.detail.get("formulas")),
        "payment": {
            "type": "EXTERNAL",
            "id": row.payment_id,
            "currency": row.settlement_currency,
            **present(orderName=row.order_name, methodType=row.payment_method),
        },
        "settlementStartDate": row.settlement_start_date,
    }


def _summary_partner(row: Partner, hidden: Container[str]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(PARTNER, row.public_id),
        "name": row.name,
        "type": row.type,
        "userDefinedProperties": property_list(row.properties, hidden),
        **present(taxationType=row.taxation_type),
    }


def property_list(properties: dict[str, str], hidden: Container[str]) -> list[dict[str, Any]]:
    """User-defined properties in the list form that transfers use (c)."""
    return [
        {"key": key, "value": {"string": value}}
        for key, value in properties.items()
        if key not in hidden
    ]
