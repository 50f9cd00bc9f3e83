"""What our own operations answer: a bulk payout with its life cycle, its selection, its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.api.listing import present
from partners.models import Partner
from payouts.api.wire import bulk_payout_to_wire
from payouts.models import Approval, BulkPayout
from payouts.queries.preflight import Flag, Preflight, Total
from payouts.queries.selecting import selected_items


def bulk_payout_detail(bulk_payout: BulkPayout) -> dict[str, Any]:
    """The bulk payout as it is now, with its last approval."""
    row = BulkPayout.objects.select_related("funding_account").get(pk=bulk_payout.pk)
    approval = row.approvals.order_by("-pk").first()
    account = row.funding_account
    return {
        **bulk_payout_to_wire(row),
        "selectedSettlementCount": selected_items(row).count(),
        "carried": _left(row.report.get("carried", [])),
        "skipped": _left(row.report.get("skipped", [])),
        **present(
            fundingAccountId=account.public_id if account else None,
            scheduledAt=row.scheduled_at,
            approval=_approval(approval) if approval else None,
        ),
    }


def _approval(row: Approval) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "status": row.status,
        "requesterName": row.requester_name,
        "needsSecondPerson": row.needs_second_person,
        "createdAt": row.created_at,
        **present(
            deciderName=row.decider_name,
            decidedAt=row.decided_at,
            scheduledAt=row.scheduled_at,
        ),
    }


def _left(partners: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "partnerId": left["partner_id"],
            "partnerName": left["partner_name"],
            "amount": left["amount"],
            "reasons": left["reasons"],
        }
        for left in partners
    ]


def selection_to_wire(sums: Sequence[tuple[int, str, int, int]]) -> list[dict[str, Any]]:
    partners = Partner.objects.in_bulk([partner for partner, *_ in sums])
    return [
        {
            "partnerId": partners[partner].public_id,
            "partnerName": partners[partner].name,
            "currency": currency,
            "settlementAmount": settlement,
            "settlementTaxFreeAmount": tax_free,
        }
        for partner, currency, settlement, tax_free in sums
    ]


def preflight_to_wire(found: Preflight) -> dict[str, Any]:
    return {
        "paid": _total(found.paid),
        "settlementAmount": found.settlement_amount,
        "withheldAmount": found.withheld_amount,
        "addedVatAmount": found.added_vat_amount,
        "balance": found.balance,
        "balanceAfter": found.balance_after,
        "lastMonth": _total(found.last_month),
        "difference": found.difference,
        "carried": _left(found.carried),
        "skipped": _left(found.skipped),
        "flags": [_flag(flag) for flag in found.flags],
    }


def _total(total: Total) -> dict[str, int]:
    return asdict(total)


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "code": flag.code,
        "message": flag.message,
        "payoutId": flag.payout_id,
        "partnerId": flag.partner_id,
        "partnerName": flag.partner_name,
        "amount": flag.amount,
    }
