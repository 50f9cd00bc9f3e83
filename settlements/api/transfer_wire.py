"""One transfer in full: frozen terms, lines, discounts, fees and their results (c.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import clock
from core.api.listing import present
from partners.models import (
    AdditionalFeePolicyVersion,
    ContractVersion,
    DiscountSharePolicyVersion,
)
from partners.queries import Properties
from partners.snapshots import TRANSFER, graphql_id, shown_partner
from settlements.api.wire import order_amounts, property_list
from settlements.calculator import Calculation
from settlements.detail import order_of
from settlements.models import Transfer, TransferType
from settlements.queries.frozen import taken_by
from settlements.queries.terms import VersionModel, content_of, frozen_terms

Snapshots = Mapping[str, Mapping[str, Any]]


def transfer_to_wire(row: Transfer, hidden: Properties) -> dict[str, Any]:
    facts = _common(row, hidden)
    if row.type == TransferType.MANUAL:
        return facts | {
            "settlementAmount": row.settlement_amount,
            "settlementTaxFreeAmount": row.settlement_tax_free_amount,
        }
    order = row.order_transfer or row
    calculation = taken_by(row) if row.order_transfer else replay(row)
    shown = facts | _order_facts(row, order, calculation)
    if row.order_transfer is not None:
        shown["cancellation"] = {
            "id": row.cancellation_id,
            "cancelledAt": row.occurred_at or row.created_at,
        }
    return shown


def replay(order: Transfer) -> Calculation:
    """The calculation of a registered order, again, with its own terms; dates play no part."""
    terms = frozen_terms(order, calendar=clock.Calendar(), adjusts_date_after_holiday=True)
    inputs = order_of(
        order.detail,
        order_amount=order.order_amount,
        discounts=terms.discounts,
        fees=terms.fees,
    )
    return terms.calculator.order(inputs, terms.contract)


def _common(row: Transfer, hidden: Properties) -> dict[str, Any]:
    return {
        "type": row.type,
        "id": row.public_id,
        "graphqlId": graphql_id(TRANSFER, row.public_id),
        "partner": shown_partner(row.partner, hidden.partner),
        "status": row.status,
        "settlementDate": row.settlement_date,
        "settlementCurrency": row.settlement_currency,
        "isForTest": row.workspace.is_test,
        "userDefinedProperties": property_list(row.properties, hidden.transfer),
        **present(memo=row.memo),
    }


def _order_facts(row: Transfer, order: Transfer, calculation: Calculation) -> dict[str, Any]:
    versions = row.detail.get("versions", {})
    discounts = _snapshots(DiscountSharePolicyVersion, versions.get("discountSharePolicies", {}))
    fees = _snapshots(AdditionalFeePolicyVersion, versions.get("additionalFeePolicies", {}))
    products = {line["product"]["id"]: line["product"] for line in order.detail.get("lines", ())}
    return {
        "amount": order_amounts(row, dict(calculation.formulas)),
        "contract": content_of(ContractVersion, row.contract_version_id or 0),
        "payment": _payment(row, order),
        "settlementStartDate": row.settlement_start_date,
        "orderLines": [_line(line, products, discounts, fees) for line in calculation.lines],
        **_shares(calculation, discounts, fees),
        "parameters": row.detail.get("parameters", {}),
    }


def _snapshots(model: VersionModel, versions: Mapping[str, int]) -> Snapshots:
    return {policy: content_of(model, pk) for policy, pk in versions.items()}


def _shares(level: Calculation, discounts: Snapshots, fees: Snapshots) -> dict[str, Any]:
    return {
        "discounts": [
            {
                "sharePolicy": discounts[each.policy_id],
                "amount": each.amount,
                "taxFreeAmount": each.tax_free_amount,
                "shareAmount": each.share_amount,
                "shareTaxFreeAmount": each.share_tax_free_amount,
            }
            for each in level.discounts
        ],
        "additionalFees": [
            {"policy": fees[each.policy_id], "amount": each.amount, "vat": each.vat}
            for each in level.additional_fees
        ],
    }


def _line(
    line: Calculation,
    products: Mapping[str, dict[str, Any]],
    discounts: Snapshots,
    fees: Snapshots,
) -> dict[str, Any]:
    return {
        "product": {"taxFreeAmount": 0, **products[line.product_id]},
        "quantity": line.quantity,
        "amount": line.amount_wire(),
        **_shares(line, discounts, fees),
    }


def _payment(row: Transfer, order: Transfer) -> dict[str, Any]:
    return {
        "type": "EXTERNAL",
        "id": row.payment_id,
        "currency": row.settlement_currency,
        **present(
            orderName=order.order_name,
            method=order.detail.get("method"),
            paidAt=order.occurred_at,
        ),
    }
