"""A settlement month at a glance: how orders became pay, and what moved on which day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DateField, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.money import WON
from payouts.models import AccountTransfer, AccountTransferStatus
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries.partner_settlements import signed

UNPAID = (
    SettlementStatus.PAYOUT_PREPARED,
    SettlementStatus.CONFIRMED,
    SettlementStatus.PAYOUT_SCHEDULED,
    SettlementStatus.IN_PAYOUT,
    SettlementStatus.PAYOUT_FAILED,
    SettlementStatus.CANCELLED,
)
"""What is still to be paid; 보류 and 제외 wait for a decision, not for a payday."""


@dataclass(frozen=True)
class MonthFlow:
    """Won of everything settled in a month; cancels are subtracted everywhere."""

    order: int
    discount_share: int
    platform_fee: int
    additional_fee: int
    vat: int
    """VAT of both fees, and the payment VAT that partners bear."""
    manual: int
    settlement: int
    unpaid: int
    """Settled and not paid out, for whatever reason."""

    @property
    def other(self) -> int:
        """What the company's own formulas add or take beyond these columns."""
        known = self.order + self.manual - self.discount_share - self.platform_fee
        return self.settlement - (known - self.additional_fee - self.vat)

    @property
    def paid(self) -> int:
        return self.settlement - self.unpaid


@dataclass(frozen=True)
class MoneyDay:
    """Won that arrived, left, and is to leave on a day."""

    day: date
    money_in: int = 0
    money_out: int = 0
    expected: int = 0


def month_flow(workspace: Workspace, month: date) -> MonthFlow:
    """Sums over the settlements whose settlement date lies in `month` (contract.md d.1)."""
    orders = ~Q(type="MANUAL")
    found = _settled(workspace, month).aggregate(
        order=Sum(signed("order_amount"), default=0),
        discount_share=Sum(signed("discount_share_amount"), default=0),
        platform_fee=Sum(signed("platform_fee_amount"), default=0),
        additional_fee=Sum(signed("additional_fee_amount"), default=0),
        fee_vat=Sum(signed("platform_fee_vat_amount"), default=0),
        additional_fee_vat=Sum(signed("additional_fee_vat_amount"), default=0),
        payment_vat=Sum(signed("payment_vat_burden_amount"), default=0),
        settlement=Sum(signed("settlement_amount"), default=0),
        of_orders=Sum(signed("settlement_amount"), filter=orders, default=0),
        unpaid=Sum(signed("settlement_amount"), filter=~Q(status="PAID_OUT"), default=0),
    )
    return MonthFlow(
        order=found["order"],
        discount_share=found["discount_share"],
        platform_fee=found["platform_fee"],
        additional_fee=found["additional_fee"],
        vat=found["fee_vat"] + found["additional_fee_vat"] + found["payment_vat"],
        manual=found["settlement"] - found["of_orders"],
        settlement=found["settlement"],
        unpaid=found["unpaid"],
    )


def money_days(workspace: Workspace, month: date) -> list[MoneyDay]:
    """The days of `month` on which won moved, or from today on are to be paid; in order."""
    moved_in = _moved(workspace, month, AccountTransfer.Type.DEPOSIT)
    moved_out = _moved(workspace, month, AccountTransfer.Type.WITHDRAWAL)
    expected = _expected(workspace, month)
    return [
        MoneyDay(day, moved_in.get(day, 0), moved_out.get(day, 0), expected.get(day, 0))
        for day in sorted({*moved_in, *moved_out, *expected})
    ]


def _settled(workspace: Workspace, month: date) -> QuerySet[PartnerSettlement]:
    return rows(PartnerSettlement, workspace).filter(
        settlement_currency=WON,
        settlement_date__gte=month,
        settlement_date__lt=clock.months_later(month, 1),
    )


def _moved(workspace: Workspace, month: date, kind: str) -> dict[date, int]:
    start, end = _moments(month)
    found = rows(AccountTransfer, workspace).filter(
        type=kind,
        currency=WON,
        status=AccountTransferStatus.SUCCEEDED,
        traded_at__gte=start,
        traded_at__lt=end,
    )
    day = TruncDate("traded_at", tzinfo=clock.KST, output_field=DateField())
    return _by_day(found.annotate(day=day).values_list("day").annotate(sum=Sum("amount")))


def _expected(workspace: Workspace, month: date) -> dict[date, int]:
    coming = _settled(workspace, month).filter(
        status__in=UNPAID, settlement_date__gte=clock.today()
    )
    by_day = coming.annotate(day=F("settlement_date")).values_list("day")
    return _by_day(by_day.annotate(sum=Sum(signed("settlement_amount"))))


def _by_day(found: Iterable[tuple[date, int]]) -> dict[date, int]:
    return {day: amount for day, amount in found if amount}


def _moments(month: date) -> tuple[datetime, datetime]:
    start = clock.kst_midnight(month)
    return start, clock.kst_midnight((month + timedelta(days=32)).replace(day=1))
