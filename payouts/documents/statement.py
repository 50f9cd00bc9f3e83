"""What a statement (정산내역서) says: plain facts, summed and checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core import clock
from core.companies.models import Company
from partners.models import PartnerType, TaxationType
from payouts.models import Payout, PayoutItem, Statement, StatementTemplateVersion
from settlements.models import PartnerSettlement, Transfer, TransferType

TEMPLATE = "payouts/statement.typ"
LAYOUT = 4
"""Raise with every change of the layout; it is printed in the foot."""

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


def collect(
    statements: Sequence[Statement], version: StatementTemplateVersion
) -> dict[int, Content]:
    """Content by statement pk, for many statements in two queries, three with transfers."""
    payouts = [statement.payout for statement in statements]
    settlements = _settlements(payouts)
    transfers = _transfers(settlements) if "transfers" in version.shown_items else {}
    return {
        statement.pk: _content(statement, version, settlements[statement.payout_id], transfers)
        for statement in statements
    }


def file_name(content: Content) -> str:
    return f"정산내역서_{content['number']}.pdf"


def _settlements(payouts: Sequence[Payout]) -> dict[int, list[PartnerSettlement]]:
    found: dict[int, list[PartnerSettlement]] = {payout.pk: [] for payout in payouts}
    items = (
        PayoutItem.objects.filter(payout__in=payouts)
        .select_related("partner_settlement__contract")
        .order_by("partner_settlement__settlement_date", "partner_settlement_id")
    )
    for item in items:
        found[item.payout_id or 0].append(item.partner_settlement)
    return found


def _transfers(settlements: dict[int, list[PartnerSettlement]]) -> dict[int, list[Transfer]]:
    """Transfers by settlement pk, as they happened."""
    pks = [settlement.pk for of_payout in settlements.values() for settlement in of_payout]
    found: dict[int, list[Transfer]] = {pk: [] for pk in pks}
    rows = Transfer.objects.filter(partner_settlement__in=pks)
    for transfer in rows.order_by("settlement_date", "id").iterator(2000):
        found[transfer.partner_settlement_id or 0].append(transfer)
    return found


def _content(
    statement: Statement,
    version: StatementTemplateVersion,
    settlements: Sequence[PartnerSettlement],
    transfers: dict[int, list[Transfer]],
) -> Content:
    payout = statement.payout
    lines = [_line(settlement) for settlement in settlements]
    orders = [_order(each) for row in settlements for each in transfers.get(row.pk, [])]
    _assert_sum(payout, lines)
    if transfers:
        _assert_sum(payout, orders)
    return {
        "number": statement.public_id,
        "payout": payout.public_id,
        "is_test": statement.workspace.is_test,
        "layout": LAYOUT,
        "template": {"name": version.template.name, "revision": version.revision},
        "title": version.title,
        "notice": version.notice,
        "shown": version.shown_items,
        "company": company_facts(statement.workspace.company),
        "partner": _partner_facts(payout),
        "period": _period(settlements),
        "paid_on": clock.kst_date(payout.paid_at).isoformat() if payout.paid_at else "",
        "currency": payout.currency,
        "withholds": payout.partner_type == PartnerType.WHT_PAYER,
        "glance": _glance(payout, settlements),
        "steps": _steps(payout, settlements),
        "lines": lines,
        "transfers": orders,
        "amounts": {
            "settlement": payout.settlement_amount,
            "settlement_tax_free": payout.settlement_tax_free_amount,
            "supply": payout.supply_amount,
            "vat": payout.vat_amount,
            "tax_free": payout.tax_free_amount,
            "income_tax": payout.income_tax_amount,
            "local_income_tax": payout.local_income_tax_amount,
            "amount": payout.amount,
        },
    }


def _assert_sum(payout: Payout, lines: Sequence[dict[str, Any]]) -> None:
    total = sum(line["settlement"] for line in lines)
    if total != payout.settlement_amount:
        raise StatementOutOfBalance(f"{payout.public_id}: {total} ≠ {payout.settlement_amount}")


def company_facts(company: Company) -> dict[str, str]:
    return {
        "name": company.name,
        "registration_number": company.business_registration_number,
        "representative": company.representative_name,
        "address": company.address,
        "email": company.contact_email,
        "phone": company.contact_phone,
        "colour": company.brand_colour,
        "logo": company.logo.name or "",
    }


def _glance(payout: Payout, settlements: Sequence[PartnerSettlement]) -> dict[str, int]:
    """총 주문 → 차감 → 지급액, at one glance; what is added counts against what is taken."""
    orders = _orders(settlements)
    return {"orders": orders, "change": payout.amount - orders, "amount": payout.amount}


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
    return {
        "date": settlement.settlement_date.isoformat(),
        "type": TransferType(settlement.type).label,
        "contract": settlement.contract.name if settlement.contract else "",
        "count": settlement.transfer_count,
        **_signed(settlement),
    }


def _order(transfer: Transfer) -> dict[str, Any]:
    happened = clock.kst_date(transfer.occurred_at) if transfer.occurred_at else None
    return {
        "date": (happened or transfer.settlement_date).isoformat(),
        "type": TransferType(transfer.type).label,
        "name": transfer.order_name or transfer.memo,
        "payment": transfer.payment_id or transfer.public_id,
        **_signed(transfer),
    }


def _signed(row: PartnerSettlement | Transfer) -> dict[str, int]:
    """Order amount, what was taken from it, settlement; a cancel's are the other way round."""
    sign = -1 if row.type == TransferType.ORDER_CANCEL else 1
    return {
        "order": sign * row.order_amount,
        "deductions": -sign * sum(getattr(row, column) for column, _ in DEDUCTIONS),
        "settlement": sign * row.settlement_amount,
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
    steps += [("그 밖의 정산", formula_rest)]
    steps += [("부가세 가산", payout.amount - payout.settlement_amount + _withheld(payout))]
    steps += [("원천징수", -_withheld(payout))]
    return [{"label": label, "amount": amount} for label, amount in steps if amount]


def _orders(settlements: Iterable[PartnerSettlement]) -> int:
    return sum(row.order_amount for row in settlements if row.type == TransferType.ORDER)


def _cancels(settlements: Iterable[PartnerSettlement]) -> int:
    return sum(row.order_amount for row in settlements if row.type == TransferType.ORDER_CANCEL)


def _withheld(payout: Payout) -> int:
    return payout.income_tax_amount + payout.local_income_tax_amount
