"""Registered orders as they were frozen, with what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from core.clock import Calendar
from core.companies.models import Workspace
from partners.models import PlatformSetting
from settlements.calculator import Amounts, Calculation, Order, remaining_order
from settlements.calculator.portion import is_empty
from settlements.detail import calculation_of
from settlements.drafts import FrozenOrder, cancelled_order
from settlements.models import AMOUNT_COLUMNS, OrderAmounts, Transfer, TransferType
from settlements.queries.terms import frozen_terms


def frozen_order(
    order: Transfer,
    cancels: Sequence[Transfer],
    *,
    calendar: Calendar,
    adjusts_date_after_holiday: bool,
) -> FrozenOrder:
    """An order and its cancels, oldest first, for one more cancel (contract.md d.3)."""
    return FrozenOrder(
        terms=frozen_terms(
            order, calendar=calendar, adjusts_date_after_holiday=adjusts_date_after_holiday
        ),
        detail=order.detail,
        amounts=amounts_of(order),
        settlement_currency=order.settlement_currency,
        order_name=order.order_name,
        payment_method=order.payment_method,
        cancels=[taken_by(cancel) for cancel in cancels],
    )


def cancellable(order: Transfer, cancels: Sequence[Transfer]) -> Order | None:
    """What can still be cancelled of an order; None when nothing is left, or it is none."""
    if order.type != TransferType.ORDER:
        return None
    frozen = frozen_order(  # amounts know no holidays
        order, cancels, calendar=Calendar(), adjusts_date_after_holiday=True
    )
    left = remaining_order(cancelled_order(frozen))
    return None if cancels and is_empty(left) else left


def amounts_of(row: OrderAmounts) -> Amounts:
    return Amounts(**{column: getattr(row, column) for column in AMOUNT_COLUMNS})


def taken_by(cancel: Transfer) -> Calculation:
    return calculation_of(cancel.detail, amounts_of(cancel))


def adjusts_date_after_holiday(workspace: Workspace) -> bool:
    """The setting of contract.md e.3; on unless switched off."""
    return not PlatformSetting.objects.filter(
        workspace=workspace, adjusts_date_after_holiday_if_earlier=False
    ).exists()
