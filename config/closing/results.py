"""The result of a month per partner and in total, in won, read back from the rows."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, F, Sum, When

from core.companies.access import rows
from core.companies.models import Workspace
from core.money import WON
from payouts.models import Payout, PayoutStatus
from settlements.models import PartnerSettlement, Transfer, TransferType

COLUMNS = {
    "order": "order_amount",
    "fee": "platform_fee_amount",
    "vat": "platform_fee_vat_amount",
    "settlement": "settlement_amount",
}


def totals(workspace: Workspace) -> dict[str, int]:
    """Counts and sums over the workspace's transfers in won, orders and cancels apart."""
    transfers = rows(Transfer, workspace).filter(settlement_currency=WON)
    result: dict[str, int] = {}
    for prefix, type_ in (("", TransferType.ORDER), ("cancel_", TransferType.ORDER_CANCEL)):
        of_type = transfers.filter(type=type_)
        sums = of_type.aggregate(**{name: Sum(column) for name, column in COLUMNS.items()})
        result[f"{prefix}orders" if not prefix else "cancels"] = of_type.count()
        names = {"order": "order_amount"} if not prefix else {"order": "amount"}
        result |= {prefix + names.get(name, name): value or 0 for name, value in sums.items()}
    manual = transfers.filter(type=TransferType.MANUAL).aggregate(total=Sum("settlement_amount"))
    result["manual_settlement"] = manual["total"] or 0
    result["net_settlement"] = (
        result["settlement"] - result["cancel_settlement"] + result["manual_settlement"]
    )
    return result


def by_partner(workspace: Workspace) -> list[dict[str, Any]]:
    """Settlement, fee, VAT, withholding and paid amount of every partner, in won."""
    settled = (
        rows(PartnerSettlement, workspace)
        .filter(settlement_currency=WON)
        .values("partner__public_id")
        .annotate(
            settlement=Sum(_signed("settlement_amount")),
            fee=Sum(_signed("platform_fee_amount")),
            vat=Sum(_signed("platform_fee_vat_amount")),
        )
        .order_by("partner__public_id")
    )
    paid = {
        row["partner__public_id"]: row
        for row in rows(Payout, workspace)
        .filter(status=PayoutStatus.SUCCEEDED, currency=WON)
        .values("partner__public_id")
        .annotate(
            paid=Sum("amount"),
            withholding=Sum(F("income_tax_amount") + F("local_income_tax_amount")),
        )
    }
    nothing = {"paid": 0, "withholding": 0}
    return [
        {
            "partner": row["partner__public_id"],
            "settlement": row["settlement"],
            "fee": row["fee"],
            "vat": row["vat"],
            "withholding": paid.get(row["partner__public_id"], nothing)["withholding"],
            "paid": paid.get(row["partner__public_id"], nothing)["paid"],
        }
        for row in settled
    ]


def _signed(column: str) -> Case:
    """Cancels are stored positive and subtract (contract.md d.3)."""
    return Case(
        When(type=TransferType.ORDER_CANCEL, then=-F(column)),
        default=F(column),
        output_field=BigIntegerField(),
    )
