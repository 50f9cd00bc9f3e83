"""What a statement (정산내역서) says: plain facts, summed and checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core import clock
from partners.models import PartnerType, TaxationType
from payouts.models import Payout, PayoutItem
from settlements.models import PartnerSettlement, TransferType

TEMPLATE_VERSION = 1
"""Raise with every change of the layout; it is printed in the foot."""

ALWAYS_SHOWN = "amount"
SHOWN_ITEMS = {
    "sender": "고객사 정보",
    "partner": "파트너 정보",
    "account": "지급 계좌",
    "period": "정산 기간",
    "amount": "지급 금액",
    "withholding": "원천징수세액",
    "settlement": "정산 금액",
    "supply": "공급가액",
    "vat": "부가세",
    "tax_free": "면세 금액",
    "lines": "정산 내역",
}
DEDUCTIONS = (
    ("discount_share_amount", "할인 분담"),
    ("payment_vat_burden_amount", "결제 부가세 부담"),
    ("platform_fee_amount", "중개 수수료"),
    ("platform_fee_vat_amount", "중개 수수료 부가세"),
    ("additional_fee_amount", "추가 수수료"),
    ("additional_fee_vat_amount", "추가 수수료 부가세"),
)

Content = dict[str, Any]


class StatementOutOfBalance(AssertionError):
    """The lines do not sum to the payout: the document must not exist."""


def collect(payouts: Sequence[Payout], *, shown: Sequence[str]) -> dict[int, Content]:
    """Content by payout pk, for many payouts in two queries."""
    items: dict[int, list[PartnerSettlement]] = {payout.pk: [] for payout in payouts}
    rows = (
        PayoutItem.objects.filter(payout__in=payouts)
        .select_related("partner_settlement__contract")
        .order_by("partner_settlement__settlement_date", "partner_settlement_id")
    )
    for item in rows:
        items[item.payout_id or 0].append(item.partner_settlement)
    return {payout.pk: _content(payout, items[payout.pk], shown) for payout in payouts}


def _content(
    payout: Payout, settlements: Sequence[PartnerSettlement], shown: Sequence[str]
) -> Content:
    lines = [_line(settlement) for settlement in settlements]
    total = sum(line["settlement"] for line in lines)
    if total != payout.settlement_amount:
        raise StatementOutOfBalance(f"{payout.public_id}: {total} ≠ {payout.settlement_amount}")
    company = payout.workspace.company
    return {
        "number": payout.public_id,
        "is_test": payout.workspace.is_test,
        "template_version": TEMPLATE_VERSION,
        "shown": sorted({*shown, ALWAYS_SHOWN}),
        "company": {
            "name": company.name,
            "registration_number": company.business_registration_number,
            "representative": company.representative_name,
            "address": company.address,
            "email": company.contact_email,
            "colour": company.brand_colour,
            "logo": company.logo.name or "",
        },
        "partner": _partner_facts(payout),
        "period": _period(settlements),
        "paid_on": clock.kst_date(payout.paid_at).isoformat() if payout.paid_at else "",
        "currency": payout.currency,
        "steps": _steps(payout, settlements),
        "lines": lines,
        "amounts": {
            "settlement": payout.settlement_amount,
            "supply": payout.supply_amount,
            "vat": payout.vat_amount,
            "tax_free": payout.tax_free_amount,
            "income_tax": payout.income_tax_amount,
            "local_income_tax": payout.local_income_tax_amount,
            "amount": payout.amount,
        },
    }


def _partner_facts(payout: Payout) -> dict[str, str]:
    partner = payout.partner
    return {
        "id": partner.public_id,
        "name": partner.name,
        "type": PartnerType(payout.partner_type).label,
        "taxation": TaxationType(payout.taxation_type).label if payout.taxation_type else "",
        "registration_number": partner.business_registration_number,
        "bank": payout.bank,
        "account": f"****{payout.account_number_last4}",
        "holder": payout.account_holder,
    }


def _line(settlement: PartnerSettlement) -> dict[str, Any]:
    sign = -1 if settlement.type == TransferType.ORDER_CANCEL else 1
    deductions = sum(getattr(settlement, column) for column, _ in DEDUCTIONS)
    return {
        "date": settlement.settlement_date.isoformat(),
        "type": TransferType(settlement.type).label,
        "contract": settlement.contract.name if settlement.contract else "",
        "count": settlement.transfer_count,
        "order": sign * settlement.order_amount,
        "deductions": -sign * deductions,
        "settlement": settlement.signed_amount,
    }


def _period(settlements: Iterable[PartnerSettlement]) -> dict[str, str]:
    days = [settlement.settlement_date for settlement in settlements]
    if not days:
        return {"from": "", "until": ""}
    return {"from": min(days).isoformat(), "until": max(days).isoformat()}


def _steps(payout: Payout, settlements: Sequence[PartnerSettlement]) -> list[dict[str, Any]]:
    """From gross orders to the paid amount; each step signed, Σ = paid amount."""

    def net(column: str) -> int:
        return sum(
            -getattr(row, column) if row.type == TransferType.ORDER_CANCEL else getattr(row, column)
            for row in settlements
        )

    manual = sum(row.settlement_amount for row in settlements if row.type == TransferType.MANUAL)
    steps = [("총 주문", _orders(settlements)), ("주문 취소", -_cancels(settlements))]
    steps += [(label, -net(column)) for column, label in DEDUCTIONS]
    steps += [("조정", manual)]
    formula_rest = payout.settlement_amount - sum(amount for _, amount in steps)
    steps += [("기타 수식", formula_rest)]
    steps += [("부가세 가산", payout.amount - payout.settlement_amount + _withheld(payout))]
    steps += [("원천징수", -_withheld(payout))]
    return [{"label": label, "amount": amount} for label, amount in steps if amount]


def _orders(settlements: Iterable[PartnerSettlement]) -> int:
    return sum(row.order_amount for row in settlements if row.type == TransferType.ORDER)


def _cancels(settlements: Iterable[PartnerSettlement]) -> int:
    return sum(row.order_amount for row in settlements if row.type == TransferType.ORDER_CANCEL)


def _withheld(payout: Payout) -> int:
    return payout.income_tax_amount + payout.local_income_tax_amount
