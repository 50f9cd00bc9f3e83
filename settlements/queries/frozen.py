"""Registered orders as they were frozen, with what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from core.companies.access import calendar_of
from core.companies.models import Workspace
from partners.models import PlatformSetting
from settlements.calculator import Amounts, Calculation
from settlements.detail import calculation_of
from settlements.drafts import FrozenOrder
from settlements.models import AMOUNT_COLUMNS, OrderAmounts, Transfer
from settlements.queries.terms import frozen_terms


def frozen_order(order: Transfer, cancels: Sequence[Transfer]) -> FrozenOrder:
    """An order and its cancels, oldest first, for one more cancel (contract.md d.3)."""
    terms = frozen_terms(
        order,
        calendar=calendar_of(order.workspace.company),
        adjusts_date_after_holiday=adjusts_date_after_holiday(order.workspace),
    )
    return FrozenOrder(
        terms=terms,
        detail=order.detail,
        amounts=amounts_of(order),
        settlement_currency=order.settlement_currency,
        order_name=order.order_name,
        payment_method=order.payment_method,
        cancels=[taken_by(cancel) for cancel in cancels],
    )


def amounts_of(row: OrderAmounts) -> Amounts:
    return Amounts(**{column: getattr(row, column) for column in AMOUNT_COLUMNS})


def taken_by(cancel: Transfer) -> Calculation:
    return calculation_of(cancel.detail, amounts_of(cancel))


def adjusts_date_after_holiday(workspace: Workspace) -> bool:
    """The setting of contract.md e.3; on unless switched off."""
    return not PlatformSetting.objects.filter(
        workspace=workspace, adjusts_date_after_holiday_if_earlier=False
    ).exists()
